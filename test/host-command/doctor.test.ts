import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addLibvirt, addPool, calls } from './fake-virsh.ts';
import { guestXml } from './guest-xml.ts';
import { type Host, installDisc, makeHost, shells, writeProgram } from './host.ts';

const uuid = (number: number) => `11111111-2222-4333-8444-55555555555${number}`;
const osinfo = (os: string, xml: string) =>
  xml.replace('<metadata>', `<metadata>\n<libosinfo:os id="http://microsoft.com/win/${os}"/>`);

/** A KVM host with these programs, which print their versions, and the disc 1.0. */
async function makeClinic(versions: Readonly<Record<string, string>>): Promise<{ host: Host; disc: string }> {
  const host = await makeHost();
  const disc = await installDisc(host, 'virtio-win-1.0');
  await symlink(disc, join(host.discs, 'virtio-win.iso'));
  host.env.VIRTIO_WIN_SYSROOT = join(host.folder, 'root');
  await mkdir(join(host.folder, 'root/dev'), { recursive: true });
  await writeFile(join(host.folder, 'root/dev/kvm'), '');
  for (const [name, words] of Object.entries(versions)) {
    await writeProgram(host, name, `#!/bin/sh\necho '${words}'\n`);
  }
  return { host, disc };
}

const debian12 = {
  'qemu-system-x86_64': 'QEMU emulator version 7.2.19 (Debian 1:7.2+dfsg-7+deb12u18)',
  'virt-v2v': 'virt-v2v 2.2.0',
};
const debian13 = {
  'qemu-system-x86_64': 'QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2)',
  'virt-v2v': 'virt-v2v 2.6.0',
};

/** The findings as `STATE check: fact`, and the exit code. */
async function findings(host: Host, shell = 'dash') {
  const { exitCode, stdout, stderr } = await host.run(shell, 'doctor', '--json');
  expect(stderr).toBe('');
  const rows: { state: string; check: string; fact: string; hint: string | null }[] = JSON.parse(stdout);
  return { exitCode, rows, wrong: rows.filter(({ state }) => state === 'wrong') };
}

test.each(shells)('in %s: a host in order, with the versions of Debian 12', async (shell) => {
  const { host, disc } = await makeClinic(debian12);
  const config = osinfo(
    '10',
    guestXml([{ target: 'sda', bus: 'sata', source: disc }], { machine: 'pc-i440fx' }),
  );
  await addLibvirt(host, [
    { name: 'win10', uuid: uuid(1), config: config.replace("arch='x86_64'", "arch='i686'") },
  ]);
  const { exitCode, rows } = await findings(host, shell);
  expect({ exitCode, states: new Set(rows.map(({ state }) => state)) }).toEqual({
    exitCode: 0,
    states: new Set(['good', 'remark']),
  });
  expect(rows.filter(({ state }) => state === 'good').map(({ check, fact }) => `${check}: ${fact}`)).toEqual([
    'hypervisor: KVM (host)',
    'version: QEMU 7.2.19',
    'version: virt-v2v 2.2.0',
    'disc: virtio-win-1.0: as its record says; vendor-signed 2, unsigned 1',
    'alternative: virtio-win.iso leads to virtio-win-1.0',
    'guests: 1 looked at',
  ]);
  expect(await calls(host)).toEqual([]);
});

test('the versions of Debian 13 are good, older ones than those of Debian 12 a remark', async () => {
  const { host } = await makeClinic({ ...debian13, virsh: '8.10.0' });
  const { rows } = await findings(host);
  const versions = rows
    .filter(({ check }) => check === 'version')
    .map(({ state, fact }) => `${state} ${fact}`);
  expect(versions).toEqual([
    'good QEMU 10.0.2',
    'remark libvirt 8.10.0 is older than 9.0, the oldest that is tested',
    'good virt-v2v 2.6.0',
  ]);
});

test('everything wrong is found, with what mends it, and nothing is changed', async () => {
  const { host, disc } = await makeClinic(debian12);
  const old = await installDisc(host, 'virtio-win-0.9');
  await installDisc(host, 'virtio-win-0.8', { fields: { Sha256: '0'.repeat(64) } });
  await chmod(old, 0o644);
  const gone = join(host.discs, 'virtio-win-0.7.iso');
  const drive = (source: string) => [{ target: 'sda', bus: 'sata', source }];
  const xp = osinfo('xp', guestXml(drive(disc)));
  await addLibvirt(host, [
    { name: 'stale', uuid: uuid(1), config: guestXml(drive(old)) },
    { name: 'gone', uuid: uuid(2), config: guestXml(drive(gone)) },
    { name: 'arm', uuid: uuid(3), config: osinfo('11', guestXml(drive(disc), { machine: 'virt-7.2' })) },
    { name: 'xp', uuid: uuid(4), live: xp, config: xp },
  ]);
  await addPool(host, { name: 'discs', uuid: uuid(5), folder: host.discs, is: ['running'] });
  await rm(join(host.discs, 'virtio-win.iso'));
  await writeFile(join(host.discs, 'virtio-win.iso'), 'a file of somebody');
  const { exitCode, wrong } = await findings(host);
  expect(exitCode).toBe(1);
  const facts = wrong.map(({ check, fact, hint }) => `${check}: ${fact} | ${hint}`).join('\n');
  for (const expected of [
    /^ownership: \S+0\.9\.iso can be written to \| as root, type: chmod 0444/m,
    /^disc: \S+0\.8\.iso: damaged: its sha256 is .* \| as root, type: apt-get install --reinstall/m,
    /^alternative: \S+virtio-win.iso: it is a file of your own/m,
    /^pool: \S+discs is the storage pool 'discs' .*deletes the discs in it \| remove the pool/m,
    /^guest: stale: sda \(at the next start\) has virtio-win-0.9, not .* \| virtio-win swap stale$/m,
    /^guest: gone: sda .* has \S+0\.7\.iso, which is not on this host \| virtio-win eject gone/m,
    /^drivers: arm: its Windows \(w11 ARM64\) does not load some drivers of virtio-win-1.0, .*: viostor \|/m,
    /^drivers: xp: virtio-win-1.0 has no driver for its Windows \(xp amd64\) \|/m,
  ]) {
    expect(facts).toMatch(expected);
  }
  expect(facts.match(/^drivers: xp: /gm)).toHaveLength(1);
  expect(await calls(host)).toEqual([]);
  const { stdout } = await host.run('dash', 'doctor');
  expect(stdout).toMatch(/^wrong {3}guest: stale: .*\n {8}hint: virtio-win swap stale$/m);
});
