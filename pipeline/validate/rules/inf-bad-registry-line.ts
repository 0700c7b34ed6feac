import { infNumber } from '../../formats/inf/lines.ts';
import { namedSections } from '../../formats/inf/references.ts';
import { defineRule } from '../define.ts';

/** A number, a value that is left out, or a token that inf/undefined-string reports. */
const number = /^(0x[0-9a-f]+|-?\d*|%.*%)$/i;

const roots = new Set(['HKCR', 'HKCU', 'HKLM', 'HKR', 'HKU']);

export const infBadRegistryLine = defineRule({
  id: 'inf/bad-registry-line',
  severity: 'warning',
  scope: 'package',
  explain: `A line of an AddReg or DelReg list does not begin with HKR, HKLM, HKCR, HKCU or HKU, its flags are not a number, or the value of the type REG_DWORD is not one.
Windows ignores such a line, or takes the flags as 0 and writes the value as text.
Write root, subkey, value name, flags and value, separated by commas ("INF AddReg Directive").`,
  check: ({ inf, parsed }) => {
    const hint = 'write root, subkey, value name, flags and value, separated by commas';
    const lists = new Set(['AddReg', 'DelReg'].flatMap((directive) => namedSections(parsed, directive)));
    return [...lists].flatMap(({ name, entries }) =>
      entries.flatMap(({ key, values, line }) => {
        const [root = '', , , flags = '', value = ''] = values;
        if (key !== undefined || !roots.has(root.toUpperCase())) {
          const start = (key ?? root).slice(0, 60);
          return [
            { path: inf, line, message: `a line of [${name}] begins with "${start}", not with a root`, hint },
          ];
        }
        if (isDword(flags) && values.length === 5 && !number.test(value)) {
          const message = `the number (REG_DWORD) of a line of [${name}] is "${value.slice(0, 60)}"`;
          return [{ path: inf, line, message, hint: 'write a number, such as 1 or 0x1' }];
        }
        if (number.test(flags)) return [];
        return [
          { path: inf, line, message: `the flags of a line of [${name}] are "${flags.slice(0, 60)}"`, hint },
        ];
      }),
    );
  },
});

/** Whether flags have the type FLG_ADDREG_TYPE_DWORD; bits 1 to 15 do not name the type. */
function isDword(flags: string): boolean {
  const given = infNumber(flags);
  return given !== undefined && (given & 0xffff0001) === 0x00010001;
}
