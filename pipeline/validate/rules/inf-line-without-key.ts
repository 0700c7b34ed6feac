import type { Inf } from '../../formats/inf/inf.ts';
import { infServices, installSections } from '../../formats/inf/install.ts';
import type { Arch } from '../../formats/windows/targets.ts';
import { defineRule } from '../define.ts';

export const infLineWithoutKey = defineRule({
  id: 'inf/line-without-key',
  severity: 'warning',
  scope: 'package',
  explain: `A line has no equals sign, in a section whose lines are all "key = value": [Version], [DestinationDirs], [Strings], an install section or the section of a service.
Windows finds no key there and ignores the line.
Write the equals sign, or put a semicolon before a comment.`,
  check: ({ inf, parsed, target }) =>
    keyedSections(parsed, target.arch).flatMap(({ name, entries }) =>
      entries
        .filter(({ key, values }) => key === undefined && !keyless.has(values.join().toLowerCase()))
        .map(({ values, line }) => ({
          path: inf,
          line,
          message: `a line of [${name}] has no equals sign: ${values.join().slice(0, 60)}`,
          hint: 'write key = value, or put a semicolon before a comment',
        })),
    ),
});

/** Directives without a value ("INF DDInstall Section"), and blank lines. */
const keyless = new Set(['', 'reboot', 'restart']);

function keyedSections(inf: Inf, arch: Arch) {
  const installs = installSections(inf, arch).flatMap(({ name }) => [name, `${name}.Services`]);
  const services = infServices(inf, arch).flatMap(({ section }) => section ?? []);
  const named = new Set([...installs, ...services].map((name) => name.toLowerCase()));
  return [...inf.sections]
    .filter(([name]) => named.has(name) || /^(version|destinationdirs|strings(\..*)?)$/.test(name))
    .map(([, section]) => section);
}
