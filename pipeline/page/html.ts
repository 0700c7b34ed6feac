import { html as elements } from 'htm/preact';
import type { VNode } from 'preact';
import { renderToStaticMarkup } from 'preact-render-to-string';

export type Html = VNode;

/** What may stand in a template: text and attribute values are escaped by the renderer, whatever they hold. */
export type Part = Html | string | number | undefined | readonly Part[];

type Template = (strings: TemplateStringsArray, ...values: readonly unknown[]) => Html;

/** Makes an element from a template; values fill only whole texts and attributes, so no value adds markup. */
export const html = elements as Template;

/** Returns an element whose content is not escaped, such as a style sheet: for texts of pvdisc only. */
export function verbatim(tag: 'style' | 'script', content: string, type?: string): Html {
  const __html = content;
  return html`<${tag} type=${type} id=${type && 'data'} dangerouslySetInnerHTML=${{ __html }} />`;
}

/** Returns a whole HTML document. */
export function documentText(root: Html): string {
  return `<!doctype html>\n${renderToStaticMarkup(root)}\n`;
}

/** Returns JSON for a script element, which only the character `<` could end. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
