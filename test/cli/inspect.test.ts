import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { inspectionSchema } from '../../pipeline/inspect/inspection-schema.ts';
import { withCatalog } from '../builders/catalog.ts';
import { type DebMember, writeAr } from '../builders/changed-deb.ts';
import { pvdisc } from '../builders/command.ts';
import { buildIso } from '../builders/iso.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder } from '../builders/release.ts';
import { buildTar, type Compression, compress } from '../builders/tar.ts';
import { driverFolder, writeTree } from '../builders/tree.ts';
import { buildZip } from '../builders/zip.ts';
import { realDrivers } from '../formats/reference.ts';

const disc = Object.fromEntries(
  Object.entries({ ...driverFolder('Win11/amd64'), ...driverFolder('Win10/x86') }).map(([path, bytes]) => [
    `viostor/${path.replace('Win11', 'w11').replace('Win10', 'w10')}`,
    bytes,
  ]),
);
const infs = ['viostor/w10/x86/viostor.inf', 'viostor/w11/amd64/viostor.inf'];

async function write(name: string, bytes: Uint8Array | string): Promise<string> {
  const file = join(await temporaryFolder('pvdisc-input-'), name);
  await writeFile(file, bytes);
  return file;
}

async function packageInfs(input: string): Promise<string[]> {
  const { exitCode, stdout, stderr } = await pvdisc(['inspect', input, '--format', 'json']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return inspectionSchema.parse(JSON.parse(stdout)).packages.map(({ inf }) => inf);
}

async function deb(compression: Compression, paths: readonly string[] = ['./usr/share/virtio-win/a.iso']) {
  const iso = await buildIso(disc);
  const link = { name: './usr/share/virtio-win/virtio-win.iso', type: 'symlink', linkname: 'a.iso' } as const;
  const tar = await buildTar(Object.fromEntries(paths.map((path) => [path, iso])), [link]);
  return debOf([
    { name: 'debian-binary', bytes: Buffer.from('2.0\n') },
    { name: 'control.tar.gz', bytes: Buffer.from('not looked at') },
    {
      name: `data.tar${compression === 'none' ? '' : `.${compression}`}`,
      bytes: await compress(tar, compression),
    },
  ]);
}

const debOfData = (tar: Uint8Array) =>
  debOf([
    { name: 'debian-binary', bytes: Buffer.from('2.0\n') },
    { name: 'data.tar', bytes: Buffer.from(tar) },
  ]);

const debOf = async (members: readonly DebMember[]) => writeAr(members);

describe.skipIf(lacksTool('xorriso', 'xz', 'zstd'))('what can be inspected', () => {
  test('a folder', async () => {
    const folder = await temporaryFolder('pvdisc-input-');
    await writeTree(folder, disc);
    expect(await packageInfs(folder)).toEqual(infs);
  });

  test('an ISO, and nothing of it stays behind', async () => {
    const file = await write('x.iso', await buildIso(disc));
    const leftovers = await ownTmpdir();
    expect(await packageInfs(file)).toEqual(infs);
    expect(await leftovers()).toEqual([]);
  });

  test('an ISO where no program is found and nothing can be written', async () => {
    const file = await write('x.iso', await buildIso(disc));
    const { PATH, TMPDIR } = process.env;
    try {
      process.env.PATH = '/nowhere';
      process.env.TMPDIR = '/nowhere';
      expect(await packageInfs(file)).toEqual(infs);
      const { exitCode, stdout } = await pvdisc(['verify', file]);
      expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('sound') });
    } finally {
      Object.assign(process.env, { PATH, TMPDIR });
      if (TMPDIR === undefined) delete process.env.TMPDIR;
    }
  });

  test('a zip and a tar.xz', async () => {
    expect(await packageInfs(await write('x.zip', await buildZip(disc)))).toEqual(infs);
    expect(await packageInfs(await write('x', await compress(await buildTar(disc), 'xz')))).toEqual(infs);
  });

  test.each(['none', 'gz', 'xz', 'zst'] as const)('a .deb with data.tar (%s)', async (compression) => {
    expect(await packageInfs(await write('x.deb', await deb(compression)))).toEqual(infs);
  });
});

describe.skipIf(lacksTool('xorriso', 'xz', 'zstd'))('a .deb of unpacked drivers', () => {
  const share = './usr/share/virtio-win';

  test.each([
    ["in Fedora's folder", `${share}/drivers/by-driver`],
    ["in pvdisc's folder", `${share}/releases/x/drivers/by-driver`],
    ['without the two trees', `${share}/drivers`],
  ])('%s is inspected as its disc would be', async (_what, folder) => {
    const files = Object.fromEntries(
      Object.entries(disc).map(([path, bytes]) => [`${folder}/${path}`, bytes]),
    );
    expect(await packageInfs(await write('x.deb', await debOfData(await buildTar(files))))).toEqual(infs);
  });

  test('whose tree by driver is hard links to that by Windows', async () => {
    const stored = (path: string) =>
      path.replace(/^viostor\/(.*)\/(.*)\/(.*)$/, `${share}/drivers/by-os/$2/$1/$3`);
    const files = Object.fromEntries(Object.entries(disc).map(([path, bytes]) => [stored(path), bytes]));
    const links = Object.keys(disc).map((path) => ({
      name: `${share}/drivers/by-driver/${path}`,
      type: 'link' as const,
      linkname: stored(path),
    }));
    const file = await write('x.deb', await debOfData(await buildTar(files, links)));
    const { stdout } = await pvdisc(['inspect', file, '--format', 'json']);
    const { packages } = inspectionSchema.parse(JSON.parse(stdout));
    expect(packages.map(({ inf }) => inf)).toEqual(infs);
    const folder = await temporaryFolder('pvdisc-input-');
    await writeTree(folder, disc);
    const plain = await pvdisc(['inspect', folder, '--format', 'json']);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(plain.stdout));
  });

  test('with a hard link to something else is refused', async () => {
    const link = { name: `${share}/drivers/x.inf`, type: 'link', linkname: './etc/passwd' } as const;
    const file = await write('x.deb', await debOfData(await buildTar({}, [link])));
    const { exitCode, stderr } = await pvdisc(['inspect', file]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('x.inf" is a hard link to a file that is not one of its drivers');
  });
});

test('a folder of packages points to them', async () => {
  const folder = await temporaryFolder('pvdisc-input-');
  await writeTree(folder, { 'a.iso': 'x', 'b.deb': 'x', 'c.txt': 'x' });
  const { exitCode, stderr } = await pvdisc(['inspect', folder]);
  expect(exitCode).toBe(0);
  expect(stderr).toContain(
    `pvdisc inspect ${join(folder, 'a.iso')}; pvdisc inspect ${join(folder, 'b.deb')}`,
  );
});

describe.skipIf(lacksTool('xorriso', 'xz', 'zstd'))('what cannot', () => {
  test.each([
    ['nothing', undefined, 'no such file or folder', 'give a folder, an ISO, an archive, a .deb or a .rpm'],
    [
      'an empty file',
      '',
      'this is an empty file, not a folder',
      'give the disc, the archive or the package itself',
    ],
    [
      'a web page',
      '<html><title>Sorry</title></html>',
      'this is a web page ("Sorry"), not a folder, an ISO, an archive, a .deb or a .rpm',
      'give the disc, the archive or the package itself',
    ],
    ['another ar archive', '!<arch>\n', 'is an ar archive, but not a Debian package', 'give a .deb, an ISO'],
  ])('%s', async (_what, bytes, message, hint) => {
    const file = bytes === undefined ? '/nonexistent.iso' : await write('x', bytes);
    const { exitCode, stdout, stderr } = await pvdisc(['inspect', file]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(file);
    expect(stderr).toContain(message);
    expect(stderr).toContain(`hint: ${hint}`);
  });

  test.each([
    ['without a disc', ['./usr/share/doc/x.iso'], 'holds no disc at usr/share/virtio-win/*.iso'],
    [
      'with two discs',
      ['./usr/share/virtio-win/a.iso', './usr/share/virtio-win/b.iso'],
      'holds 2 discs at usr/share/virtio-win/*.iso',
    ],
    ['that leaves its root', ['../usr/share/virtio-win/a.iso'], 'entry "../usr/share/virtio-win/a.iso"'],
  ])('a .deb %s', async (_what, paths, message) => {
    const { exitCode, stderr } = await pvdisc(['inspect', await write('x.deb', await deb('none', paths))]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(message);
  });

  test('a .deb without data.tar names the members that it has', async () => {
    const bytes = await debOf([
      { name: 'debian-binary', bytes: Buffer.from('2.0\n') },
      { name: 'data.tar.bz2', bytes: Buffer.from('x') },
    ]);
    const { exitCode, stderr } = await pvdisc(['inspect', await write('x.deb', bytes)]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('has no readable data.tar; its members are "debian-binary", "data.tar.bz2"');
  });

  test('a .deb whose data.tar is cut off, and nothing stays behind', async () => {
    const file = await write('x.deb', (await deb('none')).subarray(0, -5000));
    const leftovers = await ownTmpdir();
    const { exitCode, stderr } = await pvdisc(['inspect', file]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('ends within its member "data.tar"');
    expect(await leftovers()).toEqual([]);
  });
});

test('the table shows drivers by Windows, versions and signatures, and counts findings; a file that cannot be read is a failure', async () => {
  const folder = await temporaryFolder('pvdisc-input-');
  const signed = withCatalog(driverFolder('Win11/amd64'));
  const other = withCatalog(driverFolder('Win10/x86'), { omit: ['viostor.sys'] });
  await writeTree(folder, { ...signed, ...other, 'Win11/ARM64/bad.inf': Buffer.alloc(9 * 2 ** 20, 0x41) });
  const { exitCode, stdout, stderr } = await pvdisc(['inspect', folder]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
  const [matrix, list, findings, unreadable] = stdout.split('\n\n');
  expect(matrix?.split('\n').slice(0, 2).join('\n')).toMatch(/^Drivers by Windows .*\ndriver +w10 .*w11/);
  expect(list?.split('\n')).toEqual([
    '  version  date        signature    loads                Windows',
    'viostor (viostor.inf)',
    expect.stringMatching(/^ {2}0\.1\.0\.1 {2}2026-01-02 {2}self-signed {2}test-signing {9}w11:A/),
    expect.stringMatching(/^ {2}0\.1\.0\.1 {2}2026-01-02 {2}unsigned\* {4}without-secure-boot {2}w10:x$/),
  ]);
  expect(findings).toContain('without-secure-boot: is loaded without Secure Boot only');
  expect(stdout).toContain('*: the catalog does not cover all files of the package');
  expect(stdout).toMatch(
    /^Findings .*:\nseverity .*\nerror +\d+ {2}[a-z]+\/[a-z-]+ +viostor +w10 +Win10\/x86\/viostor\.(?:inf|sys)(?::\d+)?$/m,
  );
  expect(stdout).toMatch(/^\d+ errors?, \d+ warnings?, \d+ infos?, 0 accepted$/m);
  expect(stdout).toMatch(
    /\n\n1 of 1 driver loads on some of its Windows only \(2 of 3 packages do not load\): self-signed, loads in\ntest-signing mode only\n {2}viostor\n {2}w11\/amd64, 2k25\/amd64: 0 of 1 driver loads\n$/,
  );
  expect(stdout).toContain('Unreadable (an error):\n  Win11/ARM64/bad.inf: is not a valid INF: ');
  expect(unreadable).toBeDefined();
});

test.each([
  [
    'a section name without its bracket',
    '[Version]\r\nSignature = "$Windows NT$"\r\n[scsi_inst\r\n',
    'x.inf:3: ',
  ],
  ['a NUL', '[Version]\r\nSignature = "$Windows\0NT$"\r\n', 'x.inf:2: '],
])('an INF with %s is an error, at its line', async (_what, text, place) => {
  const folder = await temporaryFolder('pvdisc-input-');
  await writeTree(folder, { 'x.inf': text });
  const { exitCode, stdout } = await pvdisc(['inspect', folder]);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('No readable driver package (INF) in 1 file.\n');
  expect(stdout).toContain('Findings: none in the files that can be read.\n');
  const told = `Unreadable (an error):\n  ${place}is not a valid INF: `;
  expect(stdout).toContain(told);
  expect((await pvdisc(['inspect', folder, 'inf/no-class'])).stdout).toContain(told);
  expect((await pvdisc(['inspect', folder, '--infverif=w'])).stdout).toContain(told);
});

test('a name with an escape sequence is refused without printing it', async () => {
  const folder = await temporaryFolder('pvdisc-input-');
  await writeFile(join(folder, 'a\u001b[2J.inf'), 'x');
  expect(await pvdisc(['inspect', folder])).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: `pvdisc: ${folder}: entry "a\\u001b[2J.inf": its name holds a control or formatting character\n  hint: download it again, or ask its maker to remove this\n`,
  });
});

test('a version with an escape sequence cannot move the cursor', async () => {
  const folder = await temporaryFolder('pvdisc-input-');
  await writeTree(folder, driverFolder('Win11/amd64', { inf: { driverVer: '01/02/2026,1.\u001b[2J.3.4' } }));
  const { exitCode, stdout } = await pvdisc(['inspect', folder]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('  1.?[2J.3.4 ');
  expect(stdout).not.toContain('\u001b');
});

test('a folder without drivers says so', async () => {
  const folder = await temporaryFolder('pvdisc-input-');
  await writeFile(join(folder, 'a.txt'), 'x');
  const { stdout } = await pvdisc(['inspect', folder]);
  expect(stdout).toBe('No driver package (INF) in 1 file.\n\nFindings: none.\n');
});

test.skipIf(realDrivers === undefined)('the real drivers, in 100 columns', async () => {
  const { exitCode, stdout } = await pvdisc(['inspect', realDrivers ?? '']);
  expect(exitCode).toBe(0);
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  expect(stdout).toMatch(
    /^driver +xp 2k3 2k8 2k8R2 w7 w8 2k12 w8\.1 2k12R2\nBalloon +xA xA +xA +A +xA xA A +xA +A$/m,
  );
  expect(stdout).toMatch(/^ {2}62\.93\.104\.24000 +2023-07-21 +unsigned\* +never +w8:A 2k12:A$/m);
  expect(stdout).toMatch(
    /^error +52 {2}catalog\/inf-mismatch +12 of 13 +4 of 9 +Win8\.1\/amd64\/balloon\.inf$/m,
  );
  expect(stdout).toMatch(
    /\n12 of 13 drivers load on some of their Windows only \(52 of \d+ packages do not load\): /,
  );
});

/** Sets a separate TMPDIR for this test; returns a function that lists it. */
async function ownTmpdir(): Promise<() => Promise<string[]>> {
  const folder = await temporaryFolder('pvdisc-tmp-');
  vi.stubEnv('TMPDIR', folder);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  return () => readdir(folder);
}
