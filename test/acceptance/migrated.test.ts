import { existsSync } from 'node:fs';
import {
  chmod,
  chown,
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '../builders/disc-contents.ts';
import { isAsked } from '../builders/guest/asked.ts';
import { writeInitramfs } from '../builders/guest/initramfs.ts';
import { guestKernel } from '../builders/guest/kernel.ts';
import { unpackedKernel } from '../builders/guest/quick-boot.ts';
import { type Boot, nextRound, roundsOf, startWorker, type Worker } from '../builders/guest/worker.ts';
import { buildIso } from '../builders/iso.ts';
import type { Libvirt } from '../builders/libvirt.ts';
import { toolPath } from '../builders/needs.ts';
import { freePort } from '../builders/server.ts';
import { type Hosts, movingGuest, startHosts } from '../builders/two-hosts.ts';
import { script, writeDisc } from '../host-command/host.ts';

/** What becomes of the disc: at the target it is there, nowhere in the guest, gone, replaced by another release, or of other bytes. */
const states = [
  'attached',
  'ejected before',
  'missing at the target',
  'another release at the target',
  'other bytes at the target',
] as const;
type State = (typeof states)[number];

const disc = 'virtio-win-1.0';

describe.runIf(isAsked('migration'))('the disc when a guest moves', { timeout: 900_000 }, () => {
  let folder: string;
  let boot: Boot;
  let bytes: Readonly<Record<'own' | 'other', Uint8Array>>;
  const rows: Record<string, Partial<Record<State, string>>> = {};

  beforeAll(async () => {
    const kernel = await guestKernel();
    if (kernel === undefined) throw new Error('no kernel for the guest');
    folder = await mkdtemp(join(tmpdir(), 'pvdisc-moved-'));
    await chmod(folder, 0o755);
    await cp(join(script, '..'), join(folder, 'host'), { recursive: true });
    boot = { image: join(folder, 'vmlinuz'), initramfs: await writeInitramfs(kernel, folder, 'work.sh') };
    await copyFile(await unpackedKernel(kernel.image), boot.image);
    await chmod(boot.image, 0o644);
    bytes = {
      own: await buildIso({ 'README.txt': 'the disc\n' }),
      other: await buildIso({ 'README.txt': 'built anew\n' }),
    };
    for (const name of ['discs', 'store']) await mkdir(join(folder, name));
  }, 300_000);

  afterAll(async () => {
    const names = Object.keys(rows);
    const table = [
      ['the disc is', ...names],
      ['-', ...names.map(() => '-')],
      ...states.map((state) => [state, ...names.map((name) => rows[name]?.[state] ?? 'cannot be')]),
    ].map((cells) => `| ${cells.join(' | ')} |`);
    console.log(table.join('\n'));
    await rm(folder, { recursive: true, force: true });
  });

  /** Fills the folder of the discs of a host. */
  const fill = async (to: string, state: State | 'source'): Promise<void> => {
    // The folder itself may be mounted.
    await mkdir(to, { recursive: true });
    for (const name of await readdir(to)) await rm(join(to, name));
    if (state === 'missing at the target') return;
    const release = state === 'another release at the target' ? 'virtio-win-2.0' : disc;
    const differs = release !== disc || state === 'other bytes at the target';
    await writeDisc(to, release, { bytes: differs ? bytes.other : bytes.own });
  };

  /** Says what a guest reads now that it has moved. */
  const outcome = async (report: string): Promise<string> => {
    const round = await nextRound(report, 'sr0');
    if (round === undefined) return 'the guest stands still';
    const boots = new Set((await roundsOf(report)).map((each) => each.boot));
    expect(boots.size, 'the guest has not booted anew').toBe(1);
    if (round.found === sha256(bytes.own)) return 'reads on';
    if (round.found === sha256(bytes.other)) return '**reads other bytes**';
    return round.found === 'empty' ? 'goes on, drive empty' : 'goes on, reads fail';
  };

  test('libvirt to libvirt, each host with its own storage, and saved and restored', async () => {
    const hosts = await startHosts(folder, 'separate');
    try {
      for (const state of states) {
        await fill(join(folder, 'discs.a'), 'source');
        await fill(join(folder, 'discs.b'), state);
        put('libvirt, separate storage', state, await migrate(hosts, state, true));
        await fill(join(folder, 'discs.a'), 'source');
        put('libvirt, saved and restored', state, await saveAndRestore(hosts.a, state));
      }
    } finally {
      await hosts.stop();
    }
  });

  test('libvirt to libvirt with shared storage', async () => {
    const hosts = await startHosts(folder, 'shared');
    try {
      for (const state of ['attached', 'ejected before'] as const) {
        await fill(join(folder, 'discs'), 'source');
        put('libvirt, shared storage', state, await migrate(hosts, state, false));
      }
    } finally {
      await hosts.stop();
    }
  });

  test('plain QEMU', async () => {
    for (const state of states) put('plain QEMU', state, await migrateQemu(state));
  });

  test('docs/migration.md says the same', async () => {
    const page = (await readFile(join(import.meta.dirname, '../../docs/migration.md'), 'utf8')).replaceAll(
      / +/g,
      ' ',
    );
    const missing: string[] = [];
    for (const [way, cells] of Object.entries(rows)) {
      const column = tableColumn(page, way);
      for (const [state, cell] of Object.entries(cells))
        if (column[state] !== cell) missing.push(`${way}, ${state}: ${cell}`);
    }
    expect(missing).toEqual([]);
  });

  const put = (way: string, state: State, words: string) => {
    rows[way] = { ...rows[way], [state]: words };
  };

  /** Starts a guest on a host, attaches the disc to it by virtio-win, and waits until it reads it. */
  async function startGuest(on: Libvirt, withDisk: boolean): Promise<string> {
    const report = join(folder, 'report');
    await rm(report, { force: true });
    for (const file of [report, join(folder, 'console')]) {
      await writeFile(file, '');
      await chown(file, on.user, on.user);
    }
    await writeFile(join(folder, 'guest.xml'), movingGuest(folder, withDisk));
    await on.virsh('define', '--validate', join(folder, 'guest.xml'));
    await on.virsh('start', 'guest');
    const attached = await on.run('sh', join(folder, 'host/virtio-win'), 'attach', 'guest');
    expect(attached).toMatchObject({ exitCode: 0, stderr: '' });
    const round = await nextRound(report, 'sr0', { found: sha256(bytes.own) });
    expect(round, 'the guest reads the disc').toBeDefined();
    return report;
  }

  async function ejectFrom(on: Libvirt, report: string): Promise<void> {
    expect(await on.run('sh', join(folder, 'host/virtio-win'), 'eject', '--force', 'guest')).toMatchObject({
      exitCode: 0,
    });
    expect(await nextRound(report, 'sr0', { found: 'empty' })).toBeDefined();
  }

  async function migrate({ a, b }: Hosts, state: State, withDisk: boolean): Promise<string> {
    for (const name of ['a', 'b']) {
      if (withDisk)
        await execa(
          'qemu-img',
          ['create', '-q', '-f', 'raw', join(folder, `store.${name}/guest.raw`), '4M'],
          { env: { PATH: toolPath } },
        );
    }
    const report = await startGuest(a, withDisk);
    if (state === 'ejected before') await ejectFrom(a, report);
    const more = withDisk ? ['--copy-storage-all', '--disks-port', String(await freePort())] : [];
    const { exitCode, stderr } = await a.run(
      ...(['virsh', '-q', 'migrate', '--live', '--unsafe', '--persistent', '--undefinesource'] as const),
      ...[...more, '--listen-address', '127.0.0.1', 'guest', b.uri, `tcp://127.0.0.1:${await freePort()}`],
    );
    const at = exitCode === 0 ? b : a;
    const words =
      exitCode === 0
        ? await outcome(report)
        : `refused: ${reason(stderr)}; ${await outcome(report)} at the source`;
    if (exitCode === 0) expect((await b.virsh('domstate', 'guest')).trim()).toBe('running');
    await at.virsh('destroy', 'guest');
    await at.virsh('undefine', 'guest');
    return words;
  }

  async function saveAndRestore(on: Libvirt, state: State): Promise<string> {
    const report = await startGuest(on, false);
    if (state === 'ejected before') await ejectFrom(on, report);
    const saved = join(folder, 'saved');
    await on.virsh('save', 'guest', saved);
    await fill(join(folder, 'discs.a'), state);
    const { exitCode, stderr } = await on.run('virsh', '-q', 'restore', saved);
    const words = exitCode === 0 ? await outcome(report) : `refused: ${reason(stderr)}`;
    if (exitCode === 0) await on.virsh('destroy', 'guest');
    await on.virsh('undefine', 'guest');
    await rm(saved);
    return words;
  }

  async function migrateQemu(state: State): Promise<string> {
    const places = { source: join(folder, 'qemu.a'), target: join(folder, 'qemu.b') };
    await fill(places.source, 'source');
    await fill(places.target, state);
    const file = state === 'another release at the target' ? 'virtio-win-2.0' : disc;
    const drive = (path: string) => [
      '-drive',
      `file=${path},format=raw,readonly=on,if=none,id=d`,
      '-device',
      'ide-cd,id=cd0,drive=d',
    ];
    const empty = ['-device', 'ide-cd,id=cd0'];
    const source = await startWorker(boot, folder, 'source', drive(join(places.source, `${disc}.iso`)));
    let target: Worker | undefined;
    try {
      expect(await nextRound(source.report, 'sr0', { found: sha256(bytes.own) })).toBeDefined();
      if (state === 'ejected before') {
        const env = {
          PATH: toolPath,
          HOME: folder,
          VIRTIO_WIN_DIR: places.source,
          VIRTIO_WIN_SYSROOT: folder,
        };
        await mkdir(join(folder, 'run'), { recursive: true });
        await execa('sh', [script, 'eject', '--force', '--qmp', source.socket], { env, extendEnv: false });
      }
      const socket = join(folder, 'incoming');
      await rm(socket, { force: true });
      const args = state === 'ejected before' ? empty : drive(join(places.target, `${file}.iso`));
      const incoming = [...args, '-incoming', `unix:${socket}`];
      const started = await startWorker(boot, folder, 'target', incoming).catch((error: Error) => error);
      if (started instanceof Error) return `QEMU does not start: ${reason(started.message)}`;
      target = started;
      let refusal: string | undefined;
      void target.ended.then(({ stderr }) => {
        refusal = stderr;
      });
      for (; !existsSync(socket); await setTimeout(100)) {
        if (refusal !== undefined) return `QEMU does not start: ${reason(refusal)}`;
      }
      await source.qmp('migrate', { uri: `unix:${socket}` });
      for (let status = ''; status !== 'completed'; await setTimeout(100)) {
        ({ status } = (await source.qmp('query-migrate')) as { status: string });
        if (status === 'failed') return `fails; ${await outcome(source.report)} at the source`;
      }
      return await outcome(target.report);
    } finally {
      await source.stop();
      await target?.stop();
    }
  }
});

/** The fact in what libvirt or QEMU say, without paths. */
function reason(words: string): string {
  return /No such file or directory/.test(words) ? 'no such file' : words.trim().replace(/^error: /, '');
}

/** The cells of one column of the table of a page, by the words in its first column. */
function tableColumn(page: string, name: string): Record<string, string> {
  const lines = page.split('\n').filter((line) => line.startsWith('| '));
  const cells = lines.map((line) =>
    line
      .split('|')
      .map((cell) => cell.trim())
      .slice(1, -1),
  );
  const at = cells[0]?.indexOf(name) ?? -1;
  return Object.fromEntries(cells.slice(1).map((row) => [row[0] ?? '', row[at] ?? '']));
}
