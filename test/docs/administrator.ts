import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { guestKernel } from '../builders/guest/kernel.ts';
import { home, type Machine, repository, startMachine } from './machine.ts';

/** Starts a machine like the one of an administrator: a clone of pvdisc in the home, sudo, and an apt that does not prompt and has no sources. */
export async function startAdministrator(): Promise<Machine> {
  const machine = await startMachine();
  await machine.run(`
rm -rf /usr/share/virtio-win /etc/apt/sources.list /etc/apt/sources.list.d/*
ln -s ${repository} ${home}/pvdisc
cat > /etc/apt/apt.conf.d/99-answers <<'END'
APT::Get::Assume-Yes "true";
DPkg::Pre-Install-Pkgs "";
END
if ! command -v sudo; then printf '#!/bin/sh\\nexec "$@"\\n' > /usr/local/bin/sudo && chmod a+x /usr/local/bin/sudo; fi`);
  return machine;
}

/** Starts libvirtd on the machine, for QEMU in emulation. */
export async function startLibvirtd(machine: Machine): Promise<void> {
  await machine.run(`
getent passwd libvirt-qemu || { groupadd -r libvirt-qemu && useradd -r -M -g libvirt-qemu libvirt-qemu; }
mkdir -p /etc/libvirt /var/log/libvirt /var/lib/libvirt/images
printf 'stdio_handler = "file"\\ncgroup_controllers = [ ]\\nnamespaces = [ ]\\nsecurity_driver = "none"\\n' > /etc/libvirt/qemu.conf
printf 'auth_unix_rw = "none"\\nunix_sock_group = "root"\\n' > /etc/libvirt/libvirtd.conf
setsid libvirtd --timeout 0 > /var/log/libvirt/output 2>&1 &
for try in $(seq 100); do virsh -q list && exit; sleep 0.2; done
cat /var/log/libvirt/output
exit 1`);
}

/**
 * Defines the guest `win11`, shut off: its disk and an empty CD drive on SATA, room on virtio-scsi, a network card of Intel. There is
 * nothing to boot in it; some seconds after its start the firmware gives up, and it is off again, as a Windows that is shut down.
 */
export async function defineGuest(machine: Machine): Promise<void> {
  await writeFile(join(machine.root, 'tmp/win11.xml'), guest);
  await machine.run(`
qemu-img create -q -f qcow2 /var/lib/libvirt/images/win11.qcow2 64M
virsh define --validate /tmp/win11.xml`);
}

/** Installs the kernel for guests as the only kernel in /boot. */
export async function placeKernel(machine: Machine): Promise<void> {
  const kernel = await guestKernel();
  if (kernel === undefined) throw new Error('there is no kernel for the guest');
  const modules = join(machine.root, 'lib/modules/1.0-guest/kernel');
  await machine.run('rm -rf /boot/* /lib/modules/* && mkdir -p /boot');
  await mkdir(modules, { recursive: true });
  await copyFile(kernel.image, join(machine.root, 'boot/vmlinuz-1.0-guest'));
  for (const file of kernel.modules)
    await copyFile(file, join(modules, basename(file).replace(/^\d\d-/, '')));
  await machine.run('depmod 1.0-guest');
}

const guest = `<domain type='qemu'>
  <name>win11</name>
  <memory unit='MiB'>128</memory>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <bios rebootTimeout='4000'/>
  </os>
  <on_reboot>destroy</on_reboot>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/>
      <source file='/var/lib/libvirt/images/win11.qcow2'/>
      <target dev='sda' bus='sata'/>
    </disk>
    <disk type='file' device='cdrom'>
      <target dev='sdb' bus='sata'/>
      <readonly/>
    </disk>
    <controller type='scsi' model='virtio-scsi'/>
    <interface type='user'><model type='e1000e'/></interface>
  </devices>
</domain>
`;
