import { chmod, copyFile, lstat, mkdtemp, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildDeb, type DebOptions, debMetadata, fakeIso, projectMetadata } from '../builders/deb.ts';
import { type DebianRoot, lacksDebian, makeDebianRoot } from '../builders/debian-root.ts';
import { lacksTool } from '../builders/needs.ts';

let work: string;

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'pvdisc-deb-'));
});

afterAll(async () => {
  await rm(work, { recursive: true, force: true });
});

async function build(options: DebOptions): Promise<{ file: string; name: string }> {
  const { content, name } = await buildDeb(await mkdtemp(join(work, 'build-')), options);
  return { file: content.file, name };
}

describe.skipIf(lacksTool('lintian', 'zstd', 'xz'))('lintian', () => {
  test.each([
    { release: 'sample', compression: 'zstd' },
    { release: 'sample', compression: 'xz' },
    { release: 'virtio-win-legacy', compression: 'zstd' },
    { release: 'virtio-win-legacy', compression: 'xz' },
  ] as const)('has no error and no warning about $release, compressed with $compression', async (options) => {
    expect(await lintian((await build(options)).file)).toEqual({ exitCode: 0, output: '' });
  });

  test('would see a fault', async () => {
    const { file } = await build({ metadata: debMetadata('0.1.0-1') });
    const { exitCode, output } = await lintian(file);
    expect(exitCode).toBe(2);
    expect(output).toContain('W: pvdisc-sample: initial-upload-closes-no-bugs');
  });
});

describe.skipIf(await lacksDebian())('in a clean Debian', () => {
  const isos = { '0.1.0': fakeIso(700_001), '0.2.0': fakeIso(900_001) };
  let debian: DebianRoot;

  beforeAll(async () => {
    debian = await makeDebianRoot();
    for (const [version, iso] of Object.entries(isos)) {
      await place({ iso, version, metadata: await projectMetadata('pvdisc-sample', `${version}-1`) });
    }
    await place({ release: 'virtio-win-legacy' });
  });

  afterAll(async () => {
    await debian.remove();
  });

  async function place(options: DebOptions): Promise<void> {
    const { file, name } = await build(options);
    await copyFile(file, join(debian.folder, 'tmp', name));
  }

  const apt = (...args: string[]) => debian.run('apt-get', '-y', '--no-install-recommends', ...args);
  const installed = (path: string) => join(debian.folder, 'usr/share/virtio-win', path);
  const discs = () => debian.run('ls', '/usr/share/virtio-win');

  test('a package is installed, upgraded, removed and purged, and leaves nothing behind', async () => {
    const before = await everyFile(debian.folder);

    await apt('install', '/tmp/pvdisc-sample_0.1.0-1_all.deb');
    expect(await readlink(installed('virtio-win.iso'))).toBe('pvdisc-sample-0.1.0.iso');
    expect((await readFile(installed('virtio-win.iso'))).equals(isos['0.1.0'])).toBe(true);
    const { mode, uid, gid, mtime } = await lstat(installed('pvdisc-sample-0.1.0.iso'));
    expect({ mode: mode & 0o7777, uid, gid, mtime }).toEqual({
      mode: 0o444,
      uid: 0,
      gid: 0,
      mtime: new Date('2026-11-20T12:00:00Z'),
    });
    expect(await debian.run('ls', '/usr/share/doc/pvdisc-sample')).toBe(
      'README.txt\nchangelog.Debian.gz\ncopyright',
    );
    expect(await debian.run('dpkg', '-V', 'pvdisc-sample')).toBe('');

    await apt('install', '/tmp/pvdisc-sample_0.2.0-1_all.deb');
    expect(await discs()).toBe('pvdisc-sample-0.2.0.iso\nvirtio-win.iso');
    expect((await readFile(installed('virtio-win.iso'))).equals(isos['0.2.0'])).toBe(true);
    expect(await debian.run('dpkg', '-V', 'pvdisc-sample')).toBe('');

    await apt('remove', 'pvdisc-sample');
    expect(await everyFile(debian.folder)).toEqual(before);

    await apt('install', '/tmp/pvdisc-sample_0.2.0-1_all.deb');
    await apt('purge', 'pvdisc-sample');
    expect(await everyFile(debian.folder)).toEqual(before);
    await expect(debian.run('dpkg', '-s', 'pvdisc-sample')).rejects.toMatchObject({ exitCode: 1 });
  });

  test('dpkg notices a disc that was changed', async () => {
    await apt('install', '/tmp/pvdisc-sample_0.1.0-1_all.deb');
    await chmod(installed('pvdisc-sample-0.1.0.iso'), 0o644);
    await debian.run('sh', '-c', 'echo x >> /usr/share/virtio-win/pvdisc-sample-0.1.0.iso');
    expect(await debian.run('sh', '-c', 'dpkg -V pvdisc-sample || true')).toBe(
      '??5??????   /usr/share/virtio-win/pvdisc-sample-0.1.0.iso',
    );
  });

  test('a package with another disc takes the place of the installed one', async () => {
    await apt('install', '/tmp/pvdisc-sample_0.2.0-1_all.deb');
    await apt('install', '/tmp/virtio-win-legacy_0.1.285-1_all.deb');
    expect(await discs()).toBe('virtio-win-legacy-0.1.285.iso\nvirtio-win.iso');
    expect(await readlink(installed('virtio-win.iso'))).toBe('virtio-win-legacy-0.1.285.iso');
    expect(
      await debian.run('dpkg-query', '-W', '-f', '$' + '{Package} $' + '{Version}\\n', 'virtio-win-legacy'),
    ).toBe('virtio-win-legacy 0.1.285-1');
    await expect(debian.run('dpkg', '-s', 'pvdisc-sample')).rejects.toMatchObject({ exitCode: 1 });
  });
});

/** Runs lintian as nobody where this is root, since it warns of root; returns its errors and warnings. */
async function lintian(file: string): Promise<{ exitCode: number | undefined; output: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'pvdisc-lintian-'));
  try {
    await chmod(folder, 0o755);
    const copy = join(folder, file.split('/').at(-1) ?? '');
    await copyFile(file, copy);
    const nobody = 65534;
    const result = await execa('lintian', ['--fail-on', 'error,warning', copy], {
      reject: false,
      all: true,
      cwd: '/',
      env: { HOME: '/nonexistent', LC_ALL: 'C' },
      ...(process.getuid?.() === 0 && { uid: nobody, gid: nobody }),
    });
    return { exitCode: result.exitCode, output: result.all };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Every file with its kind, mode, owner and target of a link, except what apt and dpkg keep for themselves. */
async function everyFile(root: string): Promise<string[]> {
  const { stdout } = await execa('find', ['.', '-xdev', '-printf', '%P %y %m %U:%G %l\\n'], { cwd: root });
  const own = /^(?:tmp|var\/log|var\/cache\/apt|var\/lib\/(?:apt|dpkg))(?:[/ ])/;
  return stdout
    .split('\n')
    .filter((line) => !own.test(line))
    .sort();
}
