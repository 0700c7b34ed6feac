import { defineRule } from '../define.ts';
import { serviceDrivers } from '../driver-needs.ts';

export const peMemoryIntegrity = defineRule({
  id: 'pe/memory-integrity',
  severity: 'warning',
  scope: 'package',
  explain: `A driver for 64-bit Windows 10 or later is not compatible with memory integrity (HVCI): it has a section that is both writable and executable, sections that are not aligned to pages, or its import addresses in an executable section.
Windows does not load it where memory integrity is on, as on new installations of Windows 11 on most hardware, and turns memory integrity off where it is loaded at boot ("Implement memory integrity compatible code").
Build the driver with a current WDK: no /SECTION that makes code writable, /ALIGN:0x1000, and no /MERGE of data into code. INIT is exempt, since Windows takes the write permission from it. What the driver allocates at run time (executable pool) cannot be seen in the file; Driver Verifier and the HLK test it.`,
  check: (driverPackage) => {
    const { row, target } = driverPackage;
    if (row === undefined || target.arch === 'x86' || !row.version.startsWith('10.')) return [];
    return serviceDrivers(driverPackage).flatMap(({ path, facts }) =>
      (facts.driver?.memoryIntegrity ?? []).map((why) => ({
        path,
        message: `is not compatible with memory integrity: ${why}`,
        hint: 'build the driver with a current WDK, without options that move or merge sections',
      })),
    );
  },
});
