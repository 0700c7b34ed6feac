import { brokenSignature } from '../../formats/signature/signature.ts';
import { defineRule } from '../define.ts';
import { serviceDrivers } from '../driver-needs.ts';
import type { FileFacts } from '../facts.ts';

export const peWrongChecksum = defineRule({
  id: 'pe/wrong-checksum',
  severity: 'error',
  scope: 'package',
  explain: `The checksum in the headers of a driver is not the one of the file: the file was changed after it was linked or signed, or was built without a checksum.
Microsoft documents that Windows checks it for all drivers when it loads them ("PE Format", CheckSum) and requires it for device drivers ("/RELEASE"); the refusal is STATUS_IMAGE_CHECKSUM_MISMATCH (0xC0000221). Not every Windows is known to enforce it, but the file is not as its linker wrote it.
Get the file again from the driver build; link it with /RELEASE, which tools that sign also keep right. A file that differs from its catalog or its embedded signature has only the finding for that.`,
  check: (driverPackage) =>
    serviceDrivers(driverPackage).flatMap(({ path, facts }) => {
      const { checksum } = facts.driver ?? {};
      if (checksum === undefined || checksum.held === checksum.computed) return [];
      const { catalog, verdict } = driverPackage;
      if ((catalog !== undefined && verdict.uncovered.includes(path)) || isChanged(facts)) return [];
      const [held, computed] = [checksum.held, checksum.computed].map((sum) => `0x${sum.toString(16)}`);
      return [
        {
          path,
          message: `its checksum is ${computed}, but its headers have ${checksum.held === 0 ? 'none' : held}`,
          hint: 'get the file again from the driver build, or link it with /RELEASE',
        },
      ];
    }),
});

function isChanged({ signatures = [], signatureProblem }: FileFacts): boolean {
  if (signatureProblem !== undefined || signatures.some(({ matches }) => !matches)) return true;
  return brokenSignature(signatures.flatMap(({ signers }) => signers)) !== undefined;
}
