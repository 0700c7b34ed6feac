import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { lacksTool } from '../builders/needs.ts';
import { addLibvirt, calls, changeGuest, meanwhile } from './fake-virsh.ts';
import { guestXml } from './guest-xml.ts';
import { type Host, installDisc, makeHost, script, shells, writeProgram } from './host.ts';

const isRoot = process.getuid?.() === 0;

const uuid = '11111111-2222-4333-8444-555555555555';
const tray = { target: 'sda', bus: 'sata', address: '0.0.0.0' };
const other = guestXml([{ ...tray, source: '/isos/other.iso' }]);

/** A running guest with an empty tray; `other.xml` is the same one with a disc that somebody else inserted. */
async function hostWithTray(): Promise<Host> {
  const host = await makeHost();
  await installDisc(host, 'virtio-win-1.0');
  const xml = guestXml([tray]);
  await addLibvirt(host, [{ name: 'win', uuid, live: xml, config: xml }]);
  await writeFile(join(host.folder, 'libvirt/other.xml'), other);
  return host;
}

/** Runs `then` before the call of that number of a verb with these operands. */
const atCall = (call: number, operands: string, then: string) =>
  `[ "$verb $*" != '${operands}' ] || { echo >>count; [ "$(wc -l <count)" -ne ${call} ] || ${then}; }\n`;

const says = (fact: string) =>
  `virtio-win: win: it changed meanwhile: ${fact}\nhint: look at it (virtio-win status ${uuid}), then repeat`;

const locks = async (host: Host) =>
  (await readdir(host.folder, { recursive: true })).filter((name) => name.endsWith('.lock'));

describe.skipIf(lacksTool('dash', 'busybox', 'flock'))('somebody else', () => {
  describe.each(shells)('in %s', (shell) => {
    test.each([
      {
        when: 'before the first change',
        where: 'at the next start',
        hook: atCall(2, `dumpxml --inactive ${uuid}`, `cp other.xml guests/${uuid}/config.xml`),
        made: [],
      },
      {
        when: 'between the two changes',
        where: 'now',
        hook: atCall(2, `dumpxml ${uuid}`, `cp other.xml guests/${uuid}/live.xml`),
        made: ['update-device --config', 'update-device --config'],
      },
      {
        when: 'after the last change',
        where: 'now',
        hook: atCall(3, `dumpxml ${uuid}`, `cp other.xml guests/${uuid}/live.xml`),
        made: ['update-device --config', 'update-device --live', 'update-device --config'],
      },
    ])('who inserts a disc $when keeps it, and both places stay alike', async ({ hook, where, made }) => {
      const host = await hostWithTray();
      await meanwhile(host, hook);
      expect(await host.run(shell, 'attach', 'win')).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: says(`sda now holds /isos/other.iso (${where})`),
      });
      const words = (await calls(host)).map((call) => call.words.replace(`${uuid} `, ''));
      expect(words).toEqual(made);
      if (made.length > 0) expect((await calls(host)).at(-1)?.xml).not.toContain('<source');
      expect(await locks(host)).toEqual([]);
    });

    test('who changes both places meanwhile keeps both: nothing of theirs is undone', async () => {
      const host = await hostWithTray();
      const both = `for place in live config; do cp other.xml guests/${uuid}/$place.xml; done`;
      await meanwhile(host, atCall(2, `dumpxml ${uuid}`, `{ ${both}; }`));
      const { exitCode, stderr } = await host.run(shell, 'attach', 'win');
      expect(exitCode).toBe(1);
      expect(stderr).toBe(
        [
          'virtio-win: win: sda is not put back (at the next start), since it changed meanwhile',
          `hint: virtio-win status ${uuid} shows what it has`,
          says('sda now holds /isos/other.iso (now)'),
        ].join('\n'),
      );
      expect((await calls(host)).map(({ words }) => words)).toEqual([`update-device ${uuid} --config`]);
    });

    test('who empties the drive, or takes it away, is named too', async () => {
      for (const [xml, fact] of [
        [guestXml([]), 'sda now has no drive (now)'],
        [guestXml([tray]), 'sda now is empty (now)'],
      ] as const) {
        const host = await hostWithTray();
        const held = guestXml([{ ...tray, source: join(host.discs, 'virtio-win-1.0.iso') }]);
        await changeGuest(host, { uuid, live: held, config: held });
        await writeFile(join(host.folder, 'libvirt/other.xml'), xml);
        await meanwhile(host, atCall(2, `dumpxml ${uuid}`, `cp other.xml guests/${uuid}/live.xml`));
        expect(await host.run(shell, 'eject', 'win')).toMatchObject({ exitCode: 1, stderr: says(fact) });
      }
    });
  });

  test('a folder in which no lock can be made is named, and nothing is changed', async () => {
    const host = await hostWithTray();
    host.env.HOME = host.env.VIRTIO_WIN_SYSROOT = join(host.folder, 'libvirt/uri');
    const { exitCode, stderr } = await host.run('dash', 'attach', 'win');
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringMatching(/libvirt\/uri\/\S+: no lock of the guest can be made there\nhint: /),
    });
    expect(await calls(host)).toEqual([]);
  });

  test.each([
    ['a folder', (path: string) => mkdir(path)],
    ['a link into a folder that is not there', (path: string) => symlink('/nonexistent/lock', path)],
  ])('%s in place of the lock is named, with exit code 1', async (_, make) => {
    const host = await hostWithTray();
    // An ordinary user of a session without XDG_RUNTIME_DIR, as cron and su have it, locks where one with it does.
    const folder = isRoot ? 'libvirt/run' : 'home/.cache';
    await mkdir(join(host.folder, folder), { recursive: true });
    const lock = join(host.folder, folder, `virtio-win-${uuid}.lock`);
    await make(lock);
    for (const runtime of [undefined, host.folder]) {
      if (runtime !== undefined) host.env.XDG_RUNTIME_DIR = runtime;
      const { exitCode, stdout, stderr } = await host.run('dash', 'attach', 'win');
      expect({ exitCode, stdout, stderr }).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: expect.stringContaining(`virtio-win: ${lock}: the lock of win cannot be opened\nhint: `),
      });
    }
    expect(await calls(host)).toEqual([]);
  });

  test('a redirection that fails is no usage error', async () => {
    const host = await hostWithTray();
    await writeProgram(
      host,
      'mktemp',
      '#!/bin/sh\nd=$(/usr/bin/mktemp "$@") && mkdir "$d/guests" && echo "$d"\n',
    );
    expect(await host.run('dash', 'attach', 'win')).toMatchObject({ exitCode: 1, stdout: '' });
    host.env.TMPDIR = join(host.folder, 'nowhere');
    expect(await host.run('dash', 'attach', 'win')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `virtio-win: ${host.folder}/nowhere: no temporary folder can be made there\nhint: set TMPDIR to a folder that has room and that you can write to`,
    });
  });

  test('one guest has one lock, whatever libvirt calls itself', async () => {
    const host = await hostWithTray();
    await meanwhile(host, 'case $verb in update-device) : >started; sleep 2 ;; esac\n');
    const first = host.run('dash', 'attach', 'win');
    await started(host);
    await writeFile(join(host.folder, 'libvirt/uri'), 'qemu+unix:///system\n');
    const second = await host.run('dash', 'attach', 'win', '-c', 'qemu+unix:///system');
    expect(second.stderr).toContain('another virtio-win is changing it');
    expect(second.stdout).toContain('is already in sda (sata), now');
    expect(await first).toMatchObject({ exitCode: 0 });
  });

  test('a second command waits for the first, then sees what that one did; the lock of a killed one is free', async () => {
    const host = await hostWithTray();
    await installDisc(host, 'other-2.0');
    const attach = (disc: string) => host.run('dash', 'attach', 'win', '--disc', disc);
    const waits = 'virtio-win: win: another virtio-win is changing it; waiting for that one to end';
    await meanwhile(host, 'case $verb in update-device) : >started; sleep 2 ;; esac\n');
    const first = attach('virtio-win-1.0');
    await started(host);
    expect(await locks(host)).toHaveLength(1);
    expect(await attach('other-2.0')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: [
        waits,
        'virtio-win: win: sda already holds virtio-win-1.0 (at the next start)',
        'hint: to change it for other-2.0: virtio-win swap; to take it out: virtio-win eject',
      ].join('\n'),
    });
    expect(await first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await locks(host)).toEqual([]);

    await rm(join(host.folder, 'libvirt/started'));
    await meanwhile(host, 'case $verb in update-device) : >started; sleep 1; exit 1 ;; esac\n');
    const killed = execa('dash', [script, 'swap', 'win', '--disc', 'other-2.0'], {
      env: host.env,
      extendEnv: false,
      reject: false,
    });
    await started(host);
    killed.kill('SIGKILL');
    await killed;
    await meanwhile(host, '');
    expect(await locks(host)).toHaveLength(1);
    expect(await attach('virtio-win-1.0')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('virtio-win-1.0 is already in sda (sata), now'),
      stderr: '',
    });
    expect(await locks(host)).toEqual([]);
    // Nothing can clean up after kill -9.
    await setTimeout(1000);
    const temporary = join(host.folder, 'tmp');
    for (const name of await readdir(temporary)) await rm(join(temporary, name), { recursive: true });
  });
});

/** Waits until the fake libvirt begins a change. */
async function started(host: Host): Promise<void> {
  const path = join(host.folder, 'libvirt');
  while (!(await readdir(path)).includes('started')) await setTimeout(20);
  await rm(join(path, 'started'));
}
