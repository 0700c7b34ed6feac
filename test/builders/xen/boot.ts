import { copyFile, cp, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { expect, vi } from 'vitest';
import { downloadedKernel } from '../guest/download.ts';
import { writeInitramfs } from '../guest/initramfs.ts';
import { qmp } from '../guest/qmp.ts';
import { quickOptions, unpackedKernel } from '../guest/quick-boot.ts';
import { toolPath } from '../needs.ts';

/** What guests need: CD-ROMs and Xen's front ends. */
const guestModules = ['isofs', 'sr_mod', 'ata_piix', 'cdrom', 'xen-blkfront'];

/** What dom0 needs beside that: its own CD-ROM, loop devices, and Xen's back ends. */
const hostModules = [
  ...['ahci', 'loop', 'xenfs', 'xen-evtchn', 'xen-gntdev', 'xen-gntalloc', 'xen-privcmd', 'xen-blkback'],
];

const cache = join(import.meta.dirname, '../../.cache/xen');

/** A command of the session in dom0 (session.sh), what it printed on both outputs, and its exit code. */
export interface Step {
  readonly command: string;
  readonly output: string;
  readonly code: number;
}

const patience = { timeout: 120_000, interval: 200 };

/** What a session printed. */
export interface Session {
  readonly steps: readonly Step[];
  /** Lines of the guest's console. */
  readonly console: readonly string[];
}

/** What dom0 gets: packages to install, and a folder of a disc beside them. */
export interface Dom0 {
  readonly packages: readonly string[];
  readonly old: string;
}

/** A function of session.sh and its guest. */
export type Story = `${'asks' | 'refuses' | 'changes' | 'saves'} ${'pv' | 'hvm'}`;

/**
 * Boots Xen once, in a folder, until dom0 has installed the packages and its guests run. Returns what goes on from there: each story has
 * that same machine, since QEMU keeps its state in a file.
 */
export async function makeXen(folder: string, dom0: Dom0): Promise<(story: Story) => Promise<Session>> {
  const socket = join(folder, 'qmp');
  const state = join(folder, 'state');
  const machine = [...(await makeMachine(folder, dom0)), '-qmp', `unix:${socket},server=on,wait=off`];
  const first = startMachine(machine);
  const booted = await printed(first, '\nREADY\n');
  await saveMachine(socket, state);
  await first;
  return async (story) => {
    const qemu = startMachine([...machine, '-incoming', `exec:cat ${state}`]);
    const over = printed(qemu, '\nSESSION over\n');
    over.catch(() => {}); // awaited below, unless it fails before that
    try {
      await resume(socket);
      await ask(qemu, story);
      return parseSession(booted + (await over));
    } finally {
      await qmp(socket, 'quit').catch(() => {}); // it may have ended
      await qemu; // its end removes the socket
    }
  };
}

/** Makes the files of the machine; returns QEMU's arguments. */
async function makeMachine(folder: string, { packages, old }: Dom0): Promise<readonly string[]> {
  const kernel = await downloadedKernel([...guestModules, ...hostModules]);
  const [host, guest, data] = ['dom0', 'guest', 'data'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const name of [host, guest, data]) await mkdir(name, { recursive: true });
  await execa(join(import.meta.dirname, 'make-dom0.sh'), [cache, join(host, 'root')], {
    env: { PATH: toolPath },
    timeout: 300_000,
  });
  const vmlinux = join(data, 'vmlinux');
  await copyFile(await unpackedKernel(kernel.image), vmlinux); // Xen takes it sooner
  await copyFile(kernel.image, join(data, 'vmlinuz'));
  const initramfs = await writeInitramfs(kernel, host, '../xen/dom0.sh');
  const ofGuest = kernel.modules.filter((file) => !hostModules.some((name) => basename(file).includes(name)));
  // An HVM guest gets its files byte by byte.
  await execa(
    'gzip',
    ['-9', '-c', await writeInitramfs({ ...kernel, modules: ofGuest }, guest, '../xen/guest.sh')],
    {
      stdout: { file: join(data, 'initramfs') },
    },
  );
  for (const file of packages) await copyFile(file, join(data, basename(file)));
  await cp(old, join(data, 'old'), { recursive: true });
  await copyFile(join(import.meta.dirname, 'session.sh'), join(data, 'session.sh'));
  await writeFile(join(data, 'options'), quickOptions);
  const carrier = join(folder, 'data.iso');
  await execa('xorriso', ['-as', 'mkisofs', '-quiet', '-R', '-V', 'DATA', '-o', carrier, data]);
  return [
    ...['-machine', 'q35', '-accel', 'tcg,thread=single', '-cpu', 'max,-smap,-rdtscp,-xsave,-avx,-avx2'],
    ...['-m', '2560', '-smp', '1', '-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...['-kernel', join(cache, 'xen')],
    ...[
      '-append',
      'console=com1 com1=115200,8n1 dom0_mem=1024M,max:1024M loglvl=warning xsave=0 spec-ctrl=no bti-thunk=jmp',
    ],
    ...['-initrd', `${vmlinux} console=hvc0 ${quickOptions},${initramfs}`],
    ...['-drive', `file=${carrier},format=raw,media=cdrom,readonly=on,if=none,id=data`],
    ...['-device', 'ide-cd,drive=data,bus=ide.0', '-serial', 'stdio'],
  ];
}

/**
 * Starts QEMU; the machine's console is its standard input and output. The processor lacks what breaks Xen in QEMU's emulation: with SMAP
 * dom0 does not start, with RDTSCP no HVM guest, and with XSAVE, guests and dom0 damage each other's vector registers (QEMU 7.2).
 */
function startMachine(machine: readonly string[]) {
  return execa('qemu-system-x86_64', machine, {
    stdin: 'pipe',
    stripFinalNewline: false,
    timeout: 900_000,
    killSignal: 'SIGKILL',
    reject: false,
    env: { PATH: toolPath },
  });
}

/** Returns what the machine has printed when WORDS are among it; throws when it ends before. */
async function printed(qemu: ReturnType<typeof startMachine>, words: string): Promise<string> {
  let text = '';
  await new Promise<void>((resolve, reject) => {
    qemu.stdout.on('data', (piece: Buffer) => {
      text += String(piece).replaceAll('\r', '');
      if (text.includes(words)) resolve();
    });
    qemu.then(({ shortMessage, stderr }) =>
      reject(
        new Error(
          `dom0 did not get to the end: ${shortMessage ?? 'QEMU ended'}\n${stderr}\n${text.slice(-4000)}`,
        ),
      ),
    );
  });
  return text;
}

/** Types the line until the console echoes it: a machine that has just resumed may lose what is typed. */
async function ask(qemu: ReturnType<typeof startMachine>, line: string): Promise<void> {
  const echoed = printed(qemu, line);
  const typing = setInterval(() => qemu.stdin.write(`${line}\n`), 2000);
  await echoed.finally(() => clearInterval(typing));
}

/** Lets the machine go on when it has its state: what comes before that is forgotten. */
async function resume(socket: string): Promise<void> {
  await vi.waitFor(async () => {
    await qmp(socket, 'cont');
    expect(await qmp(socket, 'query-status')).toMatchObject({ running: true });
  }, patience);
}

/** Writes the machine's state to a file and ends QEMU. */
async function saveMachine(socket: string, file: string): Promise<void> {
  await qmp(socket, 'stop');
  await qmp(socket, 'migrate-set-parameters', { 'max-bandwidth': 2 ** 40 });
  await qmp(socket, 'migrate', { uri: `exec:cat >${file}` });
  await vi.waitFor(
    async () => expect(await qmp(socket, 'query-migrate')).toMatchObject({ status: 'completed' }),
    patience,
  );
  await qmp(socket, 'quit');
}

function parseSession(text: string): Session {
  const [log = '', console = ''] = text.split('\nSESSION over\n')[0]?.split('\nCONSOLE\n') ?? [];
  const steps = [...log.matchAll(/^STEP (.*)\n([\s\S]*?)^CODE (\d+)$/gm)].map(
    ([, command = '', output = '', code]) => ({ command, output: output.trimEnd(), code: Number(code) }),
  );
  return { steps, console: console.split('\n') };
}
