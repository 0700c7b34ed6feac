import { styleText } from 'node:util';
import { byCodeUnit } from '../../core/order.ts';
import { alignColumns, printable, wrapWords } from '../../core/text.ts';
import type { TargetRow } from '../../manifest/targets-schema.ts';
import type { RecordedFacts } from '../../model/shared-schema.ts';
import { type LoadState, loadStateOf, loadStates, stateNames } from '../../page/load-state.ts';

type MatrixPackage = Pick<RecordedFacts, 'driver' | 'target' | 'loads'>;

interface MatrixOptions {
  /** Whether letters have the colour of what Windows does with the package. */
  readonly colour?: boolean;
  /** Whether letters have a sign for it, so that colour is not needed. */
  readonly signs?: boolean;
}

/** Returns a matrix of drivers by Windows version, in the order of targets.yaml, with a letter for each architecture. */
export function driverMatrix(
  packages: readonly MatrixPackage[],
  targets: readonly Pick<TargetRow, 'os'>[],
  { colour = false, signs = false }: MatrixOptions = {},
): string[] {
  const present = new Set(packages.map(({ target }) => target.os));
  const known = [...new Set(targets.map(({ os }) => os))].filter((os) => present.has(os));
  const columns = [...known, ...[...present].filter((os) => !known.includes(os)).sort(byCodeUnit)];
  const drivers = [...new Set(packages.map(({ driver }) => driver))].sort(byCodeUnit);
  const rows = drivers.map((driver) => [
    [plainText(printable(driver))],
    ...columns.map((os) =>
      matrixCell(packages.filter(({ driver: name, target }) => name === driver && target.os === os)),
    ),
  ]);
  const marks = (cell: MatrixCell) => cell.map((mark) => mark.text + (signs ? mark.sign : '')).join('');
  const plain = [['driver', ...columns], ...rows.map((cells) => cells.map(marks))];
  const [header = '', ...lines] = alignColumns(plain, ' ');
  const isUnknown = packages.some(({ target }) => target.os === '?' || target.arch === '?');
  const used = stateNames.filter((state) => packages.some(({ loads }) => loadStateOf(loads) === state));
  return [
    `Drivers by Windows (x: x86, A: amd64, R: ARM64${isUnknown ? ', ?: unknown' : ''})`,
    header,
    ...lines.map((line, index) => (colour ? coloured(line, rows[index] ?? [], marks) : line)),
    ...(signs ? signLines(used) : []),
  ];
}

interface Mark {
  readonly text: string;
  readonly sign: string;
  readonly state?: LoadState;
}

type MatrixCell = readonly Mark[];

function plainText(text: string): Mark {
  return { text, sign: '' };
}

/** Returns a letter for each architecture; where it has several packages, the one that loads least decides. */
function matrixCell(packages: readonly MatrixPackage[]): MatrixCell {
  const marks = letters.flatMap(([arch, text]): Mark[] => {
    const states = packages
      .filter(({ target }) => target.arch === arch)
      .map(({ loads }) => loadStateOf(loads));
    const state = stateNames.findLast((name) => states.includes(name));
    return state === undefined ? [] : [{ text, sign: signs[state], state }];
  });
  return marks.length > 0 ? marks : [plainText('.')];
}

/** Signs of one column in every terminal and locale. */
const signs: Readonly<Record<LoadState, string>> = {
  loads: '',
  'no-secure-boot': '~',
  'no-driver-policy': '%',
  'test-signing': '!',
  never: '-',
  unknown: '?',
  missing: '',
};

function signLines(used: readonly LoadState[]): string[] {
  const texts = used
    .filter((state) => signs[state] !== '')
    .map((state) => `${signs[state]} ${loadStates[state].label}`);
  return wrapWords(texts.join('; ').split(' '), narrowest);
}

/** Columns of a terminal that was not resized. */
const narrowest = 80;

const colours = {
  loads: 'green',
  'no-secure-boot': 'yellow',
  'no-driver-policy': 'yellow',
  'test-signing': 'red',
  never: 'red',
  unknown: 'gray',
  missing: 'gray',
} as const;

/** Colours the marks of an aligned line. */
function coloured(line: string, cells: readonly MatrixCell[], marks: (cell: MatrixCell) => string): string {
  let rest = line;
  let text = '';
  for (const cell of cells) {
    const plain = marks(cell);
    const at = rest.indexOf(plain);
    text += rest.slice(0, at);
    rest = rest.slice(at + plain.length);
    for (const mark of cell) {
      const shown = marks([mark]);
      text +=
        mark.state === undefined ? shown : styleText(colours[mark.state], shown, { validateStream: false });
    }
  }
  return text + rest;
}

/** Returns a letter for each architecture of the packages, such as `xA`. */
export function archLetters(packages: readonly Pick<RecordedFacts, 'target'>[]): string {
  const arches = new Set<string>(packages.map(({ target }) => target.arch));
  return letters.map(([arch, letter]) => (arches.has(arch) ? letter : '')).join('');
}

const letters = [
  ['x86', 'x'],
  ['amd64', 'A'],
  ['ARM64', 'R'],
  ['?', '?'],
] as const;
