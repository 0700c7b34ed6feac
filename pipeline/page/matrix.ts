import { groupBy } from '../core/group-by.ts';
import { nameOf } from '../core/paths.ts';
import { plural } from '../core/text.ts';
import { type Html, html, type Part } from './html.ts';
import { type LoadState, loadStates, stateNames } from './load-state.ts';
import { newestOf, versionsText } from './newest.ts';
import type { CellView, DriverView, PackagesView, TargetView } from './view.ts';

/** Where the matrix of a page leads to. */
export interface MatrixLinks {
  readonly driver: (driver: DriverView, index: number) => string;
  /** `inf` names the INF where the cell has several packages for one architecture. */
  readonly cell: (cell: CellView, inf: string) => Html;
}

/** Returns the section with the matrix of drivers by Windows and architecture. */
export function matrixSection(
  { drivers, targets, cells }: PackagesView,
  links: MatrixLinks = linksInPage,
): Html {
  const columns = [...groupBy(targets, ({ os }) => os)];
  const used = new Set(cells.map(({ state }) => state));
  return html`<section id="matrix" aria-labelledby="matrix-title">
    <h2 id="matrix-title">Drivers by Windows</h2>
    <ul class="legend" aria-label="Signs">
      ${stateNames.filter((state) => used.has(state)).map((state) => html`<li>${signOf(state)} ${loadStates[state].label}</li>`)}
    </ul>
    <div class="scroll" role="region" aria-label="Matrix of drivers by Windows" tabindex="0">
      <table class="matrix">
        <thead><tr>
          <th scope="col">Driver</th>
          ${columns.map(([os, of]) => html`<th scope="col" data-os=${os}><span class="name">${shortName(of)}</span> <code>${os}</code></th>`)}
        </tr></thead>
        <tbody>${drivers.map((driver, index) => matrixRow(driver, links.driver(driver, index), columns, links))}</tbody>
      </table>
    </div>
  </section>`;
}

function matrixRow(
  driver: DriverView,
  link: string,
  columns: readonly (readonly [string, readonly TargetView[]])[],
  links: MatrixLinks,
): Html {
  return html`<tr data-p=${ids(driver.cells)}>
    <th scope="row">
      <a href=${link}>${driver.name}</a>
      <small class="versions-of">${versionsText(driver.cells)}</small>
      <small class="date-of">${newestOf(driver.cells)?.date ?? ''}</small>
    </th>
    ${columns.map(([os, of]) => matrixCell(driver, os, shortName(of), links))}
  </tr>`;
}

function matrixCell(driver: DriverView, os: string, name: string, { cell: chipOf }: MatrixLinks): Html {
  const cells = driver.cells.filter(({ target }) => target.os === os);
  return html`<td data-os=${os} data-name=${name}><span class="chips">${cells.map((cell) => chipOf(cell, infAmong(cell, cells)))}</span></td>`;
}

/** Returns the name of the INF of a cell where others are for the same architecture. */
function infAmong({ facts, target }: CellView, cells: readonly CellView[]): string {
  const sameArch = cells.filter(({ target: { arch } }) => arch === target.arch);
  return facts === undefined || sameArch.length === 1 ? '' : nameOf(facts.inf);
}

/** Returns what a chip shows: the sign, the architecture, and the INF where one is named. */
export function chipText({ state, target }: CellView, inf: string): Part {
  const shown = `${loadStates[state].sign} ${target.arch}`;
  return inf === '' ? shown : [`${shown} `, html`<small>${inf}</small>`];
}

function chip(cell: CellView, inf: string): Html {
  const { id, state, target, version, date, facts } = cell;
  const { sign, label } = loadStates[state];
  const where = `${target.windows}, ${target.arch}`;
  if (facts === undefined)
    return html`<span class="chip missing" data-p=${String(id)}>
      <span aria-hidden="true">${sign} ${target.arch}</span><span class="hidden">${`${where}: no driver`}</span>
    </span>`;
  const known = [inf, version, date, facts.signature].filter((text) => text !== '').join(', ');
  const title = `${where}: ${label}; ${known}${cell.findings.length > 0 ? `; ${plural(cell.findings.length, 'finding')}` : ''}`;
  return html`<a class=${`chip ${state}`} data-p=${String(id)} href=${`#package-${id}`} title=${title}>
    <span aria-hidden="true">${chipText(cell, inf)}</span><span class="hidden">${title}</span>
  </a>`;
}

const linksInPage: MatrixLinks = { driver: (_driver, index) => `#driver-${index}`, cell: chip };

/** Returns the sign of a state in its colour. */
export function signOf(state: LoadState): Html {
  return html`<span class=${`sign ${state}`} aria-hidden="true">${loadStates[state].sign}</span>`;
}

/** Returns the state in words, with its sign. */
export function stateText(state: LoadState): Part {
  return html`<span class=${`state ${state}`}>${signOf(state)} ${loadStates[state].label}</span>`;
}

/** Returns the numbers of cells as the script of the page reads them. */
export function ids(cells: readonly CellView[]): string {
  return cells.map(({ id }) => id).join(' ');
}

/** Returns the name of a Windows without "Windows", which all have, and without what its architecture adds. */
function shortName(targets: readonly TargetView[]): string {
  const names = targets.map(({ windows }) => windows.replace(/^Windows /, ''));
  const [first = ''] = [...names].sort((a, b) => a.length - b.length);
  return first;
}
