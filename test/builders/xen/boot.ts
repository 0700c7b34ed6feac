import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { downloadedKernel } from '../guest/download.ts';
import { writeInitramfs } from '../guest/initramfs.ts';
import type { GuestKernel } from '../guest/modules.ts';
import { toolPath } from '../needs.ts';

/** What dom0 and its guests need: CD-ROMs, loop devices, and Xen's devices on both sides. */
const modules = [
  ...['isofs', 'sr_mod', 'ahci', 'ata_piix', 'cdrom', 'loop', 'xenfs'],
  ...['xen-evtchn', 'xen-gntdev', 'xen-gntalloc', 'xen-privcmd', 'xen-blkback', 'xen-blkfront'],
];

const cache = join(import.meta.dirname, '../../.cache/xen');

/** A command of the session in dom0 (session.sh), what it printed on both outputs, and its exit code. */
export interface Step {
  readonly command: string;
  readonly output: string;
  readonly code: number;
}

/** What a session printed. */
export interface Session {
  readonly steps: readonly Step[];
  /** Lines of the guest's console. */
  readonly console: readonly string[];
}

/** What dom0 gets: the kind of its guest, packages to install, and a folder of a disc beside them. */
export interface Dom0 {
  readonly kind: 'pv' | 'hvm';
  readonly packages: readonly string[];
  readonly old: string;
}

/** Makes dom0 and its guest, once for several sessions, in a folder. */
export async function makeXen(folder: string): Promise<(dom0: Dom0) => Promise<Session>> {
  const kernel = await downloadedKernel(modules);
  const host = join(folder, 'dom0');
  const guest = join(folder, 'guest');
  await mkdir(host, { recursive: true });
  await mkdir(guest);
  await execa(join(import.meta.dirname, 'make-dom0.sh'), [cache, join(host, 'root')], {
    env: { PATH: toolPath },
    timeout: 300_000,
  });
  const vmlinux = join(folder, 'vmlinux');
  await unpackKernel(kernel, vmlinux);
  const initramfs = await writeInitramfs(kernel, host, '../xen/dom0.sh');
  const guestInitramfs = await writeInitramfs(kernel, guest, '../xen/guest.sh');
  return async ({ kind, packages, old }) => {
    const scratch = await mkdtemp(join(tmpdir(), 'pvdisc-xen-'));
    try {
      const data = join(scratch, 'data');
      await mkdir(data);
      for (const file of packages) await copyFile(file, join(data, basename(file)));
      await cp(old, join(data, 'old'), { recursive: true });
      await writeFile(join(data, 'kind'), kind);
      await copyFile(join(import.meta.dirname, 'session.sh'), join(data, 'session.sh'));
      await copyFile(vmlinux, join(data, 'vmlinux'));
      await copyFile(kernel.image, join(data, 'vmlinuz'));
      await copyFile(guestInitramfs, join(data, 'initramfs'));
      return parseSession(await boot({ scratch, data, vmlinux, initramfs }));
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  };
}

/** Xen takes a kernel without its own decompressor sooner: the xz stream within the image. */
async function unpackKernel({ image }: GuestKernel, file: string): Promise<void> {
  const bytes = await readFile(image);
  const start = bytes.indexOf(Buffer.from('fd377a585a00', 'hex'));
  if (start < 0) throw new Error(`${image}: it is not packed with xz`);
  await execa('xz', ['--decompress', '--stdout', '--single-stream'], {
    input: bytes.subarray(start),
    stdout: { file },
  });
}

/**
 * Boots Xen in QEMU and returns what dom0 printed. The processor lacks what breaks Xen in QEMU's emulation: with SMAP dom0 does not
 * start, with RDTSCP no HVM guest, and with XSAVE, guests and dom0 damage each other's vector registers (QEMU 7.2).
 */
async function boot(files: {
  scratch: string;
  data: string;
  vmlinux: string;
  initramfs: string;
}): Promise<string> {
  const carrier = join(files.scratch, 'data.iso');
  const log = join(files.scratch, 'log');
  await execa('xorriso', ['-as', 'mkisofs', '-quiet', '-R', '-V', 'DATA', '-o', carrier, files.data]);
  const { shortMessage } = await execa(
    'qemu-system-x86_64',
    [
      ...['-machine', 'q35', '-accel', 'tcg,thread=single', '-cpu', 'max,-smap,-rdtscp,-xsave,-avx,-avx2'],
      ...['-m', '2560', '-smp', '1', '-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
      ...['-kernel', join(cache, 'xen')],
      ...['-append', 'console=com1 com1=115200,8n1 dom0_mem=1024M,max:1024M loglvl=warning xsave=0'],
      ...['-initrd', `${files.vmlinux} console=hvc0 quiet loglevel=4 panic=-1,${files.initramfs}`],
      ...['-drive', `file=${carrier},format=raw,media=cdrom,readonly=on,if=none,id=data`],
      ...['-device', 'ide-cd,drive=data,bus=ide.0', '-serial', `file:${log}`],
    ],
    { stdin: 'ignore', timeout: 900_000, killSignal: 'SIGKILL', reject: false, env: { PATH: toolPath } },
  );
  const text = (await readFile(log, 'utf8').catch(() => '')).replaceAll('\r', '');
  if (text.includes('\nSESSION over\n')) return text;
  throw new Error(`dom0 did not get to the end: ${shortMessage ?? 'QEMU ended'}\n${text.slice(-4000)}`);
}

function parseSession(text: string): Session {
  const [log = '', console = ''] = text.split('\nSESSION over\n')[0]?.split('\nCONSOLE\n') ?? [];
  const steps = [...log.matchAll(/^STEP (.*)\n([\s\S]*?)^CODE (\d+)$/gm)].map(
    ([, command = '', output = '', code]) => ({ command, output: output.trimEnd(), code: Number(code) }),
  );
  return { steps, console: console.split('\n') };
}
