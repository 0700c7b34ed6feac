import type { ReleaseRecord } from '../model/record.ts';
import { type Html, html } from './html.ts';

/** What changed since an earlier release, in groups such as "Windows coverage lost"; the worst first. */
export type PageChanges = NonNullable<ReleaseRecord['changes']>;

/** Returns the section on what changed. */
export function changesSection({ since, groups }: PageChanges): Html {
  return html`<section id="changes" aria-labelledby="changes-title">
    <h2 id="changes-title">${`What changed since ${since}`}</h2>
    ${groups.length === 0 && html`<p>Nothing.</p>`}
    ${groups.map(
      ({ title, isLoss, items }) =>
        html`<h3 class=${isLoss ? 'loss' : ''}>${title}</h3><ul>${items.map(changeItem)}</ul>`,
    )}
  </section>`;
}

function changeItem({ text, details }: PageChanges['groups'][number]['items'][number]): Html {
  const list = html`<ul class="details">${details.map((detail) => html`<li>${detail}</li>`)}</ul>`;
  return html`<li>${text}${details.length > 0 && list}</li>`;
}
