import { groupBy } from '../core/group-by.ts';
import { plural } from '../core/text.ts';
import { type Html, html } from './html.ts';
import { loadStates, stateNames } from './load-state.ts';
import type { VersionedCell } from './newest.ts';
import type { ReleaseView } from './view.ts';

/** A cell of the matrix as the script of the page knows it; `ids` are places in the list of all hardware IDs. */
export interface PageCell extends VersionedCell {
  readonly driver: string;
  readonly os: string;
  readonly arch: string;
  readonly state: string;
  readonly ids: readonly number[];
}

export interface PageData {
  readonly cells: readonly PageCell[];
  readonly ids: readonly string[];
}

/** Returns what the script of the page filters; a cell's place is its number. */
export function pageData({ cells }: ReleaseView): PageData {
  const ids = new Map<string, number>();
  const place = (id: string) => {
    const at = ids.get(id) ?? ids.size;
    ids.set(id, at);
    return at;
  };
  return {
    cells: cells.map(({ driver, target, state, version, date, facts }) => ({
      driver,
      os: target.os,
      arch: target.arch,
      state,
      version,
      date,
      ids: [...(facts?.hardwareIds ?? []), ...(facts?.compatibleIds ?? [])].map((id) =>
        place(id.toUpperCase()),
      ),
    })),
    ids: [...ids.keys()],
  };
}

/** Returns the filters, which the script shows: they do nothing without it. */
export function filterForm({ drivers, targets, cells }: ReleaseView): Html {
  const windows = [...groupBy(targets, ({ os }) => os)].map(
    ([os, [first]]) => [os, first?.windows ?? os] as const,
  );
  const arches = [...new Set(targets.map(({ arch }) => arch))].map((arch) => [arch, arch] as const);
  const used = new Set(cells.map(({ state }) => state));
  const states = stateNames
    .filter((state) => used.has(state))
    .map((state) => [state, `${loadStates[state].sign} ${loadStates[state].label}`] as const);
  const packages = cells.filter(({ facts }) => facts !== undefined).length;
  return html`<form id="filters" class="filters" role="search" aria-label="Filter the drivers" hidden>
    ${choice('windows', 'Windows', 'every Windows', windows)}
    ${choice('arch', 'Architecture', 'every architecture', arches)}
    ${choice('state', 'State', 'every state', states)}
    ${choice(
      'driver',
      'Driver',
      'every driver',
      drivers.map(({ name }) => [name, name] as const),
    )}
    <label class="wide">Hardware ID
      <textarea id="device" rows="1" spellcheck="false" autocomplete="off" placeholder="PCI\\VEN_1AF4&DEV_1041 — paste what Device Manager shows"></textarea></label>
    <button type="reset">Show all</button>
    <output id="shown" for="windows arch state driver device">${plural(packages, 'driver package')}</output>
    <div id="answer" aria-live="polite"></div>
  </form>`;
}

function choice(
  id: string,
  label: string,
  all: string,
  options: readonly (readonly [value: string, text: string])[],
): Html {
  return html`<label>${label}
    <select id=${id} autocomplete="off"><option value="">${all}</option>${options.map(([value, text]) => html`<option value=${value}>${text}</option>`)}</select></label>`;
}
