import { reachedSections } from '../../formats/inf/references.ts';
import { isWindows10 } from '../../formats/windows/targets.ts';
import { defineRule } from '../define.ts';

/** Directives that are invalid in a universal INF ("Using a Universal INF File"). */
const legacyDirectives = new Set([
  'bitreg',
  'delfiles',
  'delproperty',
  'delreg',
  'delservice',
  'ini2reg',
  'logconfig',
  'profileitems',
  'registerdlls',
  'renfiles',
  'unregisterdlls',
  'updateinifields',
  'updateinis',
]);

export const infLegacyDirective = defineRule({
  id: 'inf/legacy-directive',
  severity: 'info',
  scope: 'package',
  explain: `A driver for Windows 10 or later uses a directive that is not allowed in universal INFs: BitReg, DelFiles, DelProperty, DelReg, DelService, Ini2Reg, LogConfig, ProfileItems, RegisterDlls, RenFiles, UnregisterDlls, UpdateIniFields or UpdateInis.
Desktop editions process it; other editions and offline images do not, and Microsoft does not certify the driver as a Windows Driver (InfVerif 1300, 1301 and 1302).
Remove the directive: an INF should only add files, services and values of its own.`,
  check: ({ inf, parsed, target, row }) => {
    if (!isWindows10(row)) return [];
    return reachedSections(parsed, target.arch).flatMap(({ name, entries }) =>
      entries
        .filter(({ key }) => legacyDirectives.has(key?.toLowerCase() ?? ''))
        .map(({ key, line }) => ({
          path: inf,
          line,
          message: `[${name}] has the directive ${key}, which universal INFs must not have`,
          hint: 'remove the directive in the next build',
        })),
    );
  },
});
