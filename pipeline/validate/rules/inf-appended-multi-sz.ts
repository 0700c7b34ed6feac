import { infNumber } from '../../formats/inf/lines.ts';
import { namedSections } from '../../formats/inf/references.ts';
import { isWindows10 } from '../../formats/windows/targets.ts';
import { defineRule } from '../define.ts';

/** FLG_ADDREG_TYPE_MULTI_SZ with FLG_ADDREG_APPEND ("INF AddReg Directive"). */
const appendedMultiSz = 0x00010008;

export const infAppendedMultiSz = defineRule({
  id: 'inf/appended-multi-sz',
  severity: 'info',
  scope: 'package',
  explain: `An AddReg line of a driver for Windows 10 or later appends to a list of strings (flags 0x00010008), such as UpperFilters.
The result depends on what other drivers wrote before, so a universal INF must not do it (InfVerif 1305).
Write the whole list, or add a filter with AddFilter (Windows 10 1903 and later).`,
  check: ({ inf, parsed, row }) => {
    if (!isWindows10(row)) return [];
    return namedSections(parsed, 'AddReg').flatMap(({ entries }) =>
      entries
        .filter(({ key, values: [, , , flags] }) => {
          const value = infNumber(flags) ?? 0;
          return key === undefined && (value & appendedMultiSz) === appendedMultiSz;
        })
        .map(({ values: [, , name = ''], line }) => ({
          path: inf,
          line,
          message: `appends to the list of strings "${name}"`,
          hint: 'write the whole list, or use AddFilter for a filter',
        })),
    );
  },
});
