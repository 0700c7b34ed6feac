import { defineRule } from '../define.ts';
import { day, shortLife, untimedFiles } from '../own-signatures.ts';

export const signNoTimestamp = defineRule({
  id: 'sign/no-timestamp',
  severity: 'info',
  scope: 'release',
  explain: `Drivers that the release signs have no timestamp of a public authority.
Windows accepts a signature after the end of its certificate only if such a timestamp proves that it is older; without one, installing the drivers fails from that day on (CERT_E_EXPIRED, 0x800B0101).
Name public timestamp authorities under "sign: timestamps", or let the certificate be valid for the lifetime of the disc.`,
  check: (input) => {
    const untimed = untimedFiles(input);
    const validTo = input.tree.signing?.certificate.validTo ?? '';
    if (untimed.length === 0 || shortLife(input) !== undefined) return [];
    return [
      {
        path: input.manifest.release.name,
        message: `signs ${untimed.length === 1 ? `${untimed[0]} without a timestamp` : `${untimed.length} files without a timestamp`} of a public authority: their signatures end with the certificate, on ${day(validTo)}`,
        hint: 'name timestamp authorities under "sign: timestamps" in the release',
      },
    ];
  },
});
