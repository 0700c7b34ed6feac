import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { program } from '../builders/built-release.ts';
import { type GpgKey, makeGpgKey } from '../builders/gpg-key.ts';
import { lacksTool } from '../builders/needs.ts';
import { makeReleaseFolder } from '../builders/package.ts';
import { temporaryFolder } from '../builders/release.ts';
import { canDetachMounts } from '../builders/unmount.ts';

const needed = ['apt-ftparchive', 'gpg', 'gpgconf', 'gpgv', 'xz', 'dpkg-deb'] as const;
const canDetach = await canDetachMounts();

describe.skipIf(!canDetach || lacksTool(...needed))('a repository with mounts in it', () => {
  let key: GpgKey;
  let releases: string;

  beforeAll(async () => {
    key = await makeGpgKey();
    releases = await mkdtemp(join(tmpdir(), 'pvdisc-mounts-'));
    await makeReleaseFolder(join(releases, 'r1'), [{ name: 'vw', version: '1-1', content: 'one' }]);
    await makeReleaseFolder(join(releases, 'r2'), [{ name: 'vw', version: '2-1', content: 'two' }]);
  });

  afterAll(async () => {
    await key?.remove();
    await rm(releases, { recursive: true, force: true });
  });

  /** Runs a script that sees its mounts alone; `publish` in it adds a release. */
  async function run(script: string) {
    const work = await temporaryFolder('pvdisc-mounts-');
    const define = `publish() { node ${program} publish --apt apt --key ${key.id} ${releases}/$1 | head -n 1; }\n`;
    const ran = await execa('unshare', ['--mount', 'sh', '-ec', define + script], {
      cwd: work,
      env: { GNUPGHOME: key.home },
      reject: false,
    });
    return { work, ...ran };
  }

  test.each(['pool dists', 'pool/stable dists/stable'])(
    'takes packages where %s are mounts',
    async (names) => {
      const mounts = names.split(' ').map(
        (name, index) => `mkdir -p apt/${name} m${index}
mount --bind m${index} apt/${name}
`,
      );
      const { work, stdout, stderr } = await run(`${mounts.join('')}publish r1\npublish r2\n`);
      expect(stderr).toBe('');
      expect(stdout).toMatch(/stable has 1 package, 1 new.*\n.*stable has 2 packages, 1 new/);
      const pool = join(work, 'm0', names.startsWith('pool/') ? '' : 'stable', 'main/v/vw');
      expect((await readdir(pool)).sort()).toEqual(['vw_1-1_all.deb', 'vw_2-1_all.deb']);
      const suite = join(work, 'm1', names.startsWith('pool/') ? '' : 'stable');
      expect((await readdir(suite)).sort()).toEqual(['InRelease', 'Release', 'Release.gpg', 'main']);
      expect(await readFile(join(suite, 'main/binary-amd64/Packages'), 'utf8')).toContain('vw_2-1_all.deb');
      const { stdout: left } = await execa('find', [work, '-name', '.pvdisc*']);
      expect(left).toBe('');
    },
  );

  test('is published also when an old index cannot be removed, and that is said', async () => {
    const old = `apt/dists/stable/main/binary-all/by-hash/SHA256/${'0'.repeat(64)}`;
    const { work, stdout, stderr } = await run(
      `publish r1\necho old > ${old}\nmount --bind ${old} ${old}\npublish r2\n`,
    );
    expect(stdout).toContain('stable has 2 packages, 1 new');
    expect(stderr).toContain('pvdisc: could not remove files that are no longer needed: EBUSY: ');
    expect(stderr).toContain(join(work, old));
  });

  test('a full disk in TMPDIR is named', async () => {
    const big = join(releases, 'big');
    await makeReleaseFolder(big, [
      { name: 'vw', version: '3-1', content: randomBytes(2 ** 17).toString('hex') },
    ]);
    const { work, stdout, stderr } = await run(
      'mkdir small\nmount -t tmpfs -o size=64k tmpfs small\nTMPDIR=$PWD/small publish big\nls -A small\n',
    );
    expect(stdout).toBe('');
    expect(stderr).toBe(`${join(work, 'apt')} or ${join(work, 'small')}: no space left on device, write
  hint: free some space, or choose another folder with --apt or TMPDIR`);
  });

  test('what a killed run left between the files of the pool is removed', async () => {
    const left = 'apt/pool/stable/.pvdisc-publish.staging-x';
    const { work, stdout } = await run(`mkdir -p -m 700 ${left}
echo half > ${left}/vw_9-1_all.deb
publish r1
`);
    expect(stdout).toContain('stable has 1 package');
    expect((await readdir(join(work, 'apt/pool/stable'))).sort()).toEqual(['main']);
  });
});
