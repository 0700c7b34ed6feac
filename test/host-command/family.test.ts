import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lacksTool } from '../builders/needs.ts';
import { addLibvirt, calls } from './fake-virsh.ts';
import { addXl, xlCalls } from './fake-xl.ts';
import { guestXml } from './guest-xml.ts';
import { forXen, type Host, installDisc, makeHost, shells } from './host.ts';

const uuid = '11111111-2222-4333-8444-555555555555';
const xenDisc = 'xenpv-win-9.1.0';
const kvmDisc = 'virtio-win-1.0';
const notes = ({ stderr }: { stderr: string }) => stderr.split('\n');

/** A host with these discs and both links. */
async function hostWith(discs: readonly string[]): Promise<Host> {
  const host = await makeHost();
  for (const disc of discs) {
    const isForXen = disc === xenDisc;
    const path = await installDisc(host, disc, isForXen ? forXen : {});
    await symlink(path, join(host.discs, isForXen ? 'xenpv-win.iso' : 'virtio-win.iso'));
  }
  return host;
}

/** The same, a dom0 with a running guest of xl. */
async function dom0With(discs: readonly string[]): Promise<Host> {
  const host = await hostWith(discs);
  await addXl(host, [
    { name: 'win', uuid, type: 'hvm', disks: [{ vdev: 'hdc', pdev_path: '', is_cdrom: 1 }] },
  ]);
  return host;
}

/** The same, a host of KVM with a guest of libvirt. */
async function kvmHostWith(discs: readonly string[], type = 'kvm'): Promise<Host> {
  const host = await hostWith(discs);
  host.env.VIRTIO_WIN_SYSROOT = join(host.folder, 'root');
  await mkdir(join(host.folder, 'root/dev'), { recursive: true });
  await writeFile(join(host.folder, 'root/dev/kvm'), '');
  const config = guestXml([{ target: 'sda', bus: 'sata' }], { type });
  await addLibvirt(host, [{ name: 'win', uuid, config }]);
  return host;
}

describe.skipIf(lacksTool('dash', 'busybox', 'jq'))('families', () => {
  test.each(shells)('in %s: a host is offered the disc of its hypervisor, and told why', async (shell) => {
    const both = [kvmDisc, xenDisc];
    for (const [host, family, disc] of [
      [await dom0With(both), 'xenpv', xenDisc],
      [await kvmHostWith(both), 'virtio', kvmDisc],
    ] as const) {
      const detected = JSON.parse((await host.run(shell, 'detect', '--json')).stdout);
      expect(detected).toMatchObject({ family, disc });
      const { stdout } = await host.run(shell, 'detect');
      expect(stdout).toMatch(new RegExp(`\\nfamily: ${family}, drivers for guests of \\w+; disc: ${disc}$`));
      expect(await host.run(shell, 'path')).toMatchObject({
        stdout: join(host.discs, `${disc}.iso`),
        stderr: '',
      });
      const listed = JSON.parse((await host.run(shell, 'list', '--json')).stdout);
      expect(listed).toMatchObject([
        { disc: kvmDisc, family: 'virtio', chosen: true },
        { disc: xenDisc, family: 'xenpv', chosen: true },
      ]);
      for (const [asked, given] of [
        ['virtio', kvmDisc],
        ['xenpv', xenDisc],
      ] as const) {
        const path = JSON.parse((await host.run(shell, 'path', '--family', asked, '--json')).stdout);
        expect(path).toMatchObject({ disc: given, link: join(host.discs, `${asked}-win.iso`) });
      }
    }
  });

  test.each(shells)('in %s: a guest of xl refuses drivers for KVM unless told', async (shell) => {
    const host = await dom0With([kvmDisc]);
    const refused = await host.run(shell, 'attach', 'win');
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(notes(refused)).toEqual([
      `virtio-win: no disc of the family xenpv (drivers for guests of Xen) is installed (this host is XEN (dom0)); ${kvmDisc} is for guests of KVM`,
      expect.stringMatching(/^hint: install one: .*; --family virtio asks for this one$/),
      `virtio-win: win: ${kvmDisc} has drivers for guests of KVM (family virtio), and this is a guest of Xen`,
      `hint: install a disc of the family xenpv; --family virtio gives it ${kvmDisc} all the same, for a guest that is to move to KVM`,
    ]);
    expect(await xlCalls(host)).toEqual([]);
    expect(await host.run(shell, 'attach', '--family', 'virtio', 'win')).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
    const { discs } = JSON.parse((await host.run(shell, 'status', 'win', '--json')).stdout);
    expect(discs).toMatchObject([{ disc: kvmDisc, family: 'virtio' }]);
    expect((await host.run(shell, 'status', 'win')).stdout).toContain('of the family virtio, not xenpv');
    expect(JSON.parse((await host.run(shell, 'leftover', '--json')).stdout)).toMatchObject([
      { guest: 'win', family: 'virtio' },
    ]);
    expect(await host.run(shell, 'eject', 'win')).toMatchObject({ exitCode: 0 });
  });

  test('a guest of KVM refuses drivers for Xen, also in a swap, and one of libvirt on Xen those for KVM', async () => {
    const host = await kvmHostWith([kvmDisc, xenDisc]);
    expect(await host.run('dash', 'attach', 'win')).toMatchObject({ exitCode: 0, stderr: '' });
    for (const verb of ['attach', 'swap']) {
      const refused = await host.run('dash', verb, 'win', '--disc', xenDisc);
      expect(refused).toMatchObject({ exitCode: 1 });
      expect(notes(refused).at(-1)).toBe(
        `hint: give it ${kvmDisc}: --disc ${kvmDisc}; --family xenpv gives it ${xenDisc} all the same, for a guest that is to move to Xen`,
      );
    }
    expect(await calls(host)).toHaveLength(1);
    expect(await host.run('dash', 'swap', 'win', '--family', 'xenpv')).toMatchObject({ exitCode: 0 });
    const doctor = await host.run('dash', 'doctor');
    expect(doctor.stdout).toMatch(
      /^wrong {3}family: win: sda .* has xenpv-win-9\.1\.0 for guests of Xen, and it is a guest of KVM$/m,
    );
    const onXen = await kvmHostWith([kvmDisc], 'xen');
    expect((await onXen.run('dash', 'attach', 'win')).stderr).toContain('and this is a guest of Xen');
  });

  test('doctor misses a disc for the guests of its host', async () => {
    const { exitCode, stdout } = await (await dom0With([kvmDisc])).run('dash', 'doctor');
    expect({ exitCode, wrong: stdout.split('\n').filter((line) => line.startsWith('wrong')) }).toEqual({
      exitCode: 1,
      wrong: [
        'wrong   family: no disc of the family xenpv is installed, which guests of Xen need (this host is XEN (dom0))',
      ],
    });
  });

  test('virt-v2v gets drivers for KVM on every host, and never those for Xen', async () => {
    const host = await dom0With([kvmDisc, xenDisc]);
    const path = await host.run('dash', 'path', '--for', 'virt-v2v');
    expect(path.stdout).toBe(join(host.discs, `${kvmDisc}.iso`));
    const refused = await host.run('dash', 'path', '--for', 'virt-v2v', '--disc', xenDisc);
    expect(refused).toMatchObject({ exitCode: 1 });
    expect(refused.stderr).toContain('virt-v2v makes guests of KVM');
    expect(await (await dom0With([xenDisc])).run('dash', 'snippet', 'virt-v2v')).toMatchObject({
      exitCode: 1,
    });
  });

  test('a family that is none, or not that of the disc, is wrong usage', async () => {
    const host = await kvmHostWith([kvmDisc]);
    for (const words of [
      ['path', '--family', 'hyperv'],
      ['path', '--family='],
      ['path', '--family', 'xenpv', '--disc', kvmDisc],
      ['eject', 'win', '--family', 'virtio'],
    ]) {
      expect(await host.run('dash', ...words), words.join(' ')).toMatchObject({ exitCode: 2, stdout: '' });
    }
    expect(await host.run('dash', 'path', '--family', 'xenpv')).toMatchObject({ exitCode: 1, stdout: '' });
  });
});
