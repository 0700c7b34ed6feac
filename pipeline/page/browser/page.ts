import { knownDevice, lostBackslash, readDevices } from '../../formats/windows/device-query.ts';
import { type HardwareId, matchHardwareId, parseHardwareId } from '../../formats/windows/hardware-id.ts';
import type { PageCell, PageData } from '../filters.ts';
import { newestOf, versionsText } from '../newest.ts';

const data = JSON.parse(byId('data', HTMLElement).textContent ?? '') as PageData;
const offered = data.ids.map(parseHardwareId);
const form = byId('filters', HTMLFormElement);
const device = byId('device', HTMLTextAreaElement);
const [windows, arch, state, driver] = ['windows', 'arch', 'state', 'driver'].map((id) =>
  byId(id, HTMLSelectElement),
) as [HTMLSelectElement, HTMLSelectElement, HTMLSelectElement, HTMLSelectElement];

const parts = [...document.querySelectorAll<HTMLElement>('[data-p]')].map((part) => ({
  part,
  cells: (part.dataset.p ?? '').split(' ').filter(Boolean).map(Number),
}));
const columns = [...document.querySelectorAll<HTMLElement>('[data-os]')];
const all = [...data.cells.keys()];

function show(): void {
  const devices = readDevices(device.value, (id) => data.ids.includes(id));
  const asked = device.value.trim() !== '';
  const fits = new Set(offered.flatMap((id, at) => (devices.some((one) => isServed(one, id)) ? [at] : [])));
  const shown = new Set(
    all.filter((at) => {
      const cell = data.cells[at];
      return cell !== undefined && isChosen(cell) && (!asked || cell.ids.some((id) => fits.has(id)));
    }),
  );
  for (const { part, cells } of parts) {
    part.hidden = !cells.some((at) => shown.has(at));
    if (part.matches('.matrix tr'))
      showVersions(
        part,
        cells.filter((at) => shown.has(at)).flatMap((at) => data.cells[at] ?? []),
      );
    if (part.matches('.target')) part.toggleAttribute('open', windows.value !== '' && !part.hidden);
    if (part.matches('.driver') && asked) part.toggleAttribute('open', !part.hidden);
  }
  const systems = new Set([...shown].map((at) => data.cells[at]?.os));
  for (const column of columns) column.hidden = !systems.has(column.dataset.os);
  const packages = data.cells.filter(({ state }) => state !== 'missing').length;
  const count = [...shown].filter((at) => data.cells[at]?.state !== 'missing').length;
  byId('shown', HTMLOutputElement).value =
    count === packages ? `${packages} driver packages` : `${count} of ${packages} driver packages`;
  byId('answer', HTMLElement).replaceChildren(...(asked ? answers(devices) : []));
}

/** Names in a row of the matrix the versions of the cells that the filters leave. */
function showVersions(row: HTMLElement, cells: readonly PageCell[]): void {
  row.querySelector('.versions-of')?.replaceChildren(versionsText(cells));
  row.querySelector('.date-of')?.replaceChildren(newestOf(cells)?.date ?? '');
}

function isChosen(cell: PageCell): boolean {
  return ([windows, arch, state, driver] as const).every(
    ({ value }, at) => value === '' || value === [cell.os, cell.arch, cell.state, cell.driver][at],
  );
}

function isServed(one: HardwareId, id: HardwareId): boolean {
  const match = matchHardwareId(one, id);
  return match === 'full' || match === 'partial';
}

function answers(devices: readonly HardwareId[]): HTMLElement[] {
  if (devices.length === 0)
    return [
      paragraph(
        lostBackslash(device.value)
          ? 'The ID has lost its backslash, and what follows the first & may be missing.'
          : 'No hardware ID in this text. Device Manager shows it under Details, Hardware Ids.',
      ),
    ];
  return devices.map((one) => {
    const fits = new Set(offered.flatMap((id, at) => (isServed(one, id) ? [at] : [])));
    const drivers = [
      ...new Set(data.cells.filter(({ ids }) => ids.some((id) => fits.has(id))).map((cell) => cell.driver)),
    ];
    const known = knownDevice(one);
    const near = data.ids.filter((_, at) => {
      const id = offered[at];
      return id !== undefined && matchHardwareId(one, id) === 'near';
    });
    const inbox = known?.inbox === undefined ? '' : ` ${known.inbox}.`;
    const found =
      drivers.length > 0
        ? `driver ${drivers.join(', ')}.`
        : `no driver in this release${near.length > 0 ? `, only for ${near.join(', ')}` : ''}.`;
    return paragraph(
      `${one.text}${known === undefined ? '' : ` (${known.name})`}: ${found}${drivers.length > 0 ? '' : inbox}`,
    );
  });
}

function paragraph(text: string): HTMLElement {
  const made = document.createElement('p');
  made.textContent = text;
  return made;
}

/** Opens the details that a link leads into; browsers do so only for a text search. */
function openTarget(): void {
  let part = document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest('details');
  while (part) {
    part.open = true;
    part = part.parentElement?.closest('details');
  }
  document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}

let openedForPrint: HTMLDetailsElement[] = [];

function openAll(): void {
  openedForPrint = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
  for (const part of openedForPrint) part.open = true;
}

function closeAgain(): void {
  for (const part of openedForPrint) part.open = false;
}

function byId<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`the page has no ${id}`);
}

form.hidden = false;
form.addEventListener('input', show);
form.addEventListener('reset', () => setTimeout(show));
form.addEventListener('submit', (event) => event.preventDefault());
addEventListener('hashchange', openTarget);
addEventListener('beforeprint', openAll);
addEventListener('afterprint', closeAgain);
if (location.hash !== '') openTarget();
