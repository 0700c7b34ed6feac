import { groupBy } from '../../../core/group-by.ts';
import { printable, someOf } from '../../../core/text.ts';
import type { CoverageChange, ServedId } from '../../../diff/comparison-schema.ts';
import type { TargetRow } from '../../../manifest/targets-schema.ts';
import { loadWords } from '../../../model/signature-words.ts';
import { byRow, windowsNames } from './windows-names.ts';

interface OneDirection {
  readonly coverage: readonly CoverageChange[];
  readonly ids: readonly ServedId[];
  readonly programs: readonly string[];
}

/** Returns what is lost, or gained, in a line for all drivers with the same fate on the same Windows. */
export function lossLines(
  { coverage, ids, programs }: OneDirection,
  { targets }: { readonly targets: readonly TargetRow[] },
): string[] {
  const sorted = coverage.toSorted(byRow(targets));
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
    ids,
    ({ drivers, targets: on }) => `${drivers.join(', ')} on ${windowsNames(on, targets)}`,
  );
  return [
    ...[...together.values()].map((group) => {
      const [{ fate, windows } = { fate: '', windows: '' }] = group;
      return `${group.map(({ driver }) => driver).join(', ')} on ${windows}: ${fate}`;
    }),
    ...[...served].map(([place, group]) => {
      const noun = group.length === 1 ? 'hardware ID' : 'hardware IDs';
      return `${noun} of ${place}: ${someOf(group.map(({ id }) => id))}`;
    }),
    ...(programs.length === 0
      ? []
      : [`${programs.length === 1 ? 'program' : 'programs'}: ${someOf(programs)}`]),
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
