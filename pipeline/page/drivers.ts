import { groupBy } from '../core/group-by.ts';
import { byCodeUnit } from '../core/order.ts';
import { nameOf } from '../core/paths.ts';
import { plural } from '../core/text.ts';
import { knownDevice } from '../formats/windows/device-query.ts';
import { parseHardwareId } from '../formats/windows/hardware-id.ts';
import { findingLinks } from './findings.ts';
import { type Html, html } from './html.ts';
import { ids, stateText } from './matrix.ts';
import type { CellView, DriverView, ReleaseView } from './view.ts';

/** Returns the section with the versions, signatures, folders, findings and devices of each driver. */
export function driversSection({ drivers }: ReleaseView): Html {
  return html`<section id="drivers" aria-labelledby="drivers-title">
    <h2 id="drivers-title">Each driver</h2>
    ${drivers.map(driverPart)}
  </section>`;
}

function driverPart(driver: DriverView, index: number): Html {
  const packages = driver.cells.filter(({ facts }) => facts !== undefined);
  const states = [...groupBy(packages, ({ state }) => state)].map(([, [cell]]) => cell?.state ?? 'unknown');
  return html`<details class="driver" id=${`driver-${index}`} data-p=${ids(driver.cells)}>
    <summary><span class="name">${driver.name}</span> <span class="note">${driver.title}</span>
      <span class="states">${states.map(stateText)}</span></summary>
    <table class="versions">
      <thead><tr><th scope="col">Version</th><th scope="col">Signature</th><th scope="col">Windows</th><th scope="col">Folders</th><th scope="col">Findings</th></tr></thead>
      <tbody>${[...groupBy(packages, sameness).values()].map(versionRow)}</tbody>
    </table>
    ${driver.findings.length > 0 && html`<p>About the driver as a whole: ${findingLinks(driver.findings)}</p>`}
    ${devices(packages)}
  </details>`;
}

/** Packages that a row shows as one differ in their Windows only. */
function sameness({ facts, version, date, state, findings }: CellView): string {
  const { inf = '', signature = '', verdict } = facts ?? {};
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort(byCodeUnit);
  return JSON.stringify([nameOf(inf).toLowerCase(), version, date, state, signature, verdict, rules]);
}

function versionRow(cells: readonly CellView[]): Html {
  const [first] = cells;
  const { facts, version = '', date = '', state = 'unknown' } = first ?? {};
  const findings = cells.flatMap((cell) => cell.findings);
  return html`<tr data-p=${ids(cells)}>
    <th scope="row"><span class="version">${version || 'no version'}</span> <small>${date}</small> <small>${nameOf(facts?.inf ?? '')}</small></th>
    <td>${signatureText(first)}</td>
    <td>${stateText(state)}</td>
    <td><ul class="places">${cells.map(
      ({ id, target, folder }) =>
        html`<li id=${`package-${id}`} data-p=${String(id)}>${target.windows} <span class="arch">${target.arch}</span> <code class="path">${folder.replaceAll('/', '\\')}</code></li>`,
    )}</ul></td>
    <td>${findings.length === 0 ? 'none' : findingLinks(findings)}</td>
  </tr>`;
}

function signatureText(cell: CellView | undefined): Html {
  const { signature = 'unsigned', verdict } = cell?.facts ?? {};
  const uncovered = verdict?.uncovered ?? [];
  return html`<span>${signature}
    ${verdict?.signer !== undefined && html` <small>${`signed by ${verdict.signer}`}</small>`}
    ${verdict?.timestamp !== undefined && html` <small>${`timestamp ${verdict.timestamp.slice(0, 10)}`}</small>`}
    ${uncovered.length > 0 && html` <small>${`the catalog does not hold ${plural(uncovered.length, 'file')}: ${uncovered.slice(0, 3).join(', ')}`}</small>`}
  </span>`;
}

function devices(cells: readonly CellView[]): Html {
  const all = cells.flatMap(({ facts }) => [...(facts?.hardwareIds ?? []), ...(facts?.compatibleIds ?? [])]);
  const shown = [...new Set(all.map((id) => id.toUpperCase()))].sort(byCodeUnit);
  return html`<details class="ids"><summary>${plural(shown.length, 'hardware ID')}</summary>
    <ul>${shown.map((id) => {
      const known = knownDevice(parseHardwareId(id));
      return html`<li><code>${id}</code> ${known === undefined ? '' : known.name}</li>`;
    })}</ul>
  </details>`;
}
