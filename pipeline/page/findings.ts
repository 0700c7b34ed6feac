import { groupBy } from '../core/group-by.ts';
import { byCodeUnit } from '../core/order.ts';
import { plural } from '../core/text.ts';
import { rules } from '../validate/rules/index.ts';
import { type Html, html } from './html.ts';
import type { RecordedFinding, ReleaseView } from './view.ts';

type FindingState = 'error' | 'warning' | 'info' | 'accepted';

const order: readonly FindingState[] = ['error', 'warning', 'info', 'accepted'];
const signs: Readonly<Record<FindingState, string>> = { error: '✕', warning: '!', info: 'i', accepted: '✓' };

/** Returns the section with the findings by rule, what each rule means, and where it was found. */
export function findingsSection({ record: { findings } }: ReleaseView): Html {
  const byRule = [...groupBy(findings, ({ rule }) => rule)].sort(
    ([a, one], [b, other]) => worst(one) - worst(other) || byCodeUnit(a, b),
  );
  return html`<section id="findings" aria-labelledby="findings-title">
    <h2 id="findings-title">Findings</h2>
    <p>${findings.length === 0 ? 'None.' : `${plural(findings.length, 'finding')} of ${plural(byRule.length, 'rule')}. An error stops a build; what is listed here did not, or the release accepts it for the reason given.`}</p>
    ${byRule.map(([rule, all]) => rulePart(rule, all))}
  </section>`;
}

function rulePart(id: string, findings: readonly RecordedFinding[]): Html {
  const state = order[worst(findings)] ?? 'info';
  const texts = groupBy(findings, ({ message, hint = '', accepted = '' }) =>
    [message, hint, accepted].join('\0'),
  );
  return html`<details class="rule" id=${anchor(id)}>
    <summary><span class=${`severity ${state}`}><span aria-hidden="true">${signs[state]}</span> ${state}</span>
      <code class="name">${id}</code> <span class="note">${plural(findings.length, 'place')}</span></summary>
    ${explanation(id).map((line) => html`<p>${line}</p>`)}
    <ul class="found">${[...texts.values()].map(placesOf)}</ul>
  </details>`;
}

const mostPlaces = 40;

function placesOf(findings: readonly RecordedFinding[]): Html {
  const [first] = findings;
  const places = findings.map(({ path, line }) => (line === undefined ? path : `${path}:${line}`));
  const more = places.length - mostPlaces;
  return html`<li>${first?.message ?? ''}
    ${first?.hint !== undefined && html`<small>${`hint: ${first.hint}`}</small>`}
    ${first?.accepted !== undefined && html`<small>${`accepted: ${first.accepted}`}</small>`}
    <ul class="files">${places.slice(0, mostPlaces).map((place) => html`<li><code class="path">${place}</code></li>`)}
      ${more > 0 && html`<li>${`and ${more} more, in release.json`}</li>`}</ul>
  </li>`;
}

/** Returns links to the rules of findings, with how often each was found. */
export function findingLinks(findings: readonly RecordedFinding[]): Html {
  const byRule = [...groupBy(findings, ({ rule }) => rule)].sort(([a], [b]) => byCodeUnit(a, b));
  return html`<ul class="rules">${byRule.map(
    ([rule, all]) =>
      html`<li><a href=${`#${anchor(rule)}`}>${rule}</a>${all.length > 1 ? ` ×${all.length}` : ''}</li>`,
  )}</ul>`;
}

function worst(findings: readonly RecordedFinding[]): number {
  return Math.min(
    ...findings.map(({ severity, accepted }) =>
      order.indexOf(accepted === undefined ? severity : 'accepted'),
    ),
  );
}

/** Returns the explanation of a rule; a record can name a rule of another version of pvdisc. */
function explanation(id: string): readonly string[] {
  return rules.find((rule) => rule.id === id)?.explain.split('\n') ?? [];
}

function anchor(rule: string): string {
  return `rule-${rule.replace(/[^\w-]+/g, '-')}`;
}
