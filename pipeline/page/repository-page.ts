import prettyBytes from 'pretty-bytes';
import { encodedPath } from '../core/paths.ts';
import { printableLines } from '../core/text.ts';
import { clean } from './clean.ts';
import { pageDocument } from './document.ts';
import { type Html, html } from './html.ts';
import { pageStyle } from './style.ts';

/** What the page of a repository of packages or images shows; links are relative to the page. */
export interface RepositoryView {
  /** Such as "apt repository". */
  readonly kind: string;
  readonly title: string;
  readonly facts: readonly string[];
  /** What a reader compares, since the page is not signed. */
  readonly compare?: string;
  /** What a host does to use the repository, below the heading `use`. */
  readonly use?: string;
  readonly steps: readonly { readonly text: string; readonly command: string }[];
  readonly items: readonly RepositoryItem[];
  /** Pages of other parts of the repository. */
  readonly others?: readonly { readonly name: string; readonly href: string }[];
}

/** A package or an image of a repository. */
export interface RepositoryItem {
  readonly name: string;
  readonly version: string;
  readonly about?: string;
  /** From the page. */
  readonly path?: string;
  readonly size?: number;
  readonly sha256?: string;
}

/** Returns the index.html of a repository of packages or images: what is in it, and how a host uses it. */
export function repositoryPage(given: RepositoryView): string {
  const {
    kind,
    title,
    facts,
    use = 'On each host',
    compare = 'the key with a fingerprint',
    items,
    others = [],
  } = clean(given);
  return pageDocument({
    title: `${title}: ${kind}`,
    style: pageStyle,
    body: html`<header>
        <p class="kind">${kind}</p>
        <h1>${title}</h1>
        <p class="facts">${facts.map((fact) => html`<span>${fact}</span>`)}</p>
      </header>
      <main>
        ${others.length > 0 && html`<nav aria-label="Parts">${others.map(({ name, href }) => html`<a href=${href}>${name}</a> `)}</nav>`}
        ${
          given.steps.length > 0 &&
          html`<section aria-labelledby="use-title">
          <h2 id="use-title">${use}</h2>
          <ol class="steps">${given.steps.map(step)}</ol>
        </section>`
        }
        ${
          items.length > 0 &&
          html`<section aria-labelledby="items-title">
          <h2 id="items-title">Contents</h2>
          <ul class="files-of-release">${items.map(item)}</ul>
        </section>`
        }
      </main>
      <footer>Written by pvdisc. This page is not signed: compare ${compare} from another place.</footer>`,
  });
}

function step({ text, command }: RepositoryView['steps'][number]): Html {
  return html`<li>${text}<pre tabindex="0"><code>${printableLines(command)}</code></pre></li>`;
}

function item({ name, version, about, path, size, sha256 }: RepositoryItem): Html {
  const shown = html`<b>${name}</b>`;
  const notes = [about, size === undefined ? undefined : prettyBytes(size)].filter(
    (text) => text !== undefined,
  );
  return html`<li>${path === undefined ? shown : html`<a href=${encodedPath(path)}>${shown}</a>`} <span class="version">${version}</span>
    <span class="note">${` ${notes.join(', ')}`}</span>${sha256 !== undefined && html` <code class="digest">${sha256}</code>`}</li>`;
}
