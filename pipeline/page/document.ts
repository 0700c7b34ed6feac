import { createHash } from 'node:crypto';
import { documentText, html, type Part, verbatim } from './html.ts';

/** A page that loads nothing; `data` is JSON that its script reads. */
interface PageDocument {
  readonly title: string;
  readonly style: string;
  readonly body: Part;
  readonly script?: { readonly text: string; readonly data: string };
}

/** Returns a page as one HTML document, which may run its own style and script and load nothing. */
export function pageDocument({ title, style, body, script }: PageDocument): string {
  const scripts = script === undefined ? '' : ` script-src '${hashOf(script.text)}';`;
  const policy = `default-src 'none'; img-src data:; style-src '${hashOf(style)}';${scripts} base-uri 'none'; form-action 'none'`;
  return documentText(html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="generator" content=${generator} />
      <meta http-equiv="Content-Security-Policy" content=${policy} />
      <link rel="icon" href="data:," />
      <title>${title}</title>
      ${verbatim('style', style)}
    </head>
    <body>
      ${body}
      ${script !== undefined && [verbatim('script', script.data, 'application/json'), verbatim('script', script.text)]}
    </body>
  </html>`);
}

const generator = 'pvdisc';

/** Returns whether pvdisc wrote a page, so that it may replace it. */
export function isOwnPage(text: string): boolean {
  return text.includes(`<meta name="generator" content="${generator}"`);
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
