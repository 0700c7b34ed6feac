import { bootDrivers, checksBootDrivers } from '../boot-drivers.ts';
import { defineRule, type TreeInput } from '../define.ts';
import { isSha1OnWindows11, md5Part } from '../weak-signers.ts';

export const peWeakSignature = defineRule({
  id: 'pe/weak-signature',
  severity: 'warning',
  scope: 'tree',
  explain: `The embedded signature of a boot-start driver uses MD5, or SHA-1 alone on Windows 11; or the certificate table of a binary holds data after the signature.
The boot loader relies on the embedded signature alone; catalog/weak-signature says which Windows accepts MD5 and SHA-1. Anyone can change data after the signature, since they are not signed; where the check of Microsoft Security Advisory 2915720 (MS13-098, EnableCertPaddingCheck) is on, Windows takes such a file as unsigned.
Sign the binary again with SHA-256, and keep data out of the certificate table, before its catalog is made.`,
  check: (input) => {
    const weak = weakBootDrivers(input);
    return [...input.facts].flatMap(([path, { unsignedData = 0 }]) => {
      const data =
        unsignedData === 0
          ? undefined
          : `has ${unsignedData} bytes of data after the signature in its certificate table`;
      return [weak.get(path), data]
        .filter((message) => message !== undefined)
        .map((message) => ({
          path,
          message,
          hint: 'sign the binary again with SHA-256, and without data after the signature',
        }));
    });
  },
});

/** Boot drivers with a weak digest: other drivers are checked by their catalogs. */
function weakBootDrivers({ packages }: TreeInput): ReadonlyMap<string, string> {
  const found = packages.filter(checksBootDrivers).flatMap((driverPackage) =>
    bootDrivers(driverPackage).flatMap(({ path, facts }): [string, string][] => {
      const signers = (facts.signatures ?? []).filter(({ matches }) => matches).flatMap((one) => one.signers);
      const md5 = md5Part(signers);
      if (md5 !== undefined)
        return [[path, `is loaded at boot, but ${md5} uses MD5, which newer Windows versions reject`]];
      return isSha1OnWindows11(signers, driverPackage.row)
        ? [[path, 'is loaded at boot, but its embedded signature uses SHA-1, and Windows 11 demands SHA-2']]
        : [];
    }),
  );
  return new Map(found);
}
