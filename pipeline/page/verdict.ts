import { loadSentences } from '../model/load-sentences.ts';
import { summariseLoads } from '../model/load-summary.ts';
import type { RecordedFacts } from '../model/shared-schema.ts';
import { type Html, html } from './html.ts';
import type { PageTarget } from './view.ts';

/** Returns the sentences on what loads, each in the colour of its meaning. */
export function verdictList(drivers: readonly RecordedFacts[], rows: readonly PageTarget[]): Html {
  const sentences = loadSentences(summariseLoads(drivers, rows));
  return html`<ul class="verdict">${sentences.map(
    ({ tone, text, details }) =>
      html`<li class=${tone}><b>${text}</b>${details.map((detail) => html`<small>${detail}</small>`)}</li>`,
  )}</ul>`;
}
