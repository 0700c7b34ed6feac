import { describe, expect, test } from 'vitest';
import {
  countersigner,
  testAuthorities,
  testClock,
  testVendor,
  trustTestRoots,
} from '../../builders/authority.ts';
import { type CatalogOptions, withCatalog } from '../../builders/catalog.ts';
import { type PeSigningOptions, signPe } from '../../builders/signed-pe.ts';
import { driverFolder, type Tree } from '../../builders/tree.ts';
import { makeCertificate } from '../../formats/signing.ts';
import { diagnose, flippedAt, withUnreadableSignature } from './damage.ts';

trustTestRoots();

const broken = ['catalog/broken-signature'];
const dated = (from: string, to: string) =>
  makeCertificate({ name: 'dated', validity: [`${from}0101000000Z`, `${to}0101000000Z`] });

describe('who signed a built package', () => {
  const root = makeCertificate({ name: 'Own root', isAuthority: true });
  const issuer = makeCertificate({ name: 'Own issuer', issuer: root, isAuthority: true });
  const own = makeCertificate({ name: 'Own', issuer });
  const folder = 'Win11/amd64';
  const cat = `${folder}/viostor.cat`;
  const sys = `${folder}/viostor.sys`;
  const vendor = { signer: testVendor, issuers: testAuthorities };
  const signedBy = (catalogs: CatalogOptions) => withCatalog(driverFolder(folder), catalogs);
  const damaged = (files: Tree, der: Uint8Array) => ({
    ...files,
    [cat]: flippedAt(bytes(files, cat), der.slice(-40)),
  });
  const unreadable = (files: Tree) => ({ ...files, [sys]: withUnreadableSignature(bytes(files, sys)) });
  const bootDriver = (options?: PeSigningOptions) => {
    const tree = driverFolder(folder, {
      inf: { driver: { files: ['viostor.sys'], destination: 12, startType: 0 } },
    });
    const signed = options === undefined ? tree : { ...tree, [sys]: signPe(bytes(tree, sys), options) };
    return withCatalog(signed, vendor);
  };
  const stamped = { ...vendor, countersigned: '250101000000Z' };
  const expired = { signer: dated('20', '21'), countersigned: '200601000000Z' };

  test.each<[string, Tree, readonly string[], readonly string[]]>([
    ['a public authority', signedBy(vendor), [], []],
    ['an authority of its own', signedBy({ signer: own, issuers: [issuer, root] }), [], []],
    ['nobody who shows a chain', signedBy({ signer: own }), [], ['catalog/incomplete-chain']],
    ['a certificate that was changed', damaged(signedBy(vendor), testVendor.der), broken, []],
    [
      'an issuer whose certificate was changed',
      damaged(signedBy(vendor), testAuthorities[0]?.der ?? new Uint8Array()),
      broken,
      [],
    ],
    [
      'a certificate beside one that was changed and is not used',
      damaged(signedBy({ issuers: [own] }), own.der),
      [],
      [],
    ],
    ['a clock that was changed', damaged(signedBy(stamped), testClock.der), ['catalog/broken-timestamp'], []],
    [
      'an expired certificate at a time that no public authority states',
      signedBy({ ...expired, clock: makeCertificate({ name: 'Own clock' }) }),
      [],
      ['catalog/certificate-dates'],
    ],
    ['a vendor, the boot driver too', bootDriver({ signer: testVendor, others: testAuthorities }), [], []],
    ['a vendor, the boot driver by somebody else', bootDriver({}), ['pe/weak-boot-signature'], []],
    [
      'a vendor, the boot driver by a signature that cannot be read',
      unreadable(bootDriver({ signer: testVendor, others: testAuthorities })),
      ['pe/unsigned-boot-driver'],
      [],
    ],
    [
      'a vendor, another driver by a signature that cannot be read',
      unreadable(
        withCatalog({ ...driverFolder(folder), [sys]: signPe(bytes(driverFolder(folder), sys)) }, vendor),
      ),
      ['pe/broken-signature'],
      [],
    ],
    ['a vendor, the boot driver by nobody', bootDriver(), ['pe/unsigned-boot-driver'], []],
    [
      'a vendor, the boot driver at a time that is not its own',
      bootDriver({
        signer: testVendor,
        others: [testClock, ...testAuthorities],
        unsignedAttributes: countersigner('250101000000Z', testClock, Buffer.from('x')),
      }),
      ['pe/broken-timestamp'],
      [],
    ],
  ])('%s', async (_, files, errors, warnings) => {
    expect(await diagnose({ files })).toEqual({ errors, warnings });
  });
});

function bytes(files: Tree, path: string): Buffer {
  return Buffer.from(files[path] ?? '');
}
