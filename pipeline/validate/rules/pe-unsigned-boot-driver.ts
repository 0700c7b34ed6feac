import { bootDrivers, checksBootDrivers, embeddedState } from '../boot-drivers.ts';
import { defineRule } from '../define.ts';
import type { FileFacts } from '../facts.ts';

export const peUnsignedBootDriver = defineRule({
  id: 'pe/unsigned-boot-driver',
  severity: 'error',
  scope: 'package',
  explain: `A boot-start driver (StartType = 0) has no valid embedded signature in its .sys file. The boot loader cannot read catalogs, so a signed catalog is not enough.
64-bit Windows since Vista, and 32-bit Windows since 8 under Secure Boot, do not load the driver, and a guest with its disk on this driver does not boot. In a folder that names no Windows, a 64-bit package is checked if its models, its catalog or the linker's subsystem version ties it to Vista or later, since XP x64 loads unsigned drivers.
Embed a signature in the .sys ("signtool sign", "osslsigncode sign") before its catalog is made.
A release that is unsigned on purpose says why ("unsigned: REASON"), which accepts a missing signature, but not a broken one.`,
  check: (driverPackage) => {
    if (!checksBootDrivers(driverPackage)) return [];
    return bootDrivers(driverPackage).flatMap(({ path, facts }) => {
      const message = whyUnsigned(facts);
      if (message === undefined) return [];
      const hint = 'embed a signature in the .sys before its catalog is made';
      return [{ path, message, hint, ...(message === noSignature && { lacksSignature: true as const }) }];
    });
  },
});

const noSignature = 'is loaded at boot, but has no embedded signature';

function whyUnsigned(facts: FileFacts): string | undefined {
  if (facts.signatureProblem !== undefined)
    return `is loaded at boot, but its embedded signature cannot be read: ${facts.signatureProblem}`;
  if (facts.signatures === undefined) return undefined;
  if (facts.signatures.length === 0) return noSignature;
  return embeddedState(facts) === 'unsigned'
    ? 'is loaded at boot, but its embedded signature is broken or does not match the file'
    : undefined;
}
