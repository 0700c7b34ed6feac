import { bootDrivers, checksBootDrivers } from '../boot-drivers.ts';
import { whyOutdated } from '../certificate-dates.ts';
import { defineRule } from '../define.ts';

export const peCertificateDates = defineRule({
  id: 'pe/certificate-dates',
  severity: 'warning',
  scope: 'tree',
  explain: `The certificate of the embedded signature of a boot-start driver was not valid at the time of the timestamp or, without a timestamp, at the date of the release.
The boot loader cannot read catalogs, and an expired certificate without a valid timestamp from before the expiry does not count (CERT_E_EXPIRED, 0x800B0101): the driver is not loaded, and a guest with its disk on it does not boot.
Sign the driver again with a valid certificate and a timestamp, before its catalog is made.
catalog/certificate-dates says which date counts, and what "pvdisc inspect" reports.`,
  check: ({ packages, epoch }) => {
    const files = packages.filter(checksBootDrivers).flatMap(bootDrivers);
    const byPath = new Map(files.map(({ path, facts }) => [path, facts.signatures ?? []]));
    return [...byPath].flatMap(([path, signatures]) => {
      const outdated = signatures
        .filter(({ matches }) => matches)
        .map(({ signers }) => signers.map((signer) => whyOutdated(signer, epoch)));
      const [message] = outdated.flat();
      if (message === undefined || outdated.flat().includes(undefined)) return [];
      return [
        {
          path,
          message: `its embedded signature ${message}`,
          hint: 'sign the driver again with a valid certificate and a timestamp',
        },
      ];
    });
  },
});
