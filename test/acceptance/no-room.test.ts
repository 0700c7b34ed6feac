import { chmod, chown, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { program } from '../builders/built-release.ts';
import { lacksTool } from '../builders/needs.ts';
import { nobody, ordinaryUser } from '../builders/ordinary-user.ts';
import { temporaryFolder } from '../builders/release.ts';
import { unmount } from '../builders/unmount.ts';
import { upstreamDisc } from '../builders/upstream-disc.ts';
import { writePassthrough } from '../builders/upstream-release.ts';

const sample = join(import.meta.dirname, '../../drivers-manifest/releases/sample.yaml');
const isRoot = process.getuid?.() === 0;

describe.skipIf(!isRoot || lacksTool('xorriso', 'xz', 'zstd', 'mount', 'setpriv', 'unshare'))(
  'a machine without room',
  () => {
    test('a disc is passed on or the disk is said to be full, whatever its size, and nothing is left', {
      timeout: 300_000,
    }, async () => {
      const disc = await upstreamDisc({
        'guest-agent/qemu-ga-x86_64.msi': Buffer.alloc(2 ** 20, 'guest agent'),
      });
      const { folder, file } = await writePassthrough(disc);
      const mount = join(folder, 'small');
      await mkdir(mount);
      const ends: (number | undefined)[] = [];
      for (let kilobytes = 256; ends.at(-1) !== 0 && kilobytes < 16_384; kilobytes += 256) {
        await execa('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', mount]);
        try {
          const use = ['--use', `disc=${join(folder, 'disc.iso')}`];
          const env = { PVDISC_CACHE: join(folder, 'cache') };
          const { exitCode, stderr } = await execa(
            'node',
            [program, 'build', file, '--out', mount, '--quiet', ...use],
            { reject: false, env },
          );
          ends.push(exitCode);
          if (exitCode === 0) {
            const made = join(mount, 'test-disc-0.1.302/test-disc-0.1.302.iso');
            expect((await readFile(made)).equals(disc)).toBe(true);
            continue;
          }
          expect(stderr, `${kilobytes} kB`).toMatch(/no space left on device|the disk is full/i);
          expect(stderr).toContain('hint: free some space, or choose another folder');
          expect(await readdir(mount)).toEqual([]);
        } finally {
          await unmount(mount);
        }
      }
      expect(ends.length).toBeGreaterThan(4);
      expect(ends).toEqual([...ends.slice(0, -1).map(() => 1), 0]);
    });

    test('a folder that may no longer be written is named, and once it may be again the next build is whole', {
      timeout: 300_000,
    }, async () => {
      const base = await temporaryFolder('pvdisc-lost-');
      const out = join(base, 'out');
      for (const name of ['out', 'tmp', 'cache']) {
        await mkdir(join(base, name));
        await chown(join(base, name), nobody, nobody);
      }
      await chmod(base, 0o755);
      const user = await ordinaryUser(base);
      const [first = '', ...words] = user.words;
      const build = () =>
        execa(first, [...words, process.execPath, user.program, 'build', user.seen(sample), '--out', out], {
          reject: false,
          cwd: base,
          env: { TMPDIR: join(base, 'tmp'), PVDISC_CACHE: join(base, 'cache'), HOME: base },
        });
      const running = build();
      let said = '';
      for await (const line of running.iterable({ from: 'stderr' })) {
        said += line;
        if (line === 'assemble ...') await chmod(out, 0o555);
      }
      const { exitCode, stderr } = await running;
      expect(exitCode, said).toBe(1);
      expect(stderr).toContain(`${out}/`);
      expect(stderr).toContain('hint: check the owner and the mode of the path');
      expect(await readdir(out)).not.toContain('pvdisc-sample-0.1.0');

      await chmod(out, 0o755);
      const next = await build();
      expect(next.exitCode, next.stderr).toBe(0);
      expect(await readdir(out)).toEqual(['pvdisc-sample-0.1.0']);
      expect(await readdir(join(base, 'tmp'))).toEqual([]);
    });
  },
);
