import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { type BuiltRelease, builtSample } from '../builders/built-release.ts';
import { recordedFiles } from '../builders/disc-contents.ts';
import { type Bus, bootGuest } from '../builders/guest/boot.ts';
import { guestKernel } from '../builders/guest/kernel.ts';
import type { GuestKernel } from '../builders/guest/modules.ts';
import { watchHost } from '../builders/host-invariants.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder } from '../builders/release.ts';

const isSkipped = lacksTool('qemu-system-x86_64', 'busybox', 'cpio', 'modprobe', 'depmod');

const refusal = /^refused: .*(?:Read-only file system|Permission denied|Operation not permitted)$/;

const drives: { bus: Bus; device: RegExp }[] = [
  { bus: 'sata', device: /\/ata\d+\/.*\/sr0$/ },
  { bus: 'virtio-scsi', device: /\/virtio\d+\/.*\/sr0$/ },
];

describe.skipIf(isSkipped)('a Linux guest with the disc in its CD-ROM drive', { timeout: 300_000 }, () => {
  let kernel: GuestKernel | undefined;
  let sample: BuiltRelease;

  beforeAll(async () => {
    kernel = await guestKernel();
    sample = await builtSample();
  }, 600_000);

  test.for(drives)(
    'on $bus reads every file as recorded, and cannot write',
    async ({ bus, device }, { skip }) => {
      if (kernel === undefined) return skip('no kernel for the guest');
      const folder = await temporaryFolder('pvdisc-guest-host-');
      const [discs, temporary] = [join(folder, 'discs'), join(folder, 'tmp')];
      for (const name of [discs, temporary]) await mkdir(name);
      await copyFile(sample.iso, join(discs, 'sample.iso'));
      const isAsBefore = await watchHost({ folder, discs, temporary: [temporary] });
      vi.stubEnv('TMPDIR', temporary);
      const report = await bootGuest(kernel, join(discs, 'sample.iso'), bus).finally(vi.unstubAllEnvs);
      await isAsBefore();
      const { facts, files, others } = report;
      expect(facts).toEqual({
        kernel: expect.stringMatching(/^\d+\.\d+/),
        device: expect.stringMatching(device),
        'device read-only': '1',
        'file system': expect.stringMatching(/ iso9660 ro,/),
        'raw write': expect.stringMatching(refusal),
        'file write': expect.stringMatching(refusal),
        remount: expect.stringMatching(refusal),
      });
      const recorded = recordedFiles(sample.record);
      expect(files).toEqual(recorded);
      expect(others).toEqual([]);

      const changed = { ...recorded, 'README.txt': '0'.repeat(64) };
      expect(files, 'a changed digest must be seen').not.toEqual(changed);
    },
  );
});
