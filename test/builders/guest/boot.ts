import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { writeInitramfs } from './initramfs.ts';
import type { GuestKernel } from './modules.ts';
import { linuxArguments, unpackedKernel } from './quick-boot.ts';
import { type GuestReport, parseReport } from './report.ts';

/** Where a guest's CD-ROM drive is attached. */
export type Bus = 'sata' | 'virtio-scsi';

const drives: Readonly<Record<Bus, readonly string[]>> = {
  sata: ['-device', 'ide-cd,drive=disc,bus=ide.0'],
  'virtio-scsi': ['-device', 'virtio-scsi-pci,id=scsi', '-device', 'scsi-cd,drive=disc,bus=scsi.0'],
};

/** Boots a Linux guest, emulated, with the ISO as a read-only CD-ROM, and returns what it reports; it has a minute. */
export async function bootGuest(kernel: GuestKernel, iso: string, bus: Bus): Promise<GuestReport> {
  const folder = await mkdtemp(join(tmpdir(), 'pvdisc-guest-'));
  try {
    const initramfs = await writeInitramfs(kernel, folder);
    const files = { console: join(folder, 'console'), report: join(folder, 'report') };
    const { failed, shortMessage } = await execa(
      'qemu-system-x86_64',
      [
        ...['-machine', 'q35', '-accel', 'tcg', '-cpu', 'max', '-m', '256'],
        ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
        ...linuxArguments(await unpackedKernel(kernel.image), initramfs),
        ...['-serial', `file:${files.console}`, '-serial', `file:${files.report}`],
        ...['-drive', `file=${iso.replaceAll(',', ',,')},format=raw,readonly=on,if=none,id=disc`],
        ...drives[bus],
      ],
      { stdin: 'ignore', timeout: 60_000, killSignal: 'SIGKILL', reject: false },
    );
    const report = await readFile(files.report, 'utf8').catch(() => '');
    if (!failed && report.endsWith('END\n')) return parseReport(report);
    const words = (await readFile(files.console, 'utf8').catch(() => '')).split('\n').slice(-20).join('\n');
    throw new Error(
      `the guest gave no whole report: ${shortMessage ?? 'it ended early'}\n${report}\n${words}`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
