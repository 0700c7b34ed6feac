import { namedSections } from '../../formats/inf/references.ts';
import { defineRule } from '../define.ts';

const roots = new Set(['HKCR', 'HKCU', 'HKLM', 'HKR', 'HKU']);

export const infBadRegistryLine = defineRule({
  id: 'inf/bad-registry-line',
  severity: 'warning',
  scope: 'package',
  explain: `A line of an AddReg or DelReg list does not begin with HKR, HKLM, HKCR, HKCU or HKU, or its flags are not a number.
Windows ignores such a line, or takes the flags as 0 and writes the value as text.
Write root, subkey, value name, flags and value, separated by commas ("INF AddReg Directive").`,
  check: ({ inf, parsed }) => {
    const hint = 'write root, subkey, value name, flags and value, separated by commas';
    const lists = new Set(['AddReg', 'DelReg'].flatMap((directive) => namedSections(parsed, directive)));
    return [...lists].flatMap(({ name, entries }) =>
      entries.flatMap(({ key, values: [root = '', , , flags = ''], line }) => {
        if (key !== undefined || !roots.has(root.toUpperCase())) {
          const start = (key ?? root).slice(0, 60);
          return [
            { path: inf, line, message: `a line of [${name}] begins with "${start}", not with a root`, hint },
          ];
        }
        if (/^(0x[0-9a-f]+|-?\d*|%.*%)$/i.test(flags)) return [];
        return [
          { path: inf, line, message: `the flags of a line of [${name}] are "${flags.slice(0, 60)}"`, hint },
        ];
      }),
    );
  },
});
