import { byCodeUnit } from '../../core/order.ts';
import { plural, printable } from '../../core/text.ts';
import { type InfVerifMode, infVerifCodes, infVerifModes, levelOf } from '../../validate/infverif/codes.ts';

interface Place {
  readonly line?: number | undefined;
  readonly message: string;
}

/** A finding of a check or an inspection. */
interface Reported extends Place {
  readonly rule: string;
  readonly path: string;
  readonly places?: readonly Place[] | undefined;
}

/** Findings with the numbers of Microsoft's InfVerif, and how many are errors in the mode. */
export interface InfVerifReport {
  readonly text: string;
  readonly errors: number;
}

/** Reports the findings that have a number of InfVerif, errors of the mode first, then the numbers that are not checked. */
export function infVerifReport(findings: readonly Reported[], mode: InfVerifMode): InfVerifReport {
  const lines = findings.flatMap(({ rule, path, ...finding }) => {
    const code = infVerifCodes.find(({ rules }) => rules.includes(rule))?.code;
    if (code === undefined) return [];
    const level = levelOf(code, mode);
    const places: readonly Place[] = finding.places ?? [finding];
    return places.map(({ line, message }) => ({ level, code, rule, path, line: line ?? 0, message }));
  });
  lines.sort(
    (a, b) =>
      byCodeUnit(a.level, b.level) || a.code - b.code || byCodeUnit(a.path, b.path) || a.line - b.line,
  );
  const errors = lines.filter(({ level }) => level === 'error').length;
  const unchecked = infVerifCodes.filter(({ rules }) => rules.length === 0).map(({ code }) => code);
  const text = [
    `InfVerif /${mode} (${infVerifModes[mode]}): ${plural(errors, 'error')}, ${plural(lines.length - errors, 'warning')}`,
    ...lines.map(({ level, code, rule, path, line, message }) =>
      printable(`${level}(${code}) ${path}${line === 0 ? '' : `:${line}`}: ${message} [${rule}]`),
    ),
    `Not checked: ${unchecked.join(', ')}, and numbers that Microsoft does not document.`,
    'Only InfVerif itself decides on a certification; docs/rules.md lists what each number stands for.',
  ];
  return { text: `${text.join('\n')}\n`, errors };
}
