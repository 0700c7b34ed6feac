import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { quickOptions } from './guest/quick-boot.ts';
import { type Libvirt, startLibvirt } from './libvirt.ts';

/** Two hosts between which guests move. */
export interface Hosts {
  readonly a: Libvirt;
  readonly b: Libvirt;
  readonly stop: () => Promise<void>;
}

/** Starts two libvirts in namespaces. With separate storage, the folders `discs` and `store` are `discs.a` or `discs.b` and so on. */
export async function startHosts(folder: string, storage: 'shared' | 'separate'): Promise<Hosts> {
  const a = await startHost(folder, 'a', storage);
  const b = await startHost(folder, 'b', storage);
  const stop = async () => {
    for (const host of [a, b]) await host.stop();
    for (const name of ['a', 'b']) await rm(join(folder, name), { recursive: true, force: true });
  };
  return { a, b, stop };
}

async function startHost(folder: string, name: string, storage: 'shared' | 'separate'): Promise<Libvirt> {
  await mkdir(join(folder, name), { recursive: true });
  const mounts: string[] = [];
  for (const each of ['discs', 'store']) {
    await mkdir(join(folder, `${each}.${name}`), { recursive: true });
    mounts.push(`mount --bind ${folder}/${each}.${name} ${folder}/${each}`);
  }
  const uuid = `0000000${name}-2222-4333-8444-555555555555`;
  const setup = storage === 'separate' ? mounts.join('\n') : '';
  const env = { VIRTIO_WIN_DIR: join(folder, 'discs') };
  return startLibvirt('system', join(folder, name), env, { name: `host-${name}`, uuid, setup });
}

/** The XML of a guest at work with an empty CD drive, and a disk on the storage of its host if asked for. */
export function movingGuest(folder: string, withDisk: boolean): string {
  const disk = `<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='${folder}/store/guest.raw'/><target dev='vda' bus='virtio'/></disk>`;
  return `<domain type='qemu'>
  <name>guest</name>
  <uuid>11111111-2222-4333-8444-555555555555</uuid>
  <memory unit='MiB'>192</memory>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <kernel>${folder}/vmlinuz</kernel>
    <initrd>${folder}/initramfs</initrd>
    <cmdline>console=ttyS0 ${quickOptions}</cmdline>
  </os>
  <features><acpi/></features>
  <cpu mode='custom' match='minimum'><model>qemu64</model></cpu>
  <devices>
    ${withDisk ? disk : ''}
    <disk type='file' device='cdrom'><target dev='sda' bus='sata'/><readonly/></disk>
    <serial type='file'><source path='${folder}/console' append='on'/><target port='0'/></serial>
    <serial type='file'><source path='${folder}/report' append='on'/><target port='1'/></serial>
    <memballoon model='none'/>
  </devices>
</domain>
`;
}
