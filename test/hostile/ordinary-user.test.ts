import { chmod, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { withoutSandboxNote } from '../builders/command.ts';
import { lacksTool } from '../builders/needs.ts';
import { nobody, ordinaryUser } from '../builders/ordinary-user.ts';
import { temporaryFolder } from '../builders/release.ts';

const sample = join(import.meta.dirname, '../../drivers-manifest/releases/sample.yaml');

const isRoot = process.getuid?.() === 0;

test.skipIf(!isRoot || lacksTool('xorriso', 'zstd', 'mount', 'setpriv', 'unshare'))(
  'an ordinary user, who cannot become root, builds, inspects and checks',
  async () => {
    const folder = await temporaryFolder('pvdisc-user-');
    await chmod(folder, 0o755);
    const own = join(folder, 'own');
    await mkdir(own);
    await execa('chown', [`${nobody}:${nobody}`, own]);
    const env = { PATH: process.env.PATH, HOME: own, TMPDIR: own };
    const user = await ordinaryUser(folder, '--no-new-privs', '--bounding-set=-all');
    const [first = '', ...words] = user.words;
    const run = (...args: readonly string[]) =>
      execa(first, [...words, process.execPath, user.program, ...args], {
        cwd: own,
        extendEnv: false,
        env,
        reject: false,
        all: true,
      });
    const out = join(own, 'out');
    const built = await run('build', user.seen(sample), '--out', out, '--quiet');
    expect([built.exitCode, await withoutSandboxNote(built.stderr)]).toEqual([0, '']);
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
    expect((await run('check', user.seen(sample))).exitCode).toBe(0);
    expect((await readdir(own)).filter((file) => file.startsWith('pvdisc-'))).toEqual([]);
  },
);
