import { chmod, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { program } from '../builders/built-release.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder } from '../builders/release.ts';

const nobody = 65534;
const sample = join(import.meta.dirname, '../../drivers-manifest/releases/sample.yaml');

/** Where this runs as root: whether another user could read the program at all. */
async function canBecomeNobody(): Promise<boolean> {
  if (process.getuid?.() !== 0 || lacksTool('setpriv')) return false;
  const { exitCode } = await execa('setpriv', [...asNobody, 'test', '-r', program], { reject: false });
  if (exitCode !== 0) console.warn('SKIPPED: an ordinary user cannot read the program here');
  return exitCode === 0;
}

const asNobody = [
  `--reuid=${nobody}`,
  `--regid=${nobody}`,
  '--clear-groups',
  '--no-new-privs',
  '--bounding-set=-all',
];

test.skipIf(!(await canBecomeNobody()) || lacksTool('xorriso', 'zstd'))(
  'an ordinary user, who cannot become root, builds, inspects and checks',
  async () => {
    const folder = await temporaryFolder('pvdisc-user-');
    await chmod(folder, 0o755);
    const own = join(folder, 'own');
    await mkdir(own);
    await execa('chown', [`${nobody}:${nobody}`, own]);
    const env = { PATH: process.env.PATH, HOME: own, TMPDIR: own };
    const run = (...args: readonly string[]) =>
      execa('setpriv', [...asNobody, process.execPath, program, ...args], {
        cwd: own,
        extendEnv: false,
        env,
        reject: false,
        all: true,
      });
    const out = join(own, 'out');
    expect(await run('build', sample, '--out', out, '--quiet')).toMatchObject({ exitCode: 0, stderr: '' });
    const [name = ''] = await readdir(out);
    const made = (await readdir(join(out, name))).filter((file) =>
      /^pvdisc-sample[-_]\d.*\.(iso|deb)$/.test(file),
    );
    expect(made).toHaveLength(2);
    for (const file of made) {
      const { exitCode, stdout } = await run('inspect', join(out, name, file));
      expect({ exitCode, stdout }).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining('samplenet'),
      });
    }
    expect((await run('check', sample)).exitCode).toBe(0);
    expect((await readdir(own)).filter((file) => file.startsWith('pvdisc-'))).toEqual([]);
  },
);
