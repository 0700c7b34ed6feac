import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '../builders/disc-contents.ts';
import { writeInitramfs } from '../builders/guest/initramfs.ts';
import { guestKernel } from '../builders/guest/kernel.ts';
import type { GuestKernel } from '../builders/guest/modules.ts';
import { linuxArguments, unpackedKernel } from '../builders/guest/quick-boot.ts';
import { discLine, untilReported } from '../builders/guest/watched.ts';
import { watchHost } from '../builders/host-invariants.ts';
import { buildIso } from '../builders/iso.ts';
import { lacksTool, toolPath } from '../builders/needs.ts';
import { script, writeDisc } from '../host-command/host.ts';

const isSkipped = lacksTool(
  ...['qemu-system-x86_64', 'socat', 'jq', 'flock', 'busybox', 'cpio', 'modprobe', 'depmod', 'xorriso'],
);

const first = { 'README.txt': 'first disc\n' };
const second = { 'README.txt': 'second disc\n' };
const held = { 'README.txt': 'a disc that stays mounted\n', HOLD: '' };
const trees = { 'virtio-win-1.0': first, 'virtio-win-2.0': second, 'virtio-win-3.0': held };

const q35 = ['-machine', 'q35', '-accel', 'tcg', '-nodefaults', '-no-user-config', '-display', 'none'];

describe.skipIf(isSkipped)('a plain QEMU', { timeout: 300_000 }, () => {
  let folder: string;
  let kernel: GuestKernel | undefined;
  let isAsBefore: () => Promise<void>;
  const stops: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    kernel = await guestKernel();
    folder = await mkdtemp(join(tmpdir(), 'pvdisc-qmp-'));
    await chmod(folder, 0o755);
    await mkdir(join(folder, 'discs, and: more'));
    for (const [release, tree] of Object.entries(trees)) {
      await writeDisc(join(folder, 'discs, and: more'), release, { bytes: await buildIso(tree) });
    }
    await symlink('virtio-win-1.0.iso', join(folder, 'discs, and: more/virtio-win.iso'));
    if (kernel !== undefined) await writeInitramfs(kernel, folder, 'watch.sh');
    // Temporary files and locks; those of an ordinary user are in .cache.
    const temporary = ['tmp', 'run', '.cache'].map((name) => join(folder, name));
    for (const name of temporary) await mkdir(name);
    isAsBefore = await watchHost({ folder, temporary });
  });

  afterAll(async () => {
    await Promise.all(stops.map((stop) => stop()));
    await isAsBefore().finally(() => rm(folder, { recursive: true, force: true }));
  });

  const linux = async ({ image }: GuestKernel, words = '') =>
    linuxArguments(await unpackedKernel(image), join(folder, 'initramfs'), words);

  /** Starts QEMU with a QMP socket whose name contains characters with a meaning for socat. */
  const startQemu = async (name: string, ...args: readonly string[]): Promise<string> => {
    const socket = join(folder, `${name}: a, b.qmp`);
    const options = [...q35, '-qmp', `unix:${socket.replaceAll(',', ',,')},server=on,wait=off`];
    const qemu = execa('qemu-system-x86_64', [...options, ...args], {
      stdin: 'ignore',
      reject: false,
      forceKillAfterDelay: 2000,
    });
    stops.push(() => {
      qemu.kill();
      return qemu;
    });
    for (let tries = 0; tries < 200; tries++) {
      if (await stat(socket).catch(() => undefined)) return socket;
      await setTimeout(50);
    }
    throw new Error(`QEMU made no socket: ${(await qemu).stderr}`);
  };

  const disc = (release: string) => join(folder, 'discs, and: more', `${release}.iso`);
  const command = async (...args: readonly string[]) => {
    const env = {
      PATH: toolPath,
      HOME: folder,
      VIRTIO_WIN_DIR: join(folder, 'discs, and: more'),
      VIRTIO_WIN_SYSROOT: folder,
      TMPDIR: join(folder, 'tmp'),
    };
    const discsAreAsBefore = await watchHost({ discs: env.VIRTIO_WIN_DIR });
    const { exitCode, stdout, stderr } = await execa('sh', [script, ...args], {
      env,
      extendEnv: false,
      reject: false,
      timeout: 300_000,
    });
    await discsAreAsBefore();
    return { exitCode, stdout, stderr };
  };
  const discs = async (socket: string) =>
    JSON.parse((await command('status', '--qmp', socket, '--json')).stdout).discs;

  test('with a CD drive: attach, twice, swap, eject, a locked tray', async ({ skip }) => {
    if (kernel === undefined) return skip('no kernel for the guest');
    const report = join(folder, 'report');
    await writeFile(report, '');
    const socket = await startQemu(
      'guest',
      ...['-cpu', 'max', '-m', '256', ...(await linux(kernel))],
      ...['-serial', `file:${join(folder, 'console')}`, '-serial', `file:${report}`],
      ...['-device', 'ide-cd,id=cd0,bus=ide.0', '-device', 'virtio-scsi-pci,id=scsi0'],
    );
    await untilReported(report, 'READY');
    expect(await command('attach', '--qmp', socket)).toEqual({
      exitCode: 0,
      stdout: `${socket}: virtio-win-1.0 is in cd0`,
      stderr: '',
    });
    await untilReported(report, discLine('sr0', first));
    expect((await command('attach', '--qmp', socket)).stdout).toBe(
      `${socket}: virtio-win-1.0 is already in cd0`,
    );
    expect(await discs(socket)).toMatchObject([
      {
        where: 'live',
        target: 'cd0',
        disc: 'virtio-win-1.0',
        path: disc('virtio-win-1.0'),
        chosen: true,
        present: true,
      },
    ]);
    expect(await command('attach', '--qmp', socket, '--disc', 'virtio-win-2.0')).toMatchObject({
      exitCode: 1,
      stdout: '',
    });
    expect((await command('swap', '--qmp', socket, '--disc', 'virtio-win-2.0')).stdout).toBe(
      `${socket}: virtio-win-2.0 is in cd0 instead of virtio-win-1.0`,
    );
    await untilReported(report, discLine('sr0', second));
    expect((await command('eject', '--qmp', socket)).stdout).toBe(`${socket}: virtio-win-2.0 is out of cd0`);
    await untilReported(report, 'EMPTY sr0');
    expect(await discs(socket)).toEqual([]);
    expect((await command('eject', '--qmp', socket)).stdout).toBe(`${socket}: it holds no disc`);

    await command('attach', '--qmp', socket, '--disc', 'virtio-win-3.0');
    await untilReported(report, discLine('sr0', held));
    const locked = await command('eject', '--qmp', socket);
    expect(locked).toMatchObject({ exitCode: 1, stdout: '' });
    expect(locked.stderr).toMatch(
      /cd0 stays closed: .*locked.*\nhint: eject it inside the guest first, or repeat with --force/,
    );
    expect(await discs(socket)).toMatchObject([{ disc: 'virtio-win-3.0' }]);
    expect(await command('eject', '--qmp', socket, '--force')).toMatchObject({ exitCode: 0 });
    await untilReported(report, 'EMPTY sr0');
  });

  test('a guest that opens its drive again and again: swap, eject, attach, each at the first try', async ({
    skip,
  }) => {
    if (kernel === undefined) return skip('no kernel for the guest');
    const report = join(folder, 'polled');
    await writeFile(report, '');
    const socket = await startQemu(
      'polling',
      ...['-cpu', 'max', '-m', '256', ...(await linux(kernel, 'polls'))],
      ...['-serial', `file:${join(folder, 'polling.console')}`, '-serial', `file:${report}`],
      ...[
        '-drive',
        `file=${disc('virtio-win-1.0').replaceAll(',', ',,')},format=raw,readonly=on,if=none,id=d`,
      ],
      ...['-device', 'ide-cd,id=cd0,drive=d,bus=ide.0'],
    );
    const reads = async (release: string) =>
      untilReported(report, `READ sr0 ${sha256(await readFile(disc(release)))}`);
    await reads('virtio-win-1.0');
    for (const force of [[], ['--force']]) {
      expect(await command('swap', '--qmp', socket, '--disc', 'virtio-win-2.0', ...force)).toEqual({
        exitCode: 0,
        stdout: `${socket}: virtio-win-2.0 is in cd0 instead of virtio-win-1.0`,
        stderr: '',
      });
      await reads('virtio-win-2.0');
      expect(await command('eject', '--qmp', socket, ...force)).toEqual({
        exitCode: 0,
        stdout: `${socket}: virtio-win-2.0 is out of cd0`,
        stderr: '',
      });
      await untilReported(report, 'EMPTY sr0');
      expect(await command('attach', '--qmp', socket)).toMatchObject({ exitCode: 0, stderr: '' });
      await reads('virtio-win-1.0');
    }
    expect(await discs(socket)).toMatchObject([{ target: 'cd0', disc: 'virtio-win-1.0', tray: null }]);
  });

  test('two commands at once on two sockets of one QEMU: the second one sees what the first one did', async () => {
    const second = join(folder, 'second.qmp');
    const socket = await startQemu(
      'twice',
      ...['-S', '-device', 'ide-cd,id=cd0,bus=ide.0', '-qmp', `unix:${second},server=on,wait=off`],
    );
    const attach = (path: string, release: string) => command('attach', '--qmp', path, '--disc', release);
    const ends = await Promise.all([attach(socket, 'virtio-win-1.0'), attach(second, 'virtio-win-3.0')]);
    expect(ends.map(({ exitCode }) => exitCode).sort()).toEqual([0, 1]);
    const [{ disc: holds }] = await discs(socket);
    expect(ends.find(({ exitCode }) => exitCode === 0)?.stdout).toContain(`${holds} is in cd0`);
    expect(ends.find(({ exitCode }) => exitCode === 1)?.stderr).toContain(`cd0 already holds ${holds}`);
    expect(await readdir(join(folder, 'run')).catch(() => [])).toEqual([]);
  });

  test('without a CD drive, on virtio-scsi: a new drive; nothing stays when the disc cannot be read', async () => {
    const socket = await startQemu(
      'scsi',
      '-S',
      '-device',
      'virtio-scsi-pci',
      '-device',
      'virtio-scsi-pci,id=hba',
    );
    await rm(disc('virtio-win-2.0'));
    await symlink(join(folder, 'nowhere'), disc('virtio-win-2.0'));
    expect(await command('attach', '--qmp', socket, '--disc', 'virtio-win-2.0')).toMatchObject({
      exitCode: 1,
    });
    expect((await command('attach', '--qmp', socket)).stdout).toBe(
      `${socket}: virtio-win-1.0 is in the new drive virtio-win`,
    );
    expect(await discs(socket)).toMatchObject([{ target: 'virtio-win', disc: 'virtio-win-1.0' }]);
    expect((await command('attach', '--qmp', socket)).stdout).toContain('is already in virtio-win');
    await command('eject', '--qmp', socket);
    expect(await command('attach', '--qmp', socket)).toMatchObject({
      stdout: `${socket}: virtio-win-1.0 is in virtio-win`,
    });
  });

  test('what cannot work says what to do', async () => {
    const bare = await startQemu('bare', '-S');
    expect(await command('attach', '--qmp', bare)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: [
        `virtio-win: ${bare}: the guest has no empty CD drive and no virtio-scsi bus for a new one`,
        'hint: start QEMU with a CD drive: virtio-win snippet qemu',
      ].join('\n'),
    });
    expect(await command('swap', '--qmp', bare)).toMatchObject({ exitCode: 1, stdout: '' });
    expect(await command('status', '--qmp', join(folder, 'none'))).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/none: it is not there\nhint: start QEMU with -qmp/),
    });
    expect(await command('status', '--qmp', disc('virtio-win-1.0'))).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('it is not a socket'),
    });
  });
});
