import { countersigner, testAuthorities, testClock, testVendor } from '../../builders/authority.ts';
import { withCatalog } from '../../builders/catalog.ts';
import { type PeSigningOptions, signPe } from '../../builders/signed-pe.ts';
import { driverFolder, type Tree } from '../../builders/tree.ts';
import type { RuleCases } from '../../contracts/rule-contract.ts';
import { makeCertificate } from '../../formats/signing.ts';
import { flippedAt } from './damage.ts';

const [issuer] = testAuthorities;
const vendor = { signer: testVendor, issuers: testAuthorities };
const leaf = makeCertificate({ name: 'Alone', issuer: makeCertificate({ name: 'Not there' }) });
const wrongTime = countersigner('250101000000Z', testClock, Buffer.from('other bytes'));
const clocks = [testClock, ...testAuthorities];

/** The cases of the rules about who signed and when; the root of tests must be a public one (`withTestRoot`). */
export const trustCases: Readonly<Record<string, RuleCases>> = {
  'catalog/broken-timestamp': {
    passes: { files: driverFolder('Win10/x86'), catalogs: { countersigned: '250101000000Z' } },
    fails: { files: withDamagedClock() },
    findings: [
      'viostor/w10/x86/viostor.cat: has a broken timestamp: the certificate of "Clock" does not match the signature of its issuer',
    ],
  },
  'catalog/incomplete-chain': {
    passes: {
      files: driverFolder('Win10/x86'),
      catalogs: { signer: testVendor, issuers: [...testAuthorities].slice(0, 1) },
    },
    fails: { files: driverFolder('Win10/x86'), catalogs: { signer: leaf } },
    findings: [
      'viostor/w10/x86/viostor.cat: lacks the certificate of "O=Tests, CN=Not there", an issuer in its chain',
    ],
  },
  'catalog/weak-signature': {
    passes: { files: driverFolder('Win10/x86'), catalogs: { ...vendor, digest: 'sha256' } },
    fails: { files: driverFolder('Win10/x86'), catalogs: { ...vendor, digest: 'md5' } },
    findings: ['viostor/w10/x86/viostor.cat: its signature uses MD5, which newer Windows versions reject'],
  },
  'pe/broken-signature': {
    passes: { files: signedDriver({ signer: testVendor, others: testAuthorities }) },
    fails: {
      files: {
        ...signedDriver({ matches: false }),
        ...withDamagedIssuer(),
      },
    },
    findings: [
      'viostor/2k22/amd64/viostor.sys: has a broken embedded signature: the file does not match the signed digest',
      'viostor/w10/amd64/viostor.sys: has a broken embedded signature: the file does not match the signed digest',
      'viostor/w11/amd64/viostor.sys: has a broken embedded signature: the certificate of "Public issuer of tests" does not match the signature of its issuer',
    ],
  },
  'pe/broken-timestamp': {
    passes: { files: signedDriver({ others: clocks, unsignedAttributes: countersigner('250101000000Z') }) },
    fails: { files: signedDriver({ others: clocks, unsignedAttributes: wrongTime }) },
    findings: ['2k22', 'w10'].map(
      (os) =>
        `viostor/${os}/amd64/viostor.sys: its embedded signature has a broken timestamp: the content does not match the signed digest`,
    ),
  },
  'pe/weak-boot-signature': {
    passes: { files: signedDriver({ signer: testVendor, others: testAuthorities }, 0), catalogs: vendor },
    fails: { files: signedDriver({}, 0), catalogs: vendor },
    findings: ['2k22', 'w10'].map(
      (os) =>
        `viostor/${os}/amd64/viostor.sys: is loaded at boot with an embedded signature that is self-signed, while its catalog is vendor-signed: it is loaded in test-signing mode only (bcdedit /set testsigning on, Secure Boot off)`,
    ),
  },
};

function signedDriver(options: PeSigningOptions, startType: 0 | 3 = 3, folder = 'Win10/amd64'): Tree {
  const driver = { files: ['viostor.sys'], destination: 12, startType } as const;
  const tree = driverFolder(folder, { inf: { driver } });
  const path = `${folder}/viostor.sys`;
  return { ...tree, [path]: signPe(Buffer.from(tree[path] ?? ''), options) };
}

/** One byte of the authority's certificate is changed in the binary. */
function withDamagedIssuer(): Tree {
  const folder = 'Win11/amd64';
  const tree = signedDriver({ signer: testVendor, others: testAuthorities }, 3, folder);
  const path = `${folder}/viostor.sys`;
  const end = (issuer?.der ?? new Uint8Array()).slice(-40);
  return { ...tree, [path]: flippedAt(Buffer.from(tree[path] ?? ''), end) };
}

/** One byte of the clock's certificate is changed in the catalog. */
function withDamagedClock(): Tree {
  const tree = withCatalog(driverFolder('Win10/x86'), { countersigned: '250101000000Z' });
  const path = 'Win10/x86/viostor.cat';
  return { ...tree, [path]: flippedAt(Buffer.from(tree[path] ?? ''), testClock.der.slice(-40)) };
}
