import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assemble } from '../../pipeline/assemble/assemble.ts';
import { infoJson } from '../../pipeline/assemble/disc-contents.ts';
import { discReadme } from '../../pipeline/assemble/readme.ts';
import { listIso } from '../../pipeline/assemble/xorriso-list.ts';
import { attest } from '../../pipeline/attest/attest.ts';
import { collect } from '../../pipeline/collect/collect.ts';
import { hashFile } from '../../pipeline/system/files.ts';
import { hashStored } from '../../pipeline/system/stored-bytes.ts';
import { tools } from '../../pipeline/system/tools.ts';
import { validate } from '../../pipeline/validate/validate.ts';
import { withCatalog } from '../builders/catalog.ts';
import { readWithOracle } from '../builders/iso-oracle.ts';
import { lacksTool } from '../builders/needs.ts';
import { problemsOf } from '../builders/problems.ts';
import { collectRelease, makeRelease, type ReleaseOptions } from '../builders/release.ts';
import { driverFolder } from '../builders/tree.ts';

const options = { compression: 'zstd' } as const;

const packageInputs = { metadata: [], own: '00'.repeat(32) };

describe.skipIf(lacksTool('xorriso', 'zstd'))('assemble', () => {
  test('the disc has the drivers, what boots, what is written about them and the licences', async () => {
    const { iso, folder } = await assembled({ files: withCatalog(driverFolder('Win10/x86')) });
    expect(iso.files.map(({ path, origin }) => [path, origin?.path])).toEqual([
      ['LICENSES/BSD-3-Clause.txt', undefined],
      ['README.txt', undefined],
      ['data/info.json', undefined],
      ['i386/w10/viostor.cat', 'Win10/x86/viostor.cat'],
      ['i386/w10/viostor.inf', 'Win10/x86/viostor.inf'],
      ['i386/w10/viostor.sys', 'Win10/x86/viostor.sys'],
      ['index.html', undefined],
      ['install.cmd', undefined],
      ['unattend/w10-x86.xml', undefined],
      ['viostor/w10/x86/viostor.cat', 'Win10/x86/viostor.cat'],
      ['viostor/w10/x86/viostor.inf', 'Win10/x86/viostor.inf'],
      ['viostor/w10/x86/viostor.sys', 'Win10/x86/viostor.sys'],
    ]);
    const file = join(folder, 'out/test-disc-1.2.3.iso');
    expect(iso).toMatchObject({
      name: 'test-disc-1.2.3.iso',
      label: 'test-disc-1.2.3',
      content: await hashFile(file),
    });
  });

  test('what the image says of each file is on the disc', async () => {
    const { iso, release, tree } = await assembled({ files: withCatalog(driverFolder('Win10/x86')) });
    const subject = { place: 'test', name: 'disc' };
    const { files: entries } = await listIso(iso.content.file, 'best', subject, release.context.signal);
    const { files: primary } = await listIso(iso.content.file, 'primary', subject, release.context.signal);
    const read = await readWithOracle(iso.content.file);
    expect(read).toMatchObject({ label: iso.label, primary: primary.map(({ path }) => path) });
    const onDisc = await Promise.all(
      entries.map(async ({ path, size, extents }) => ({
        path,
        size,
        sha256: (await hashStored({ file: iso.content.file, extents })).sha256,
      })),
    );
    expect(onDisc).toEqual(iso.files.map(({ path, size, sha256 }) => ({ path, size, sha256 })));
    const bytes = await readFile(iso.content.file, 'latin1');
    expect(bytes).toContain(discReadme(release.manifest, tree.drivers));
    expect(bytes).toContain(infoJson(release.manifest, tree.drivers));
  });

  test.each(['slim', 'full'])(
    'debug symbols get a disc of their own where the release asks for it, also in the %s profile',
    async (profile) => {
      const { discs, folder, tree, release } = await assembled({
        files: withCatalog(driverFolder('Win10/x86', { extras: { 'viostor.pdb': 'symbols' } })),
        release: { profile, package: { name: 'test-disc', also: ['symbols'] } },
      });
      const { symbols } = discs;
      const file = join(folder, 'out/test-disc-symbols-1.2.3.iso');
      expect(symbols).toMatchObject({
        name: 'test-disc-symbols-1.2.3.iso',
        label: 'test-disc-1.2.3-pdb',
        content: await hashFile(file),
      });
      expect(symbols?.files.map(({ path, origin }) => [path, origin?.path])).toEqual([
        ['LICENSES/BSD-3-Clause.txt', undefined],
        ['README.txt', undefined],
        ['viostor/w10/x86/viostor.pdb', 'Win10/x86/viostor.pdb'],
      ]);
      expect(await readFile(file, 'latin1')).toContain(symbols?.readme ?? 'no readme');
      expect(symbols?.readme).toContain('.sympath+ D:\\viostor\\w10\\x86\r\n');
      const onDisc = discs.iso.files.filter(({ path }) => path.endsWith('.pdb'));
      expect(onDisc).toHaveLength(profile === 'full' ? 1 : 0);
      expect(tree.sources).toMatchObject([{ files: { shipped: 4, leftOut: 0, ignored: 0 } }]);

      const { record, files } = await attest.run(
        { manifest: release.manifest, tree, discs, artifacts: [], options, tools: [], packageInputs },
        release.context,
      );
      expect(files).toEqual([
        'test-disc-1.2.3.iso',
        'test-disc-symbols-1.2.3.iso',
        'release.json',
        'test-disc-1.2.3.cdx.json',
        'test-disc-1.2.3.intoto.json',
        'SHA256SUMS',
      ]);
      expect(record.symbols).toMatchObject({ name: symbols?.name, sha256: symbols?.content.sha256 });
      expect(record.symbols?.files).toMatchObject(symbols?.files ?? ['none']);
    },
  );

  test('a disc of symbols cannot be asked for where there are none', async () => {
    const { manifest, context, folder } = await makeRelease({
      files: withCatalog(driverFolder('Win10/x86')),
      release: { package: { name: 'test-disc', also: ['symbols'] } },
    });
    expect(await problemsOf(collect.run(manifest, context), folder)).toEqual([
      expect.stringMatching(
        /^\.\/release\.yaml:\d+: package\.also: asks for a disc of debug symbols, but no source holds any \(\.pdb\)\n {2}hint: remove "symbols" from this list, or add the \.pdb files to a source$/,
      ),
    ]);
  });

  test.each([
    ['grows', (file: string) => appendFile(file, 'x'), 'has 2561 bytes on the disc, expected 2560'],
    [
      'gets other bytes',
      (file: string) => writeFile(file, Buffer.alloc(2560)),
      'has sha256 [0-9a-f]{64} on the disc, expected [0-9a-f]{64}',
    ],
  ])('a source file that %s after it was hashed is found', async (_, change, fact) => {
    const { release, tree } = await collectRelease({ files: withCatalog(driverFolder('Win10/x86')) });
    const { manifest, context, folder } = release;
    const validated = await validate.run({ manifest, tree }, context);
    await change(join(folder, 'sources/drivers/Win10/x86/viostor.sys'));
    const told = await problemsOf(
      assemble.run({ manifest, tree: validated, page: 'a page' }, context),
      folder,
    );
    expect(told).toEqual(
      ['i386/w10', 'viostor/w10/x86'].map((place) =>
        expect.stringMatching(new RegExp(`^${place}/viostor\\.sys: ${fact}\n`)),
      ),
    );
  });

  test('the same release gives the same disc from another folder', async () => {
    const files = withCatalog(driverFolder('Win10/amd64'));
    const [one, other] = [await assembled({ files }), await assembled({ files })];
    expect(one.iso.content.sha256).toBe(other.iso.content.sha256);
    expect(one.iso.content.file).not.toBe(other.iso.content.file);
  });

  test('the record says where all comes from, with no path of this machine, and the sums are those of the files', async () => {
    const accept = [{ rule: 'pe/wrong-machine', path: '**', reason: 'a test' }];
    const files = withCatalog(driverFolder('Win10/x86', { pe: { arch: 'ARM64' } }));
    const release = { accept, policy: { plainName: 'a test' } };
    const { iso, tree, folder, release: made } = await assembled({ files, release });
    const artifact = {
      format: 'deb',
      name: 'x.deb',
      content: { file: 'x', sha256: 'ab'.repeat(32), size: 7 },
    };
    const { record, files: names } = await attest.run(
      {
        manifest: made.manifest,
        tree,
        discs: { iso },
        artifacts: [artifact],
        options,
        tools: [tools.xorriso, tools.zstd],
        packageInputs,
      },
      made.context,
    );
    const documents = [
      'release.json',
      'test-disc-1.2.3.cdx.json',
      'test-disc-1.2.3.intoto.json',
      'SHA256SUMS',
    ];
    expect(names).toEqual(['test-disc-1.2.3.iso', 'x.deb', ...documents]);
    const text = await readFile(join(folder, 'out/release.json'), 'utf8');
    expect(JSON.parse(text)).toEqual(record);
    expect(text).not.toContain(folder);
    expect(record).toMatchObject({
      schemaVersion: 1,
      name: 'test-disc',
      version: '1.2.3',
      profile: 'full',
      date: '2026-01-02T03:04:05.000Z',
      policy: { plainName: 'a test' },
      sources: [{ id: 'drivers', type: 'directory', pin: {}, files: { shipped: 3, leftOut: 0, ignored: 0 } }],
      drivers: [{ driver: 'viostor', signature: 'self-signed', driverVer: '01/02/2026,0.1.0.1' }],
      findings: [{ rule: 'pe/wrong-machine', accepted: 'a test' }],
      iso: { name: iso.name, label: iso.label, sha256: iso.content.sha256, size: iso.content.size },
      artifacts: [{ format: 'deb', name: 'x.deb', sha256: 'ab'.repeat(32), size: 7 }],
    });
    expect(
      record.iso.files.map(({ license: _license, authenticode: _authenticode, ...file }) => file),
    ).toEqual(iso.files);
    expect(record.iso.files.find(({ path }) => path.endsWith('w10/viostor.sys'))).toMatchObject({
      license: 'BSD-3-Clause',
      authenticode: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(record.tools).toEqual(
      ['pvdisc', 'xorriso', 'zstd'].map((name) => ({ name, version: expect.stringMatching(/^\d+\.\d/) })),
    );
    const sums = await readFile(join(folder, 'out/SHA256SUMS'), 'utf8');
    const written = ['release.json', 'test-disc-1.2.3.cdx.json', 'test-disc-1.2.3.intoto.json'];
    const hashed = await Promise.all(written.map((name) => hashFile(join(folder, 'out', name))));
    const [ofRecord, ofBom, ofProvenance] = hashed.map(({ sha256 }) => sha256);
    expect(sums).toBe(
      [
        `${ofRecord}  release.json`,
        `${ofBom}  test-disc-1.2.3.cdx.json`,
        `${ofProvenance}  test-disc-1.2.3.intoto.json`,
        `${iso.content.sha256}  test-disc-1.2.3.iso`,
        `${'ab'.repeat(32)}  x.deb\n`,
      ].join('\n'),
    );
  });
});

async function assembled(given: ReleaseOptions) {
  const { release, tree: collected } = await collectRelease(given);
  const { manifest, context, folder } = release;
  const tree = await validate.run({ manifest, tree: collected }, context);
  const discs = await assemble.run({ manifest, tree, page: 'a page' }, context);
  return { release, folder, tree, discs, iso: discs.iso };
}
