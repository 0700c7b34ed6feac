import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import { qmp } from './qmp.ts';
import { linuxArguments } from './quick-boot.ts';

/** What a guest that runs work.sh found in a CD drive: the sha256 of the disc, `empty` or `error`. */
export interface Round {
  readonly device: string;
  readonly count: number;
  readonly boot: string;
  readonly memory: number;
  readonly found: string;
}

/** A running QEMU with a guest at work. */
export interface Worker {
  readonly report: string;
  readonly socket: string;
  readonly qmp: (execute: string, words?: object) => Promise<unknown>;
  readonly ended: Promise<{ readonly stderr: string }>;
  readonly stop: () => Promise<void>;
}

/** What boots a guest: a kernel, and an initramfs whose first program is work.sh. */
export interface Boot {
  readonly image: string;
  readonly initramfs: string;
}

/** Starts a guest at work, emulated, with its files in `folder`; `words` are for the kernel's command line. */
export async function startWorker(
  { image, initramfs }: Boot,
  folder: string,
  name: string,
  args: readonly string[],
  words = '',
): Promise<Worker> {
  const [report, socket] = [join(folder, `${name}.report`), join(folder, `${name}.qmp`)];
  await writeFile(report, '');
  await rm(socket, { force: true });
  const qemu = execa(
    'qemu-system-x86_64',
    [
      ...['-machine', 'q35', '-accel', 'tcg', '-cpu', 'max', '-m', '192'],
      ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
      ...linuxArguments(image, initramfs, words),
      ...['-serial', `file:${join(folder, `${name}.console`)}`, '-serial', `file:${report}`],
      ...['-qmp', `unix:${socket},server=on,wait=off`, ...args],
    ],
    { stdin: 'ignore', reject: false, killSignal: 'SIGKILL' },
  );
  for (let tries = 0; !(await stat(socket).catch(() => undefined)); tries++) {
    if (qemu.exitCode !== null || tries > 400) throw new Error(`QEMU made no socket: ${(await qemu).stderr}`);
    await setTimeout(50);
  }
  const ended = qemu.then(({ stderr }) => ({ stderr: String(stderr) }));
  const stop = async () => {
    qemu.kill();
    await qemu;
  };
  return { report, socket, qmp: (execute, more) => qmp(socket, execute, more), ended, stop };
}

/** Returns the rounds that a guest has reported so far; a line that is being written has no end yet. */
export async function roundsOf(report: string): Promise<Round[]> {
  const text = await readFile(report, 'utf8');
  const lines = text.matchAll(/^ROUND (\w+) (\d+) (\w+) (\d+) (\w+)\r?\n/gm);
  return [...lines].map(([, device = '', count, boot = '', memory, found = '']) => ({
    device,
    count: Number(count),
    boot,
    memory: Number(memory),
    found,
  }));
}

/** Waits for a line of a guest's report; it has a minute. */
export async function untilLine(report: string, pattern: RegExp): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (pattern.test(await readFile(report, 'utf8'))) return;
    await setTimeout(100);
  }
  throw new Error(
    `the guest does not report ${pattern}, but:\n${(await readFile(report, 'utf8')).slice(-2000)}`,
  );
}

/** Waits for a round that comes after what was reported, with the result if it is given; undefined after `seconds`. */
export async function nextRound(
  report: string,
  device: string,
  { found, seconds = 60 }: { found?: string; seconds?: number } = {},
): Promise<Round | undefined> {
  const before = (await roundsOf(report)).filter((round) => round.device === device).length;
  for (let tries = 0; tries < seconds * 10; tries++) {
    // The round that goes on may have begun before: the next one counts.
    const rounds = (await roundsOf(report)).filter((round) => round.device === device).slice(before + 1);
    const round = rounds.find((each) => found === undefined || each.found === found);
    if (round !== undefined) return round;
    await setTimeout(100);
  }
  return undefined;
}
