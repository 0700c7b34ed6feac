import { bootDrivers, checksBootDrivers, embeddedState } from '../boot-drivers.ts';
import { defineRule } from '../define.ts';
import type { FileFacts } from '../facts.ts';

export const peUnsignedBootDriver = defineRule({
  id: 'pe/unsigned-boot-driver',
  severity: 'error',
  scope: 'package',
  explain: `A driver that the loader starts at boot (StartType = 0) has no good signature in its own .sys file. The loader cannot read catalogs, so the catalog does not help.
64-bit Windows since Vista, and 32-bit Windows under Secure Boot since 8, then do not load the driver, and a guest whose disk it serves does not boot.
Sign the .sys itself ("signtool sign", "osslsigncode sign") before its catalog is made.`,
  check: (driverPackage) => {
    if (!checksBootDrivers(driverPackage)) return [];
    return bootDrivers(driverPackage).flatMap(({ path, facts }) => {
      const message = whyUnsigned(facts);
      if (message === undefined) return [];
      return [{ path, message, hint: 'sign the .sys itself before its catalog is made' }];
    });
  },
});

function whyUnsigned(facts: FileFacts): string | undefined {
  if (facts.signatures === undefined) return undefined;
  if (facts.signatures.length === 0) return 'is loaded at boot and has no embedded signature';
  return embeddedState(facts) === 'unsigned'
    ? 'is loaded at boot and its embedded signature is broken or does not fit the file'
    : undefined;
}
