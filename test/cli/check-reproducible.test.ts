import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { program } from '../builders/built-release.ts';
import { lacksOptionalTool, lacksTool } from '../builders/needs.ts';
import { pathWithout } from '../builders/path-without.ts';
import { temporaryFolder } from '../builders/release.ts';
import { startServer } from '../builders/server.ts';
import { writeSignedRelease } from '../builders/signed-release.ts';
import { passphrase, signingFiles } from '../builders/signing-keys.ts';
import { timestampAuthority } from '../builders/timestamp-authority.ts';

const sample = join(import.meta.dirname, '../../drivers-manifest/releases/sample.yaml');

/** Runs the check with wrappers around programs; `$real` is the path of the real program. */
async function check(
  scripts: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  path = process.env.PATH,
) {
  const folder = await temporaryFolder('pvdisc-differs-');
  for (const name of ['tmp', 'bin']) await mkdir(join(folder, name));
  for (const [name, script] of Object.entries(scripts)) {
    const { stdout: real } = await execa('sh', ['-c', `command -v ${name} || echo none`]);
    await writeFile(join(folder, 'bin', name), `#!/bin/sh\nset -e\nreal=${real}\n${script}`);
    await chmod(join(folder, 'bin', name), 0o755);
  }
  const run = await execa('node', [program, 'build', sample, '--check-reproducible', ...args], {
    cwd: folder,
    reject: false,
    env: {
      PATH: `${join(folder, 'bin')}:${path}`,
      TMPDIR: join(folder, 'tmp'),
      PVDISC_CACHE: join(folder, 'cache'),
    },
  });
  const litter = [...(await readdir(join(folder, 'tmp'))), ...(await readdir(folder))].sort();
  return { exitCode: run.exitCode, stdout: run.stdout, stderr: run.stderr, litter };
}

/** The temporary folder of the build gets into the ISO: 100 bytes on in its volume descriptor's preparer (ECMA-119 section 8.4.18). */
const leakyXorriso = `"$real" "$@"
while [ $# -gt 0 ]; do
  if [ "$1" = -output ]; then printf %s "$TMPDIR" | dd of="$2" bs=1 seek=$((32768 + 546)) conv=notrunc status=none; fi
  shift
done
`;

describe.skipIf(lacksTool('xorriso', 'zstd', 'dd'))(
  'build --check-reproducible',
  { timeout: 300_000 },
  () => {
    test('of a good release says that both builds are the same, and leaves nothing', async () => {
      const { exitCode, stdout, stderr, litter } = await check({});
      expect(stderr).toBe(`first build: TZ=UTC, LC_ALL=C.UTF-8, umask 022, folder listings unchanged
second build: TZ=Pacific/Kiritimati, LC_ALL=tr_TR.UTF-8, UV_THREADPOOL_SIZE=1, umask 077, folder listings reversed`);
      expect(stdout).toMatch(/^both builds are identical: .*pvdisc-sample-0\.1\.0\.iso/);
      expect({ exitCode, litter }).toEqual({ exitCode: 0, litter: ['bin', 'tmp'] });
    });

    test('finds a path that gets into the ISO, and says where', async () => {
      const { exitCode, stderr, litter } = await check(
        { xorriso: leakyXorriso },
        [],
        await pathWithout('diffoscope'),
      );
      expect(stderr).toMatch(
        /^pvdisc-sample-0\.1\.0\.iso: differs from byte 333\d\d on, in the file system structures of the disc: the two builds differ$/m,
      );
      expect(stderr).toContain('hint: run apt-get install diffoscope');
      expect({ exitCode, litter }).toEqual({ exitCode: 1, litter: ['bin', 'tmp'] });
    });

    test('finds a umask that gets into a package, and says into which member', async () => {
      const zstd = `"$real" "$@"; printf %s "$PVDISC_UMASK"\n`;
      const { exitCode, stderr } = await check({ zstd }, ['--quiet']);
      expect(stderr).toMatch(
        /^pvdisc-sample-drivers_0\.1\.0-1_all\.deb: differs from byte \d+ on, in \w+\.tar\.zst: /m,
      );
      expect(exitCode).toBe(1);
    });

    test('shows what diffoscope says, where it is installed', async () => {
      const diffoscope = `while [ "$1" != --text ]; do shift; done; echo "it differs in its preparer" > "$2"; exit 1\n`;
      const { exitCode, stdout, stderr } = await check({ xorriso: leakyXorriso, diffoscope });
      expect(stdout).toContain('it differs in its preparer');
      expect(stderr).toContain('hint: see the difference above');
      expect(exitCode).toBe(1);
    });

    test.skipIf(lacksOptionalTool('diffoscope'))('shows what the real diffoscope says', async () => {
      const { exitCode, stdout } = await check({ xorriso: leakyXorriso });
      expect(stdout).toMatch(/^\+\+\+ .*\/pvdisc-sample-0\.1\.0\.iso$/m);
      expect(stdout).toMatch(/│.-.*first\/tmp/);
      expect(exitCode).toBe(1);
    });

    test('stopped by SIGTERM, it stops its build and leaves nothing', async () => {
      const folder = await temporaryFolder('pvdisc-stopped-');
      await mkdir(join(folder, 'tmp'));
      const running = execa('node', [program, 'build', sample, '--check-reproducible'], {
        cwd: folder,
        reject: false,
        env: { TMPDIR: join(folder, 'tmp'), PVDISC_CACHE: join(folder, 'cache') },
      });
      for await (const line of running.iterable({ from: 'stderr' }))
        if (line.startsWith('second build')) running.kill('SIGTERM');
      const { exitCode, stderr } = await running;
      expect({ exitCode, last: stderr.split('\n').at(-1) }).toEqual({
        exitCode: 143,
        last: 'pvdisc: stopped; no partial output is left',
      });
      expect(await readdir(join(folder, 'tmp'))).toEqual([]);
    });

    test('a build that fails is told in its own words, with its exit code', async () => {
      const { exitCode, stderr, litter } = await check({}, ['--use', 'nothing=/x']);
      expect(stderr).toContain('the release has no source "nothing"');
      expect({ exitCode, litter }).toEqual({ exitCode: 2, litter: ['bin', 'tmp'] });
    });
  },
);

test.skipIf(lacksTool('xorriso', 'zstd', 'openssl'))(
  'build --check-reproducible builds a signed release again without its key, with the same timestamps',
  { timeout: 300_000 },
  async () => {
    const { url, asked } = await startServer({ '/tsa': await timestampAuthority() });
    const { file } = await writeSignedRelease({ timestamps: [`${url}/tsa`] });
    const { encryptedKey } = await signingFiles();
    const temporary = await temporaryFolder('pvdisc-twice-');
    const args = ['build', file, '--check-reproducible', '--signer-key', encryptedKey];
    const run = await execa('node', [program, ...args], {
      reject: false,
      env: {
        TMPDIR: temporary,
        PVDISC_CACHE: join(temporary, 'cache'),
        PVDISC_SIGNER_PASSPHRASE: passphrase,
      },
    });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.stdout).toMatch(/^both builds are identical: .*signatures\.json/);
    expect(asked).toHaveLength(4);
  },
);
