import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { findSandbox } from '../../pipeline/system/sandbox.ts';
import { program } from '../builders/built-release.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder } from '../builders/release.ts';

const sample = join(import.meta.dirname, '../../drivers-manifest/releases/sample.yaml');
const lacksSandbox = lacksTool('bwrap', 'xorriso', 'zstd') || (await findSandbox()).kind === 'none';

/** A program in the place of bwrap: the tool of one of its runs is killed in the sandbox after it has written 100 bytes. */
const standIn = (folder: string, bwrap: string) => `#!/bin/sh
case " $* " in *' -- bwrap '*) exec ${bwrap} "$@" ;; esac
echo run >>${folder}/runs
if [ "$(wc -l <${folder}/runs)" -ne "$(cat ${folder}/kill)" ]; then exec ${bwrap} "$@"; fi
count=$#
while [ $count -gt 0 ]; do
  one=$1; shift; count=$((count - 1))
  case $one in
    --) set -- "$@" -- sh -c '"$@" | head -c 100; kill -KILL $$' sh ;;
    *) set -- "$@" "$one" ;;
  esac
done
exec ${bwrap} "$@"
`;

test.skipIf(lacksSandbox)(
  'a build whose tool is killed inside the sandbox, whichever it is, fails and leaves nothing',
  { timeout: 240_000 },
  async () => {
    const base = await temporaryFolder('pvdisc-killed-tool-');
    const { stdout: bwrap } = await execa('sh', ['-c', 'command -v bwrap']);
    await writeFile(join(base, 'bwrap'), standIn(base, bwrap));
    await chmod(join(base, 'bwrap'), 0o755);
    const build = async (kill: number) => {
      await writeFile(join(base, 'kill'), String(kill));
      await writeFile(join(base, 'runs'), '');
      const result = await execa(
        'node',
        [program, 'build', sample, '--out', join(base, `out-${kill}`), '--quiet'],
        { reject: false, env: { PATH: `${base}${delimiter}${process.env.PATH}`, TMPDIR: base } },
      );
      return { ...result, runs: (await readFile(join(base, 'runs'), 'utf8')).split('\n').length - 1 };
    };
    const whole = await build(0);
    expect(whole.exitCode, whole.stderr).toBe(0);
    expect(whole.runs).toBeGreaterThan(0);
    for (let kill = 1; kill <= whole.runs; kill += 1) {
      const { exitCode, stderr } = await build(kill);
      expect([kill, exitCode, stderr]).toEqual([kill, 1, expect.not.stringContaining('this is a bug')]);
      const left = await readdir(join(base, `out-${kill}`)).catch(() => []);
      expect([kill, left]).toEqual([kill, []]);
    }
    const others = ['bwrap', 'kill', 'runs'];
    const litter = (await readdir(base)).filter((name) => !others.includes(name) && !name.startsWith('out-'));
    expect(litter).toEqual([]);
  },
);
