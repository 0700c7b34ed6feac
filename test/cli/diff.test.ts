import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { parse } from 'marked';
import { describe, expect, test } from 'vitest';
import { comparisonSchema } from '../../pipeline/diff/comparison-schema.ts';
import { recordSchema } from '../../pipeline/model/record.ts';
import { builtLegacy, builtSample } from '../builders/built-release.ts';
import { withCatalog } from '../builders/catalog.ts';
import { type CommandResult, pvdisc } from '../builders/command.ts';
import { buildIso } from '../builders/iso.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder } from '../builders/release.ts';
import { driverFolder, type Tree, writeTree } from '../builders/tree.ts';
import { realDrivers } from '../formats/reference.ts';

const ids = (...devices: string[]) => devices.map((device) => `PCI\\VEN_1AF4&DEV_${device}`);

/** Returns a driver build with folders for Windows versions, such as `Win10/amd64`. */
function build(folders: readonly string[], version: string, devices = ids('1041'), catalog?: string): Tree {
  const inf = { driverVer: version, hardwareIds: devices, ...(catalog !== undefined && { catalog }) };
  return Object.assign({}, ...folders.map((folder) => driverFolder(folder, { name: 'netkvm', inf })));
}

const first = '01/02/2026,1.0.0.1';
const second = '02/03/2026,1.1.0.2';

async function folderOf(tree: Tree, name = 'drivers'): Promise<string> {
  const folder = join(await temporaryFolder('pvdisc-diff-'), name);
  await writeTree(folder, tree);
  return folder;
}

/** Runs `pvdisc diff` and shows its inputs as OLD and NEW. */
async function diff(old: string, now: string, ...options: string[]): Promise<CommandResult> {
  const result = await pvdisc(['diff', old, now, ...options], {
    DEBFULLNAME: 'A Maintainer',
    DEBEMAIL: 'a@example.org',
    SOURCE_DATE_EPOCH: '1800000000',
  });
  const stdout = result.stdout.replaceAll(old, 'old').replaceAll(now, 'new');
  return { ...result, stdout };
}

const golden = (name: string) => `./diff-golden/${name}`;

describe('golden outputs', () => {
  const subset = async () => {
    const old = await folderOf(
      {
        ...build(['Win7/x86', 'Win10/x86', 'Win10/amd64'], first, ids('1000', '1041')),
        'guest/agent.msi': 'x',
      },
      'some-drivers',
    );
    const now = await folderOf(build(['Win10/amd64', 'Win11/ARM64'], second), 'other-drivers');
    return { old, now };
  };

  test.each([
    ['text', 'txt'],
    ['json', 'json'],
    ['markdown', 'md'],
    ['html', 'html'],
  ])('two subsets as %s', async (format, ending) => {
    const { old, now } = await subset();
    const { exitCode, stdout, stderr } = await diff(old, now, '--format', format);
    expect({ exitCode, stderr }).toEqual({ exitCode: 11, stderr: '' });
    await expect(stdout).toMatchFileSnapshot(golden(`subsets.${ending}`));
    if (format === 'json') comparisonSchema.parse(JSON.parse(stdout));
  });

  test('signed and unsigned, and signed again', async () => {
    const plain = build(['Win10/amd64', 'Win10/x86'], first, ids('1041'), 'netkvm.cat');
    const unsigned = await folderOf(plain);
    const signed = await folderOf(withCatalog(plain));
    const again = await folderOf(withCatalog(plain, { countersigned: '260102030405Z' }));
    const lost = await diff(signed, unsigned);
    const gained = await diff(unsigned, signed);
    const resigned = await diff(signed, again);
    expect([lost, gained, resigned].map(({ exitCode }) => exitCode)).toEqual([11, 0, 0]);
    const outputs = [lost, gained, resigned].map(({ stdout }) => stdout);
    await expect(outputs.join('\n----\n\n')).toMatchFileSnapshot(golden('signatures.txt'));
  });

  test.skipIf(lacksTool('xorriso'))('a disc by another tool, in another layout', async () => {
    const tree = build(['Win10/amd64'], first);
    const moved = Object.entries(tree).map(([path, bytes]) => [
      path.replace('Win10/amd64', 'NetKVM/w10/amd64'),
      bytes,
    ]);
    const iso = join(await temporaryFolder('pvdisc-diff-'), 'drivers-1.0.iso');
    await writeFile(
      iso,
      await buildIso({ ...Object.fromEntries(moved), 'autorun.inf': '[autorun]\nicon=x.ico\n' }, [
        '-J',
        '-r',
      ]),
    );
    const { exitCode, stdout } = await diff(await folderOf(tree), iso);
    expect(exitCode).toBe(11);
    await expect(stdout).toMatchFileSnapshot(golden('other-tool.txt'));
  });

  test.skipIf(realDrivers === undefined || lacksTool('xorriso'))(
    'legacy with and without repair',
    { timeout: 600_000 },
    async () => {
      const { folder } = await builtLegacy(realDrivers ?? '');
      const { exitCode, stdout } = await diff(realDrivers ?? '', folder);
      expect(exitCode).toBe(11);
      await expect(stdout).toMatchFileSnapshot(golden('legacy-repaired.txt'));
    },
  );
});

describe.skipIf(lacksTool('xorriso', 'zstd'))('the sample is the same', () => {
  test('as release, disc, package, unpacked drivers, record and inspection', async () => {
    const { folder, iso, deb, debs } = await builtSample();
    const inspection = join(await temporaryFolder('pvdisc-diff-'), 'inspection.json');
    await writeFile(inspection, (await pvdisc(['inspect', iso, '--format', 'json'])).stdout);
    const record = join(folder, 'release.json');
    const drivers = debs.find((name) => name.includes('-drivers_')) ?? '';
    const results = [];
    for (const [old, now] of [
      [folder, inspection],
      [deb, record],
      [iso, drivers],
    ] as const)
      results.push(await diff(old, now, '--format', 'json'));
    const found = results.map(({ exitCode, stdout }) => {
      const { packages, lost, notCompared, old, new: now } = comparisonSchema.parse(JSON.parse(stdout));
      return { exitCode, lost, packages, notCompared, kinds: [old.kind, now.kind] };
    });
    const same = { exitCode: 0, lost: false, packages: [] };
    expect(found).toEqual([
      { ...same, notCompared: [], kinds: ['release', 'inspection'] },
      { ...same, notCompared: ['install'], kinds: ['package', 'record'] },
      { ...same, notCompared: [], kinds: ['disc', 'package'] },
    ]);
    expect((await diff(iso, iso)).stdout).toMatch(
      /\n\nNo differences: 40 driver packages and 150 files are the same\.\n$/,
    );
  });

  test('and a release folder without its disc is its record', async () => {
    const { folder } = await builtSample();
    const record = await readFile(join(folder, 'release.json'), 'utf8');
    const only = await folderOf({ 'release.json': record });
    const { exitCode, stdout } = await diff(only, folder);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('OLD old (record pvdisc-sample 0.1.0)');
    expect(stdout).toContain('Not compared: registry values');
  });
});

describe('Debian entries', () => {
  const discs = async () => {
    const named = async (name: string, tree: Tree) => {
      const file = join(await temporaryFolder('pvdisc-diff-'), name);
      await writeFile(file, await buildIso(tree));
      return file;
    };
    return [
      await named('virtio-win-1.0.iso', build(['Win7/x86', 'Win10/amd64'], first)),
      await named('virtio-win-1.1.iso', build(['Win10/amd64'], second)),
    ] as const;
  };

  test.skipIf(lacksTool('xorriso', 'dpkg-parsechangelog'))('are what dpkg reads', async () => {
    const [old, now] = await discs();
    for (const [format, name] of [
      ['debian', 'changelog'],
      ['debian-news', 'NEWS'],
    ] as const) {
      const { exitCode, stdout } = await diff(old, now, '--format', format);
      expect(exitCode).toBe(11);
      await expect(stdout).toMatchFileSnapshot(golden(name));
      const file = await folderOf({ changelog: stdout });
      const read = await execa('dpkg-parsechangelog', ['-l', join(file, 'changelog')]);
      expect(read.stderr).toBe('');
      expect(read.stdout).toContain('\nVersion: 1.1-1\nDistribution: UNRELEASED\n');
    }
    const { exitCode, stdout, stderr } = await diff(now, now, '--format', 'debian-news');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
    expect(stderr).toContain('nothing is lost');
  });

  test('need an author and a version', async () => {
    const folder = await folderOf(build(['Win10/amd64'], first));
    const nobody = await pvdisc(['diff', folder, folder, '--format', 'debian']);
    expect(nobody).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining('DEBEMAIL=name@example.org'),
    });
    const { exitCode, stdout, stderr } = await diff(folder, folder, '--format', 'debian');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('name the disc NAME-VERSION.iso');
  });
});

test('what a hostile INF says changes no line, no markup and no cursor', async () => {
  const name = '</li><script>x\u001b[2J\u202e[a](http://e.org) @b *c* `d`';
  const inf = { driverVer: '01/02/2026,2.0', hardwareIds: [`PCI\\${name}`], catalog: `${name}.cat` };
  const old = await folderOf(build(['Win10/amd64'], first));
  const now = await folderOf(driverFolder('Win10/amd64', { name: 'netkvm', inf }));
  for (const format of ['text', 'markdown', 'html', 'json']) {
    const { stdout } = await diff(old, now, '--format', format);
    expect(stdout).toMatch(/script/i);
    expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    if (format === 'html') expect(stdout).not.toMatch(/<script/i);
    if (format === 'markdown') expect(await parse(stdout)).not.toMatch(/<script|<a |<em>|<code>/i);
  }
});

describe('what cannot be compared', () => {
  const good = () => folderOf(build(['Win10/amd64'], first));

  test.each([
    ['a missing file', '/nonexistent/x.iso', 'no such file or folder'],
    ['a device', '/dev/null', 'is a device'],
  ])('%s', async (_what, input, message) => {
    const { exitCode, stdout, stderr } = await pvdisc(['diff', await good(), input]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(`${input}: ${message}`);
  });

  test.each([
    [
      'a folder without drivers',
      { 'a.txt': 'x' },
      '',
      'has no driver to compare: no readable INF among its 1 file',
    ],
    [
      'a folder of debug symbols',
      { 'viostor/w11/amd64/viostor.pdb': 'x', 'README.txt': 'x' },
      '',
      'this folder holds debug symbols (1 .pdb file) and no drivers',
    ],
    ['an empty file', { x: '' }, 'x', 'this is an empty file'],
    ['a text file', { x: 'x' }, 'x', 'this is of no known format'],
    ['JSON that ends early', { 'release.json': '{"schemaVersion": 1,' }, 'release.json', 'is not valid JSON'],
    ['other JSON', { x: '{"a": 1}' }, 'x', 'is not the record of a build: '],
    ['another inspection', { x: '{"packages": 1}' }, 'x', 'is not an inspection: '],
    ['a newer record', { x: '{"schemaVersion": 2}' }, 'x', 'is from a newer pvdisc: it has schemaVersion 2'],
    ['a folder with a damaged record', { 'release.json': '{' }, '', 'release.json: begins like JSON'],
  ])('%s', async (_what, tree, name, message) => {
    const { exitCode, stdout, stderr } = await pvdisc([
      'diff',
      join(await folderOf(tree as Tree), name),
      await good(),
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain('\n  hint: ');
  });

  test.skipIf(lacksTool('xorriso', 'zstd'))('a record with keys that this pvdisc does not know', async () => {
    const { record } = await builtSample();
    const [driver] = record.drivers;
    const newer = { ...recordSchema.parse(record), drivers: [{ ...driver, mood: 'good' }], extra: 1 };
    const file = join(await folderOf({ x: JSON.stringify(newer) }), 'x');
    const { exitCode, stderr } = await pvdisc(['diff', file, file]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /is from a newer pvdisc: it has unknown keys \((mood, extra|extra, mood)\)\n {2}hint: update pvdisc/,
    );
  });

  test('a damaged INF is named, since its driver counts as missing', async () => {
    const tree = build(['Win10/amd64', 'Win7/x86'], first);
    const damaged = { ...tree, 'Win7/x86/netkvm.inf': 'text without a section' };
    const { exitCode, stdout } = await diff(await folderOf(tree), await folderOf(damaged));
    expect(exitCode).toBe(11);
    expect(stdout).toContain('Unreadable in NEW: Win7/x86/netkvm.inf:1: is not a valid INF');
    expect(stdout).toContain('netkvm.inf) 1.0.0.1 (2026-01-02)\n    Windows 7 (x86)');
  });
});
