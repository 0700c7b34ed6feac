import { describe, expect, it } from 'vitest';
import { parseCatalog } from '../../../pipeline/formats/catalog/catalog.ts';
import {
  type CatalogSource,
  catalogHardwareIds,
  cataloguedFiles,
  makeCatalogList,
} from '../../../pipeline/formats/catalog/make.ts';
import { writeUnsignedCatalog } from '../../../pipeline/formats/catalog/write.ts';
import { parseInf } from '../../../pipeline/formats/inf/inf.ts';
import { crlf } from '../bytes.ts';

const digests = (byte: string, kind: 'pe' | 'flat' = 'flat') =>
  ({ kind, sha1: byte.repeat(20), sha256: byte.repeat(32) }) as const;

const made = (more: Partial<CatalogSource> = {}) => {
  const files = [
    { path: 'Viostor.INF', digests: digests('aa') },
    { path: 'sub/viostor.sys', digests: digests('11', 'pe') },
  ];
  const source = {
    files,
    os: ['_v100_X64'],
    hardwareIds: ['pci\\a', 'pci\\b'],
    epoch: 1_700_000_000,
    ...more,
  };
  return parseCatalog(writeUnsignedCatalog(makeCatalogList(source)));
};

describe('makeCatalogList', () => {
  it('gives each file two members in version 2, of which SHA-256 has indirect data', () => {
    const { version, members, os, hardwareIds, attributes, thisUpdate } = made();
    expect({ version, os, hardwareIds, thisUpdate }).toEqual({
      version: 2,
      os: ['_v100_X64'],
      hardwareIds: ['pci\\a', 'pci\\b'],
      thisUpdate: '2023-11-14T22:13:20.000Z',
    });
    expect(attributes.map(({ name }) => name)).toEqual(['OS', 'HWID2', 'HWID1']);
    expect(
      members.map(({ file, kind, algorithm, hasIndirectData, osAttr }) =>
        [file, kind, algorithm, hasIndirectData, ...osAttr].join(' '),
      ),
    ).toEqual([
      'viostor.sys pe sha1 false 2:10.0',
      'viostor.sys pe sha256 true 2:10.0',
      'viostor.inf flat sha1 false 2:10.0',
      'viostor.inf flat sha256 true 2:10.0',
    ]);
  });

  it('gives each file one member in version 1, which a Windows before 8 asks for', () => {
    const { version, members } = made({ os: ['7X64', '_v100_X64'] });
    expect(version).toBe(1);
    expect(
      members.map(({ file, algorithm, hasIndirectData, osAttr }) =>
        [file, algorithm, hasIndirectData, ...osAttr].join(' '),
      ),
    ).toEqual(['viostor.sys sha1 true 2:6.1 2:10.0', 'viostor.inf sha1 true 2:6.1 2:10.0']);
  });

  it('gives files of equal bytes a member each, in the order of the INF, and equal names one', () => {
    const files = ['b.cmd', 'a.cmd', 'x/B.cmd'].map((path) => ({ path, digests: digests('aa') }));
    expect(made({ files }).members.map(({ file }) => file)).toEqual(['b.cmd', 'a.cmd', 'b.cmd', 'a.cmd']);
  });

  it('derives its identifier from all that it says but the time', () => {
    const { listId } = made();
    expect(listId).toMatch(/^[0-9a-f]{32}$/);
    expect(made({ epoch: 1 }).listId).toBe(listId);
    expect(made({ hardwareIds: [] }).listId).not.toBe(listId);
    expect(made({ os: ['_v100'] }).listId).not.toBe(listId);
    expect(made({ files: [{ path: 'viostor.inf', digests: digests('ab') }] }).listId).not.toBe(listId);
  });
});

const inf = parseInf(
  crlf(`[Version]
Signature = "$Windows NT$"
CatalogFile = a.cat
CatalogFile.ntx86 = x86.cat
[Manufacturer]
%V% = Models, NTx86, NTamd64
[SourceDisksNames]
1 = d
[SourceDisksFiles]
A.sys = 1
a.cat = 1
[SourceDisksFiles.x86]
old.dll = 1,x86
[Models.NTx86]
%V% = Install, PCI\\B, PCI\\A
[Models.NTamd64]
%V% = Install, PCI\\A, PCI\\C
%V% = Install, pci\\a
[Strings]
V = "v"
`),
);

describe('of an INF', () => {
  it.each([
    [['amd64'], ['A.inf', 'A.sys']],
    [['x86'], ['A.inf', 'a.cat', 'A.sys', 'x86/old.dll']],
    [
      ['amd64', 'x86'],
      ['A.inf', 'A.sys', 'x86/old.dll'],
    ],
  ] as const)('for %j the catalog holds %j', (archs, expected) => {
    expect(cataloguedFiles(inf, 'A.inf', archs).sort()).toEqual([...expected].sort());
  });

  it.each([
    [['amd64'], ['pci\\a', 'pci\\c']],
    [['x86'], ['pci\\b', 'pci\\a']],
    [
      ['amd64', 'x86'],
      ['pci\\b', 'pci\\a', 'pci\\c'],
    ],
    [['ARM64'], []],
  ] as const)('for %j it names the devices %j', (archs, expected) => {
    expect(catalogHardwareIds(inf, archs)).toEqual(expected);
  });
});
