import { chmod, cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { lacksTool } from '../builders/needs.ts';
import { nobody } from '../builders/ordinary-user.ts';
import { pathWithout } from '../builders/path-without.ts';
import { temporaryFolder } from '../builders/release.ts';

const root = join(import.meta.dirname, '../..');
const isRoot = process.getuid?.() === 0;

describe('the packages that a build asks for', () => {
  const release = (name: string) => join(root, `drivers-manifest/releases/${name}.yaml`);

  test.each([
    ['the sample', [release('sample')], ['xorriso', 'zstd']],
    ['the sample, packed with xz', ['--compression=xz', release('sample')], ['xorriso', 'xz-utils']],
    ['the sample, signed', [release('sample'), '--sign', 'x.yaml'], ['gnupg', 'xorriso', 'zstd']],
    ['a git source', [release('virtio-win-legacy')], ['bubblewrap', 'git', 'xorriso', 'zstd']],
    ['a release that is not there', [release('none')], []],
  ])('for %s are those that are missing and that it needs', async (_, args, expected) => {
    const script = join(root, 'scripts/missing-build-tools.mjs');
    const { stdout } = await execa(process.execPath, [script, ...args], { env: { PATH: '/nonexistent' } });
    expect(stdout.split('\n').filter((line) => line !== '')).toEqual(expected);
  });

  test('for the sample are looked for first of all', async () => {
    expect(await readFile(join(root, 'scripts/setup'), 'utf8')).toContain(
      '\n  for program in xorriso zstd; do',
    );
  });
});

test.skipIf(!isRoot || lacksTool('setpriv'))(
  'who can install nothing is told what is missing before npm begins',
  async () => {
    const folder = await temporaryFolder('pvdisc-setup-');
    await chmod(folder, 0o755);
    const clone = join(folder, 'clone');
    await mkdir(clone);
    for (const name of ['scripts', 'package.json', 'package-lock.json', 'drivers-manifest'])
      await cp(join(root, name), join(clone, name), { recursive: true });
    await execa('chown', ['-R', `${nobody}`, clone]);
    const path = await pathWithout('xorriso', 'zstd', 'sudo');
    const user = [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];
    const { exitCode, stdout, stderr } = await execa('setpriv', [...user, join(clone, 'scripts/build')], {
      reject: false,
      extendEnv: false,
      env: { PATH: path, HOME: clone },
    });
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 3,
      stdout: '',
      stderr: 'missing: xorriso zstd\nhint: as root, type: apt-get update && apt-get install xorriso zstd',
    });
  },
);
