import { groupBy } from '../core/group-by.ts';
import { loadSentences } from '../model/load-sentences.ts';
import { summariseLoads } from '../model/load-summary.ts';
import { type ReleaseRecord, recordedDiscs } from '../model/record.ts';
import { loadStates, stateNames } from './load-state.ts';
import { versionsText } from './newest.ts';
import { type DriverView, type PageTarget, releaseView } from './view.ts';

/** Returns the matrix of a release as Markdown (GitHub's, for its tables), with where the drivers load and the digests of its files. */
export function releaseMarkdown(
  written: ReleaseRecord,
  { targets }: { readonly targets: readonly PageTarget[] },
): string {
  const rows = written.targets ?? targets;
  const { record, drivers, targets: shown, cells } = releaseView(written, rows);
  const columns = [...groupBy(shown, ({ os }) => os).keys()];
  const used = stateNames.filter((state) => cells.some((cell) => cell.state === state));
  const files = [...recordedDiscs(record), ...record.artifacts];
  const sentences = loadSentences(summariseLoads(record.drivers, rows));
  const lines = [
    `# ${escaped(`${record.name} ${record.version}`)}`,
    '',
    escaped(record.title),
    '',
    ...sentences.map(({ text }) => `- ${escaped(text)}`),
    '',
    tableRow(['driver', 'version', ...columns.map(escaped)]),
    tableRow(['driver', 'version', ...columns].map(() => '---')),
    ...drivers.map((driver) => driverRow(driver, columns)),
    '',
    used.map((state) => `${loadStates[state].sign} ${loadStates[state].label}`).join('; '),
    '',
    ...files.map(({ name, sha256 }) => `- ${escaped(name)}: \`${sha256}\``),
  ];
  return `${lines.join('\n')}\n`;
}

function driverRow({ name, cells }: DriverView, columns: readonly string[]): string {
  return tableRow([
    escaped(name),
    escaped(versionsText(cells)),
    ...columns.map((os) =>
      cells
        .filter(({ target }) => target.os === os)
        .map(({ state, target }) => `${loadStates[state].sign} ${escaped(target.arch)}`)
        .join('<br>'),
    ),
  ]);
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Escapes what Markdown or HTML could read as markup (CommonMark, "Backslash escapes"; GitHub makes links of addresses). */
function escaped(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>()#|~&!:@]/g, '\\$&')
    .replace(/\bwww\./gi, (www) => www.replace('.', '\\.'));
}
