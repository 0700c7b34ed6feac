/** The folder of all discs on a host, where virt-v2v and others look for virtio-win.iso. */
export const discsFolder = 'usr/share/virtio-win';

/** Returns the folder of what only one package's release has on a host: the host command, the unpacked drivers. */
export function releaseFolder(packageName: string): string {
  return `${discsFolder}/releases/${packageName}`;
}
