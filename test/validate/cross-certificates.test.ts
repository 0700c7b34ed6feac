import { expect, test } from 'vitest';
import { signatureWords } from '../../pipeline/model/signature-words.ts';
import { packageLoads } from '../../pipeline/validate/boot-drivers.ts';
import { testAuthorities, testCrossCertificate, testVendor, trustTestRoots } from '../builders/authority.ts';
import { withCatalog } from '../builders/catalog.ts';
import { inspectFolder } from '../builders/inspected.ts';
import { temporaryFolder } from '../builders/release.ts';
import { signPe } from '../builders/signed-pe.ts';
import { driverFolder, writeTree } from '../builders/tree.ts';

trustTestRoots();

const plain = testAuthorities;
const crossed = [...testAuthorities, testCrossCertificate];

test.each([
  ['Win7/amd64', plain, 'self-signed', 'test-signing', 'vendor-signed by Vendor without a cross-certificate'],
  ['Win7/amd64', crossed, 'vendor-signed', 'always', 'vendor-signed by Vendor'],
  [
    'Win8.1/amd64',
    plain,
    'self-signed',
    'test-signing',
    'vendor-signed by Vendor without a cross-certificate',
  ],
  ['Win8.1/amd64', crossed, 'vendor-signed', 'secure-boot', 'vendor-signed by Vendor'],
  ['Win7/x86', plain, 'vendor-signed', 'always', 'vendor-signed by Vendor'],
  ['Win10/amd64', plain, 'vendor-signed', 'without-secure-boot', 'vendor-signed by Vendor'],
] as const)('a vendor’s driver for %s', async (folder, issuers, signature, loads, words) => {
  const [found] = await packagesOf(withCatalog(driverFolder(folder), { signer: testVendor, issuers }));
  expect(found).toMatchObject({ signature, verdict: { trust: 'vendor-signed' } });
  expect(found && packageLoads(found)).toBe(loads);
  expect(found && signatureWords(found)).toBe(words);
});

test.each([
  [plain, 'test-signing'],
  [crossed, 'always'],
] as const)(
  'a boot driver needs a cross-certificate in its embedded signature too',
  async (others, loads) => {
    const driver = { files: ['viostor.sys'], destination: 12, startType: 0 } as const;
    const tree = driverFolder('Win7/amd64', { inf: { driver } });
    const path = 'Win7/amd64/viostor.sys';
    const signed = { ...tree, [path]: signPe(Buffer.from(tree[path] ?? ''), { signer: testVendor, others }) };
    const [found] = await packagesOf(withCatalog(signed, { signer: testVendor, issuers: crossed }));
    expect(found && packageLoads(found)).toBe(loads);
  },
);

async function packagesOf(tree: ReturnType<typeof driverFolder>) {
  const folder = await temporaryFolder('pvdisc-cross-');
  await writeTree(folder, tree);
  return (await inspectFolder(folder)).packages;
}
