import type { InfSection } from '../../formats/inf/inf.ts';
import { infServices } from '../../formats/inf/install.ts';
import { defineRule } from '../define.ts';

const singleSections = ['version', 'destinationdirs', 'sourcedisksnames', 'sourcedisksfiles'];

export const infDoubledEntry = defineRule({
  id: 'inf/doubled-entry',
  severity: 'warning',
  scope: 'package',
  explain: `A key occurs twice in one section, with different values: in [Version], [DestinationDirs], [SourceDisksNames], [SourceDisksFiles], a [Strings] section or the section of a service.
Windows reads one of them, usually the first, and silently ignores the other, which misleads a reader.
Keep the right line and remove the other.`,
  check: ({ inf, parsed, target }) => {
    const services = infServices(parsed, target.arch).flatMap(({ section }) => section?.toLowerCase() ?? []);
    const wanted = new Set([...singleSections, ...services]);
    return [...parsed.sections]
      .filter(([name]) => wanted.has(name) || /^(strings|sourcedisks(files|names))(\.|$)/.test(name))
      .flatMap(([, section]) => doubled(section).map((violation) => ({ path: inf, ...violation })));
  },
});

/** Directives of a service's section that may stand several times. */
const repeatable = new Set(['addreg', 'delreg', 'bitreg', 'addtrigger', 'dependencies']);

function doubled({ name, byKey }: InfSection) {
  return [...byKey].flatMap(([key, [first, ...others]]) =>
    others
      .filter(({ raw }) => !repeatable.has(key) && raw.values.join() !== first?.raw.values.join())
      .map(({ key: written, line }) => ({
        line,
        message: `[${name}] has "${written}" again, with another value than in line ${first?.line}`,
        hint: 'keep the right line and remove the other',
      })),
  );
}
