import type { DriverTree } from '../../../pipeline/model/driver-tree.ts';
import type { SignedDiscFile } from '../../../pipeline/model/signing.ts';
import { testAuthorities, testVendor } from '../../builders/authority.ts';
import { withCatalog } from '../../builders/catalog.ts';
import { driverFolder, type Tree } from '../../builders/tree.ts';
import type { RuleCase, RuleCases } from '../../contracts/rule-contract.ts';
import { makeCertificate, type TestCertificate } from '../../formats/signing.ts';

const files = driverFolder('Win10/x86');
const w10 = 'viostor/w10/x86';
const digest = 'ab'.repeat(32);
const vendor = { signer: testVendor, issuers: testAuthorities };

/** The cases of the rules about how a catalog was signed, by the release itself or before. */
export const signCases: Readonly<Record<string, RuleCases>> = {
  'catalog/list-not-der': {
    passes: { files },
    fails: {
      files,
      facts: (facts) =>
        new Map(
          [...facts].map(([path, one]) => [path, one.catalog ? { ...one, unsorted: ['content'] } : one]),
        ),
    },
    findings: [`${w10}/viostor.cat: its list of files has sets that are not in the order of DER`],
  },
  'catalog/not-der': {
    passes: { files, catalogs: vendor },
    fails: { files: withSwappedCertificates() },
    findings: [
      `${w10}/viostor.cat: its certificates are not in the order of DER: Windows refuses it since October 2020`,
    ],
  },
  'catalog/unfit-certificate': {
    passes: { files, catalogs: { signer: usable({ ekus: ['1.3.6.1.5.5.7.3.3'], keyUsage: 0x80 }) } },
    fails: {
      files: {
        ...withCatalog(files, { signer: usable({ ekus: ['1.3.6.1.5.5.7.3.1'] }) }),
        ...withCatalog(driverFolder('Win7/x86'), { signer: usable({ keyUsage: 0x04 }) }),
      },
    },
    findings: [
      `${w10}/viostor.cat: the certificate of "Ours" is not for code: its extended key usage lacks codeSigning`,
      'viostor/w7/x86/viostor.cat: the certificate of "Ours" is not for signatures: its key usage lacks digitalSignature',
    ],
  },
  'sign/no-timestamp': {
    passes: { files, catalogs: { ...vendor, countersigned: '250101000000Z' }, tree: signedUntil('2036') },
    fails: { files, tree: signedUntil('2036') },
    findings: [
      `test-disc: signs ${w10}/viostor.cat without a timestamp of a public authority: their signatures end with the certificate, on 2036-01-02`,
    ],
  },
  'sign/replaced-signature': {
    passes: { files },
    fails: { files, tree: signedUntil('2036', { state: 'kept', replaced: 'Another' }) },
    findings: [`${w10}/viostor.cat: its signature of "Another" is replaced by the release's own`],
  },
  'sign/short-lived-certificate': {
    passes: { files, catalogs: { ...vendor, countersigned: '250101000000Z' }, tree: signedUntil('2026') },
    fails: { files, tree: signedUntil('2026') },
    findings: ['test-disc: the certificate of "Ours" ends on 2026-06-01, 149 days after the release'],
  },
};

function usable(options: { readonly ekus?: string[]; readonly keyUsage?: number }): TestCertificate {
  return makeCertificate({ name: 'Ours', ...options });
}

/** The release of the tests is of 2026-01-02. */
function signedUntil(
  year: '2026' | '2036',
  more: Partial<SignedDiscFile> = {},
): NonNullable<RuleCase['tree']> {
  const validTo = year === '2026' ? '2026-06-01T00:00:00.000Z' : '2036-01-02T00:00:00.000Z';
  const certificate = {
    name: 'Ours',
    sha256: digest,
    validFrom: '2020-01-01T00:00:00.000Z',
    validTo,
    chain: [],
    pem: [],
  };
  const file: SignedDiscFile = { path: `${w10}/viostor.cat`, state: 'signed', to: digest, ...more };
  return (tree: DriverTree) => ({ ...tree, signing: { certificate, files: [file] } });
}

/** As osslsigncode of Debian 12 leaves them; no signature covers their order. */
function withSwappedCertificates(): Tree {
  const tree = withCatalog(files, vendor);
  const path = 'Win10/x86/viostor.cat';
  const bytes = Buffer.from(tree[path] ?? '');
  const [first, second] = [testVendor, ...testAuthorities]
    .map(({ der }) => Buffer.from(der))
    .sort((a, b) => bytes.indexOf(a) - bytes.indexOf(b));
  if (first === undefined || second === undefined) throw new Error('two certificates are in the catalog');
  const at = bytes.indexOf(first);
  Buffer.concat([second, first]).copy(bytes, at);
  return { ...tree, [path]: bytes };
}
