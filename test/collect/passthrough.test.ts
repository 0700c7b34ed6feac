import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { readManifest } from '../../pipeline/manifest/read.ts';
import { recordSchema } from '../../pipeline/model/record.ts';
import { pvdisc } from '../builders/command.ts';
import { buildIso } from '../builders/iso.ts';
import { sha256Of } from '../builders/ledger.ts';
import { lacksTool } from '../builders/needs.ts';
import { problemsOf } from '../builders/problems.ts';
import { makeRelease } from '../builders/release.ts';
import { upstreamDisc, upstreamTree } from '../builders/upstream-disc.ts';
import { type PassthroughOptions, writePassthrough } from '../builders/upstream-release.ts';

const isSkipped = lacksTool('xorriso', 'zstd', 'dpkg-deb');

async function build(disc: Buffer, options: PassthroughOptions = {}, args: readonly string[] = []) {
  const { folder, file } = await writePassthrough(disc, options);
  const use = args.length > 0 ? args : ['--use', `disc=${join(folder, 'disc.iso')}`];
  const out = join(folder, 'dist');
  const env = { PVDISC_CACHE: join(folder, 'cache') };
  const run = await pvdisc(['build', file, '--out', out, '--quiet', ...use], env);
  const made = join(out, 'test-disc-0.1.302');
  const record = async () =>
    recordSchema.parse(JSON.parse(await readFile(join(made, 'release.json'), 'utf8')));
  return { ...run, stderr: run.stderr.replaceAll(folder, '.'), folder, out, made, record };
}

describe.skipIf(isSkipped)('a passthrough release', () => {
  test.each(['-r -J -iso-level 4', '-r -J', '-R -J -l', '-U -R'])(
    'is good by verify, however its disc was mastered: mkisofs %s',
    async (options) => {
      const words = [...options.split(' '), '-V', 'virtio-win-0.1.302'];
      const { made } = await build(await buildIso(upstreamTree(), words));
      const { exitCode, stdout } = await pvdisc(['verify', made]);
      const { length } = Object.keys(upstreamTree());
      expect(stdout).toContain(`test-disc-0.1.302.iso: label and ${length} files match the record\n`);
      expect(exitCode).toBe(0);
    },
  );

  test('has the disc byte for byte, packed, and says of it what is on it', async () => {
    const disc = await upstreamDisc();
    const { exitCode, stderr, made, record } = await build(disc);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect((await readdir(made)).sort()).toEqual([
      'SHA256SUMS',
      'release.json',
      'report.html',
      'test-disc-0.1.302.cdx.json',
      'test-disc-0.1.302.intoto.json',
      'test-disc-0.1.302.iso',
      'test-disc_0.1.302-1_all.deb',
    ]);
    expect((await readFile(join(made, 'test-disc-0.1.302.iso'))).equals(disc)).toBe(true);
    const deb = join(made, 'test-disc_0.1.302-1_all.deb');
    const packed = await execa(
      'sh',
      ['-c', 'dpkg-deb --fsys-tarfile "$0" | tar -xO ./usr/share/virtio-win/test-disc-0.1.302.iso', deb],
      { encoding: 'buffer', stripFinalNewline: false },
    );
    expect(disc.equals(packed.stdout)).toBe(true);

    const { kind, upstream, iso, drivers, sources } = await record();
    expect({ kind, upstream }).toEqual({
      kind: 'passthrough',
      upstream: {
        release: '0.1.302-1',
        confidence: 'confirmed',
        seen: ['one recipe', 'another recipe'],
      },
    });
    expect(iso).toMatchObject({ label: 'virtio-win-0.1.302', sha256: sha256Of(disc), size: disc.length });
    expect(iso.files.map(({ path }) => path)).toEqual(Object.keys(upstreamTree()).sort());
    expect(iso.files.find(({ path }) => path === 'guest-agent/qemu-ga-x86_64.msi')).toEqual({
      path: 'guest-agent/qemu-ga-x86_64.msi',
      sha256: sha256Of(Buffer.from('the guest agent for x86_64')),
      size: 26,
      origin: { source: 'disc', path: 'guest-agent/qemu-ga-x86_64.msi' },
    });
    expect(drivers.map(({ inf, target }) => `${inf} ${target.os} ${target.arch}`)).toEqual(
      ['NetKVM/2k22/amd64', 'NetKVM/w10/amd64', 'NetKVM/w10/x86', 'NetKVM/w11/amd64']
        .flatMap((folder) => [folder, folder.replace('NetKVM', 'viostor')])
        .sort()
        .map((folder) => {
          const [driver = '', os, arch] = folder.split('/');
          return `${folder}/${driver.toLowerCase()}.inf ${os} ${arch}`;
        }),
    );
    expect(sources).toEqual([
      {
        id: 'disc',
        type: 'http',
        pin: {
          url: 'https://example.invalid/virtio-win.iso',
          sha256: sha256Of(disc),
          size: String(disc.length),
        },
        files: { shipped: iso.files.length, leftOut: 0, ignored: 0 },
      },
    ]);
  });

  test('tells what is wrong with the disc and is built all the same', async () => {
    const broken = {
      'viostor/w10/amd64/viostor.sys': 'no program',
      'NetKVM/w10/x86/netkvm.inf': '\0\0\0',
    };
    const { exitCode, stderr, record } = await build(await upstreamDisc(broken));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const { findings } = await record();
    const errors = findings.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ rule, path }) => `${rule} ${path}`)).toEqual([
      'inf/unreadable NetKVM/w10/x86/netkvm.inf',
      'pe/unreadable viostor/w10/amd64/viostor.sys',
      'pe/unreadable virtio-win-guest-tools.exe',
    ]);
    expect([...new Set(errors.map(({ accepted }) => accepted))]).toEqual([
      "present on upstream's disc, which is passed on unchanged",
    ]);
  });

  test('a driver in a folder of no known Windows is told as such, and packed', async () => {
    const moved = Object.entries(upstreamTree()).filter(([path]) => path.startsWith('viostor/w10/amd64/'));
    const unknown = moved.map(([path, bytes]) => [path.replace('w10', 'w12'), bytes]);
    const { exitCode, stderr, made, record } = await build(await upstreamDisc(Object.fromEntries(unknown)));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const driver = (await record()).drivers.find(({ inf }) => inf === 'viostor/w12/amd64/viostor.inf');
    expect(driver).toMatchObject({ target: { os: '?', arch: 'amd64' }, signature: 'self-signed' });
    expect(driver).not.toHaveProperty('loads');
    const deb = join(made, 'test-disc_0.1.302-1_all.deb');
    const { stdout } = await execa('dpkg-deb', ['--field', deb, 'Description']);
    expect(stdout.replace(/\s+/g, ' ')).toContain('in folders of no known Windows: ?/amd64');
    const { stdout: installed } = await execa('sh', [
      '-c',
      'dpkg-deb --fsys-tarfile "$0" | tar -xO ./usr/share/virtio-win/test-disc-0.1.302.disc',
      deb,
    ]);
    expect(installed).toMatch(/^Driver: viostor\nArch: amd64\nFolder: viostor\/w12\/amd64$/m);
    expect(installed).toContain('Label: virtio-win-0.1.302\n');
  });

  test('is refused where its policy refuses the drivers, as any release is', async () => {
    const policy = { refuse: { 'self-signed': 'nobody trusts them' } };
    const { exitCode, stderr, out } = await build(await upstreamDisc(), { release: { policy } });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('is signed as "self-signed", which is refused: nobody trusts them');
    expect(existsSync(out)).toBe(false);
  });

  test('takes no other disc than that of the ledger', async () => {
    const { folder, file } = await writePassthrough(await upstreamDisc());
    const other = join(folder, 'other.iso');
    await writeFile(other, await upstreamDisc({ 'more.txt': 'x' }));
    const { exitCode, stderr } = await pvdisc(
      ['build', file, '--out', join(folder, 'dist'), '--quiet', '--use', `disc=${other}`],
      { PVDISC_CACHE: join(folder, 'cache') },
    );
    expect(exitCode).toBe(1);
    expect(stderr.replaceAll(folder, '.')).toMatch(
      /release\.yaml:\d+: passthrough\.release: \.\/other\.iso: (?:its sha256 is|has \d+ bytes, expected)/,
    );
  });

  test('without --use and --offline the disc is fetched from where the ledger has it', async () => {
    const disc = await upstreamDisc();
    const { folder } = await writePassthrough(disc);
    const url = `file://${join(folder, 'disc.iso')}`;
    const good = await build(disc, { entry: { url, confidence: 'single' } }, ['--profile', 'full']);
    expect({ exitCode: good.exitCode, stderr: good.stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect((await good.record()).sources[0]?.pin).not.toHaveProperty('url');
    const slim = await build(disc, { entry: { url } }, ['--profile', 'slim']);
    expect(slim.exitCode).toBe(2);
    expect(slim.stderr).toContain("--profile slim: test-disc is an exact copy of upstream's disc");
  });

  test('pvdisc check reports it and finds nothing that stops it', async () => {
    const { folder, file } = await writePassthrough(
      await upstreamDisc({ 'viostor/w10/amd64/viostor.sys': 'x' }),
    );
    const use = `disc=${join(folder, 'disc.iso')}`;
    const { exitCode, stdout } = await pvdisc(['check', file, '--use', use, '--format', 'json']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('pe/unreadable');
  });
});

const noDisc = Buffer.from('a disc');

test.each<[what: string, options: PassthroughOptions, problem: string]>([
  [
    'a release that the ledger does not have',
    { release: { passthrough: { release: '0.1.303-1' } } },
    './release.yaml:9: passthrough.release: ./ledger.yaml has no release 0.1.303-1\n  hint: pvdisc ledger list shows all of them; pvdisc ledger add URL records one',
  ],
  [
    'a disc without a known address',
    { absent: ['url'] },
    './release.yaml:9: passthrough.release: ./ledger.yaml does not know an address of 0.1.302-1\n  hint: pvdisc ledger add URL fetches it and records both',
  ],
  [
    'a disc of unknown size',
    { absent: ['size'] },
    './release.yaml:9: passthrough.release: ./ledger.yaml does not know the size of 0.1.302-1\n  hint: pvdisc ledger add URL fetches it and records both',
  ],
  [
    'another version than that of the disc',
    { release: { version: '0.1.3020' } },
    "./release.yaml:2: version: is not that of upstream's 0.1.302-1\n  hint: write 0.1.302, or 0.1.302+2 where another build of it went before",
  ],
  [
    'a selection from a disc that is passed on whole',
    { release: { select: { drivers: { include: ['viostor'] } } } },
    "./release.yaml:10: select: has no meaning in a passthrough release: its disc is upstream's, byte for byte\n  hint: remove it",
  ],
])('%s is a mistake in the manifest', async (_what, options, problem) => {
  const { folder, file } = await writePassthrough(noDisc, options);
  expect(await problemsOf(readManifest(file), folder)).toEqual([problem]);
});

test('an assembled disc may not have the name of an upstream one', async () => {
  const ledger = { release: '0.1.9-1', sha256: 'ab'.repeat(32), confidence: 'single', seen: ['x'] };
  const texts = { 'ledger.yaml': JSON.stringify({ releases: [ledger] }) };
  const named = (version: string) => makeRelease({ texts, release: { name: 'virtio-win', version } });
  expect((await named('0.1.10')).manifest.release.name).toBe('virtio-win');
  const [problem] = await problemsOf(named('0.1.9'));
  expect(problem).toMatch(
    /: name: the assembled disc would be called virtio-win-0\.1\.9\.iso, as upstream's disc 0\.1\.9-1 is, and be another\n/,
  );
});

test('a release needs sources or a disc to pass on', async () => {
  const [problem] = await problemsOf(makeRelease({ release: { sources: undefined } }));
  expect(problem).toContain('sources: is missing');
});
