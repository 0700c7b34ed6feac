import { expect, test } from 'vitest';
import { parseCatalog } from '../../pipeline/formats/catalog/catalog.ts';
import { fileDigests, membersOf } from '../../pipeline/formats/catalog/file-digests.ts';
import { readPeSignatures } from '../../pipeline/formats/pe/signature.ts';
import { withCatalog } from './catalog.ts';
import { signPe } from './signed-pe.ts';
import { driverFolder } from './tree.ts';

test.each(['Win7/x86', 'Win10/amd64', 'Win11/ARM64'])(
  'the catalog of %s holds all files of its folder, is signed, and is named by the INF',
  (folder) => {
    const tree = withCatalog(driverFolder(folder));
    const catalog = parseCatalog(Buffer.from(tree[`${folder}/viostor.cat`] ?? ''));
    const os = folder.startsWith('Win7') ? '2:6.1' : '2:10.0';
    for (const name of ['viostor.inf', 'viostor.sys']) {
      const members = membersOf(catalog, fileDigests(Buffer.from(tree[`${folder}/${name}`] ?? '')));
      expect(members.length).toBe(folder.startsWith('Win7') ? 1 : 2);
      expect(members.map(({ file, osAttr }) => [file, osAttr])).toEqual(members.map(() => [name, [os]]));
    }
    expect(catalog.hardwareIds).toEqual(['root\\pvdisc_viostor']);
    expect(
      catalog.signature.signers.map(({ problem, certificate }) => [problem, certificate?.selfSigned]),
    ).toEqual([[undefined, true]]);
    expect(Buffer.from(tree[`${folder}/viostor.inf`] ?? '').toString()).toContain(
      '\r\nCatalogFile = viostor.cat\r\n',
    );
  },
);

test('a signed binary has one signature that matches, and its digest in a catalog stays the same', () => {
  const bytes = Buffer.from(driverFolder('Win10/x86')['Win10/x86/viostor.sys'] ?? '');
  const signed = signPe(bytes);
  const [signature, ...others] = readPeSignatures(signed);
  expect(others).toEqual([]);
  expect(signature).toMatchObject({ matches: true, signers: [{ certificate: { selfSigned: true } }] });
  expect(signature?.signers[0]).not.toHaveProperty('problem');
  expect(fileDigests(signed)).toEqual(fileDigests(bytes));
  expect(readPeSignatures(signPe(bytes, { matches: false }))[0]?.matches).toBe(false);
});
