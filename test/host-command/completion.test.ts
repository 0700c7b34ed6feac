import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { lacksTool } from '../builders/needs.ts';
import { addLibvirt } from './fake-virsh.ts';
import { guestXml } from './guest-xml.ts';
import { type Host, installDisc, makeHost, script, writeProgram } from './host.ts';

const completion = join(script, '../virtio-win.bash');

/** Returns what bash offers for the last of the words, which it splits at colons as readline does. */
async function offers(host: Host, ...words: readonly string[]): Promise<string[]> {
  const split = ['virtio-win', ...words].flatMap((word) =>
    word === '' ? [''] : word.split(/(:)/).filter(Boolean),
  );
  const program = `. "$1"; shift; COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _virtio_win; printf "%s\\n" "\${COMPREPLY[@]}"`;
  const { stdout } = await execa('bash', ['--norc', '-c', program, 'bash', completion, ...split], {
    cwd: host.folder,
    env: { ...host.env, COMP_WORDBREAKS: ' :=' },
    extendEnv: false,
  });
  return stdout.split('\n').filter((line) => line !== '');
}

describe.skipIf(lacksTool('bash', 'dash'))('bash completion', () => {
  test('offers commands, options of the command, guests, kinds, discs and folders', async () => {
    const host = await makeHost();
    await installDisc(host, 'virtio-win-1.0');
    await installDisc(host, 'virtio-win-symbols-1.0');
    await addLibvirt(host, []);
    const guests = [
      { name: 'win11', uuid: '11111111-2222-4333-8444-555555555555', config: guestXml([]) },
      { name: 'win 10', uuid: '22222222-2222-4333-8444-555555555555', config: guestXml([]) },
    ];
    await writeProgram(
      host,
      'virsh',
      `#!/bin/sh\n[ "$2" != -c ] || [ "$3" = qemu:///system ] || exit 1\nprintf '%s\\n' '${guests.map(({ name }) => name).join("' '")}' ''\n`,
    );
    await writeProgram(host, 'virtio-win', `#!/bin/sh\nexec sh '${script}' "$@"\n`);
    await mkdir(join(host.folder, 'mountpoint'));

    expect(await offers(host, 's')).toEqual(['show', 'swap', 'status', 'serve', 'snippet']);
    expect(await offers(host, 'attach', '')).toEqual(['win11', 'win\\ 10']);
    expect(await offers(host, 'attach', 'win1')).toEqual(['win11']);
    expect(await offers(host, '-c', 'qemu:///system', 'eject', 'win\\ ')).toEqual(['win\\ 10']);
    expect(await offers(host, '-c', 'qemu:///other', 'eject', '')).toEqual([]);
    expect(await offers(host, 'attach', '--connect', 'qemu:///sys')).toEqual(['///system']);
    expect(await offers(host, 'snippet', 'x')).toEqual(['xl', 'xe']);
    expect(await offers(host, 'path', '--disc', 'virtio-win-s')).toEqual(['virtio-win-symbols-1.0']);
    expect(await offers(host, 'swap', '--')).toEqual([
      '--all',
      '--connect',
      '--live',
      '--config',
      '--qmp',
      '--disc',
      '--family',
      '--force',
    ]);
    expect(await offers(host, 'serve', '--')).toEqual(['--iscsi', '--nbd', '--with', '--disc', '--family']);
    expect(await offers(host, 'serve', '--nbd', '::1', '--with', 'q')).toEqual(['qemu-nbd']);
    expect(await offers(host, 'serve', '--family', '')).toEqual(['virtio', 'xenpv']);
    expect(await offers(host, 'list', '--')).toEqual(['--json']);
    expect(await offers(host, 'mount', 'mou')).toEqual(['mountpoint']);
    expect(await offers(host, 'path', '--for', 'v')).toEqual(['virt-v2v']);
    expect(await offers(host, 'attach', '--bus', 's')).toEqual(['sata', 'scsi']);
  });

  test('names every command of --help', async () => {
    const host = await makeHost();
    const { stdout } = await host.run('dash', '--help');
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) +\S/gm)].map(([, word]) => word);
    expect(await offers(host, '')).toEqual([...commands, '--help', '--version']);
  });
});
