/**
 * Returns shell commands that hide KVM in a mount namespace. If /dev/kvm can be opened but QEMU cannot use it, as in some
 * virtual machines, libvirt discards what it knows of QEMU and probes it again at every call.
 */
export function hideKvm(device: string): string {
  return `if [ -e ${device} ]; then mount --bind /etc/passwd ${device} && mount -o remount,bind,ro ${device}; fi`;
}
