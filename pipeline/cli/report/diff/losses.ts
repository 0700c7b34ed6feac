import { groupBy } from '../../../core/group-by.ts';
import { printable, someOf } from '../../../core/text.ts';
import type { Comparison, CoverageChange } from '../../../diff/comparison-schema.ts';
import type { TargetRow } from '../../../manifest/targets-schema.ts';
import { loadWords } from '../../../model/signature-words.ts';
import { byRow, windowsNames } from './windows-names.ts';

/** Returns what is lost, or gained, in a line for all drivers with the same fate on the same Windows. */
export function lossLines(
  comparison: Comparison,
  direction: 'lost' | 'gained',
  targets: readonly TargetRow[],
): string[] {
  const { coverage, hardwareIds, neededFiles, setupFolders, programs } = comparison;
  const sorted = coverage[direction].toSorted(byRow(targets));
  const byDriver = groupBy(sorted, ({ driver, from, to }) => [driver, from, to].join('\0'));
  const fates = [...byDriver.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const windows = windowsNames(
      group.map(({ target }) => target),
      targets,
    );
    return [{ driver: first.driver, fate: fateOf(first), windows }];
  });
  const together = groupBy(fates, ({ fate, windows }) => `${windows}: ${fate}`);
  const served = groupBy(
    hardwareIds[direction],
    ({ drivers, targets: on }) => `${drivers.join(', ')} on ${windowsNames(on, targets)}`,
  );
  const needed = groupBy(neededFiles[direction].toSorted(byRow(targets)), ({ driver, files }) =>
    [driver, ...files].join('\0'),
  );
  const byFolder = groupBy(setupFolders[direction], ({ folder }) => folder);
  const byDrivers = groupBy([...byFolder], ([, held]) => held.map(({ driver }) => driver).join(', '));
  return [
    ...[...together.values()].map((group) => {
      const [{ fate, windows } = { fate: '', windows: '' }] = group;
      return `${group.map(({ driver }) => driver).join(', ')} on ${windows}: ${fate}`;
    }),
    ...[...served].map(([place, group]) => {
      const noun = group.length === 1 ? 'hardware ID' : 'hardware IDs';
      return `${noun} of ${place}: ${someOf(group.map(({ id }) => id))}`;
    }),
    ...[...needed.values()].map((group) => {
      const [{ driver, files } = { driver: '', files: [] }] = group;
      const windows = windowsNames(
        group.map(({ target }) => target),
        targets,
      );
      const noun = files.length === 1 ? 'file' : 'files';
      return `${noun} without which ${driver} does not install on ${windows}: ${someOf(files)}`;
    }),
    ...[...byDrivers].map(([drivers, group]) => {
      const noun = group.length === 1 ? 'folder' : 'folders';
      return `${noun} for Windows Setup with ${drivers}: ${someOf(group.map(([folder]) => folder))}`;
    }),
    ...(programs[direction].length === 0
      ? []
      : [`${programs[direction].length === 1 ? 'program' : 'programs'}: ${someOf(programs[direction])}`]),
  ].map(printable);
}

function fateOf({ from, to }: CoverageChange): string {
  if (from === undefined) return `new, ${stateWords(to)}`;
  if (to === undefined) return `gone (before: ${stateWords(from)})`;
  return `${stateWords(to)} (before: ${stateWords(from)})`;
}

function stateWords(state: CoverageChange['to']): string {
  return state === undefined || state === 'unknown' ? 'load condition not known' : loadWords[state];
}
