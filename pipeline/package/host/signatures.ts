import { byCodeUnit } from '../../core/order.ts';
import { loadCondition, loadConditionText } from '../../formats/windows/signing-policy.ts';
import type { TargetRow } from '../../manifest/targets-schema.ts';
import type { DriverFacts } from '../../model/driver-facts.ts';
import { signatureWords } from '../../model/signature-words.ts';
import { targetPath } from '../../model/target.ts';

/**
 * Describes how the drivers are signed and when Windows loads them, for an extended description (Debian Policy 5.6.13): a
 * paragraph and a list, at most 79 columns wide without the leading space.
 */
export function signatureText(targets: readonly TargetRow[], drivers: readonly DriverFacts[]): string {
  if (drivers.length === 0) return 'There is no driver on the disc.';
  const groups = new Map<string, Set<string>>();
  for (const facts of drivers) {
    const { signature, target } = facts;
    const row = targets.find((candidate) => targetPath(candidate) === targetPath(target));
    const loads =
      row === undefined ? 'in folders of no known Windows' : loadConditionText[loadCondition(signature, row)];
    const group = `${signatureWords(facts)}, ${loads}:`;
    groups.set(group, (groups.get(group) ?? new Set()).add(targetPath(target)));
  }
  const items = [...groups].sort(([a], [b]) => byCodeUnit(a, b));
  return [
    'How the drivers are signed, and when Windows loads them:',
    ...items.flatMap(([group, names]) => wrapItem([...group.split(' '), ...[...names].sort(byCodeUnit)])),
  ].join('\n');
}

const maxColumns = 79;

function wrapItem(words: readonly string[]): string[] {
  const lines: string[] = [];
  let line = ' *';
  for (const word of words) {
    if (line.length + 1 + word.length > maxColumns) {
      lines.push(line);
      line = '  ';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
