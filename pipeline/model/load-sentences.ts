import { plural, printable, someOf } from '../core/text.ts';
import type { LoadSummary, NotLoadedDriver } from './load-summary.ts';

/** One sentence on where drivers load, with lines that say more. */
export interface LoadSentence {
  readonly tone: 'bad' | 'partly' | 'good' | 'unknown';
  readonly text: string;
  readonly details: readonly string[];
}

/**
 * Returns how many drivers load where, the worst first; nothing without drivers. Signatures decide, so `faulty` names the drivers with
 * errors, which may not load for another reason.
 */
export function loadSentences(loads: LoadSummary, faulty: ReadonlySet<string> = new Set()): LoadSentence[] {
  const { drivers, unknown, packages, notLoading, nowhere, partly, everywhere, withoutSecureBootOnly } =
    loads;
  const of = (names: readonly unknown[]) => `${names.length} of ${plural(drivers, 'driver')}`;
  const sentences: LoadSentence[] = [];
  if (nowhere.length > 0)
    sentences.push({
      tone: 'bad',
      text: `${of(nowhere)} ${verb(nowhere, 'loads', 'load')} on no Windows: ${reasons(nowhere)}`,
      details: [namesOf(nowhere)],
    });
  if (partly.length > 0)
    sentences.push({
      tone: 'partly',
      text: `${of(partly)} ${verb(partly, 'loads', 'load')} on some of ${verb(partly, 'its', 'their')} Windows only (${notLoading} of ${plural(packages, 'package')} ${notLoading === 1 ? 'does' : 'do'} not load): ${reasons(partly)}`,
      details: [namesOf(partly), ...targetLines(loads)],
    });
  if (everywhere.length > 0) {
    const stopped = withoutSecureBootOnly.length;
    const secureBoot =
      stopped === 0
        ? ''
        : `, ${stopped === everywhere.length ? '' : `${stopped} of them `}without Secure Boot only`;
    sentences.push({
      tone: everywhere.some((driver) => faulty.has(driver)) ? 'partly' : 'good',
      text: `${of(everywhere)} ${verb(everywhere, 'loads', 'load')} on all ${verb(everywhere, 'its', 'their')} Windows${secureBoot}${butErrors(everywhere, faulty)}`,
      details: [],
    });
  }
  if (unknown > 0)
    sentences.push({
      tone: 'unknown',
      text: `${plural(unknown, 'driver')} not judged: no folder names a Windows that installs ${unknown === 1 ? 'it' : 'them'}`,
      details: [],
    });
  return sentences;
}

function butErrors(names: readonly string[], faulty: ReadonlySet<string>): string {
  const count = names.filter((name) => faulty.has(name)).length;
  if (count === 0) return '';
  return `, but ${count === names.length ? '' : `${count} of them `}${count === 1 ? 'has' : 'have'} errors`;
}

function verb(names: readonly unknown[], one: string, many: string): string {
  return names.length === 1 ? one : many;
}

function namesOf(drivers: readonly NotLoadedDriver[]): string {
  return printable(someOf(drivers.map(({ driver }) => driver)));
}

/** Returns the reasons, the most frequent first, with the number of drivers where there are several. */
function reasons(drivers: readonly NotLoadedDriver[]): string {
  const counts = new Map<string, number>();
  for (const reason of drivers.flatMap((driver) => driver.reasons))
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  if (sorted.length === 1) return sorted[0]?.[0] ?? '';
  return sorted.map(([reason, count]) => `${count} ${reason}`).join('; ');
}

/** Returns a line for the targets of which the same number of drivers load, where not all do. */
function targetLines({ windows }: LoadSummary): string[] {
  const groups = new Map<string, string[]>();
  for (const { target, drivers, load } of windows) {
    if (load === drivers) continue;
    const text = `${load} of ${plural(drivers, 'driver')} ${load === 1 || drivers === 1 ? 'loads' : 'load'}`;
    groups.set(text, [...(groups.get(text) ?? []), target]);
  }
  return [...groups].map(([text, targets]) => `${printable(targets.join(', '))}: ${text}`);
}
