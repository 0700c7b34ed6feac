import { defineRule } from '../define.ts';
import { day, shortLife } from '../own-signatures.ts';

export const signShortLivedCertificate = defineRule({
  id: 'sign/short-lived-certificate',
  severity: 'warning',
  scope: 'release',
  explain: `The certificate that signs the release's drivers ended before, or ends less than a year after, the date of the release (SOURCE_DATE_EPOCH, else the newest changelog entry), and no timestamp of a public authority keeps its signatures valid.
From that day on Windows refuses to install the drivers (CERT_E_EXPIRED, 0x800B0101), also on machines that had no trouble before; installed drivers keep loading.
Make a certificate that is valid for the lifetime of the disc, or name public timestamp authorities under "sign: timestamps".`,
  check: (input) => {
    const { tree, manifest } = input;
    const days = shortLife(input);
    if (tree.signing === undefined || days === undefined) return [];
    const { name, validTo } = tree.signing.certificate;
    return [
      {
        path: manifest.release.name,
        message: `the certificate of "${name}" ends on ${day(validTo)}, ${Math.abs(days)} days ${days < 0 ? 'before' : 'after'} the release`,
        hint: 'make a certificate that is valid for the lifetime of the disc, or name timestamp authorities',
      },
    ];
  },
});
