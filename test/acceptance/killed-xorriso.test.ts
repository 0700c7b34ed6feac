import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { program } from '../builders/built-release.ts';
import { digestsBelow } from '../builders/digests.ts';
import { lacksTool } from '../builders/needs.ts';
import { pathWithout } from '../builders/path-without.ts';
import { temporaryFolder } from '../builders/release.ts';

const sample = join(import.meta.dirname, '../../drivers-manifest/releases/sample.yaml');

/** Builds with an xorriso that ends abnormally; `$real` writes the disc to `$out`. */
const ends: readonly (readonly [string, string, RegExp])[] = [
  ['is killed before it writes', 'kill -KILL $$', /^xorriso: failed \(SIGKILL\): /],
  [
    'is killed in the middle',
    '"$real" "$@"; truncate -s 100000 "$out"; kill -KILL $$',
    /^xorriso: failed \(SIGKILL\): /,
  ],
  ['is killed when all is written', '"$real" "$@"; kill -KILL $$', /^xorriso: failed \(SIGKILL\): /],
  ['writes nothing and ends well', 'exit 0', /the disc: xorriso did not write it\n/],
  [
    'writes half a disc and ends well',
    '"$real" "$@"; truncate -s 100000 "$out"',
    /: the written disc: | on the disc, expected /,
  ],
  [
    'writes other bytes and ends well',
    '"$real" "$@"; LC_ALL=C sed -i s/MZ/ZM/ "$out"',
    / on the disc, expected /,
  ],
];

describe.skipIf(lacksTool('xorriso', 'zstd'))('a build whose xorriso', () => {
  test.each(ends)('%s gives no release', { timeout: 60_000 }, async (_what, commands, said) => {
    const { exitCode, stderr, out } = await buildWith(commands);
    expect(exitCode, stderr).toBe(1);
    expect(stderr).toMatch(said);
    expect(await digestsBelow(out)).toEqual({});
  });
});

/** Builds the sample with an xorriso on PATH that is the real one, but runs `commands` where it is to write a disc; no sandbox hides it. */
async function buildWith(commands: string) {
  const folder = await temporaryFolder('pvdisc-odd-xorriso-');
  const programs = await pathWithout('bwrap');
  const real = join(programs, 'xorriso');
  const script = `#!/bin/sh
real=${real} out='' last=''
case " $* " in *" -as mkisofs "*) ;; *) exec "$real" "$@" ;; esac
for word; do [ "$last" != -output ] || out=$word; last=$word; done
${commands}
`;
  await writeFile(join(folder, 'xorriso'), script, { mode: 0o755 });
  const out = join(folder, 'out');
  const { exitCode, stderr } = await execa('node', [program, 'build', sample, '--out', out, '--quiet'], {
    reject: false,
    env: { PATH: `${folder}:${programs}` },
  });
  return { exitCode, stderr: stderr.replace(/^pvdisc: no sandbox .*\n/m, ''), out };
}
