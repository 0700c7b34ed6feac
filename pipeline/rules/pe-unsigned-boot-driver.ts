import { nameOf } from '../collect/source-index.ts';
import { defineRule } from '../define.ts';
import type { PackageFacts, PayloadFile } from '../validate/package-facts.ts';
import { infServices } from '../windows/inf-services.ts';

export const peUnsignedBootDriver = defineRule({
  id: 'pe/unsigned-boot-driver',
  severity: 'error',
  scope: 'package',
  explain: `A driver that the loader starts at boot (StartType = 0) has no good signature in its own .sys file. The loader cannot read catalogs, so the catalog does not help.
64-bit Windows since Vista, and 32-bit Windows under Secure Boot since 8, then do not load the driver, and a guest whose disk it serves does not boot.
Sign the .sys itself ("signtool sign", "osslsigncode sign") before its catalog is made.`,
  check: (driverPackage) => {
    if (!checksBootDrivers(driverPackage)) return [];
    const { parsed, target, payload } = driverPackage;
    const booted = infServices(parsed, target.arch).filter(({ start }) => start === 0);
    const names = new Set(booted.map(({ binary = '' }) => binary.split('\\').at(-1)?.toLowerCase()));
    return payload
      .filter(({ path }) => names.has(nameOf(path).toLowerCase()))
      .flatMap(({ path, facts }) => {
        const message = whyUnsigned(facts);
        if (message === undefined) return [];
        return [{ path, message, hint: 'sign the .sys itself before its catalog is made' }];
      });
  },
});

/** Windows before Vista, and 32-bit Windows before 8, which knows no Secure Boot, load boot drivers without a signature. */
function checksBootDrivers({ target, row }: PackageFacts): boolean {
  if (row === undefined) return target.arch !== 'x86';
  const [major = 0, minor = 0] = row.version.split('.').map(Number);
  return target.arch === 'x86' ? major > 6 || (major === 6 && minor >= 2) : major >= 6;
}

function whyUnsigned({ signatures }: PayloadFile['facts']): string | undefined {
  if (signatures === undefined) return undefined;
  if (signatures.length === 0) return 'is loaded at boot and has no embedded signature';
  const isGood = signatures.some(
    ({ matches, signers }) => matches && signers.some(({ problem }) => problem === undefined),
  );
  return isGood ? undefined : 'is loaded at boot and its embedded signature does not fit the file';
}
