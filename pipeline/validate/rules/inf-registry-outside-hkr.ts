import { namedSections } from '../../formats/inf/references.ts';
import { defineRule } from '../define.ts';

const foreignRoots = new Set(['HKCR', 'HKCU', 'HKLM', 'HKU']);

export const infRegistryOutsideHkr = defineRule({
  id: 'inf/registry-outside-hkr',
  severity: 'warning',
  scope: 'package',
  explain: `An AddReg line writes outside the device's own part of the registry (HKR).
Windows writes the value but does not remove it with the driver, and drivers for all editions of Windows 10 and later must not do this (InfVerif 1304).
Write the value below HKR, or write it from a service or installer.`,
  check: ({ inf, parsed }) =>
    namedSections(parsed, 'AddReg').flatMap(({ entries }) =>
      entries
        .filter(({ key, values: [root = ''] }) => key === undefined && foreignRoots.has(root.toUpperCase()))
        .map(({ values: [root, subkey], line }) => ({
          path: inf,
          line,
          message: `writes to ${root}\\${subkey ?? ''}, outside the device's own part of the registry`,
          hint: 'write the value below HKR if the driver is for Windows 10 and later',
        })),
    ),
});
