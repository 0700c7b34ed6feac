import { stringify } from 'yaml';
import type { PublishedImage } from './oci-registry.ts';

type Image = Pick<PublishedImage, 'tag' | 'digest' | 'disc'>;

/** Returns what to add to a VirtualMachine (https://kubevirt.io/user-guide/storage/disks_and_volumes/#containerdisk). */
export function kubevirtSnippet(repository: string, image: Image): string[] {
  const disk = { name: 'virtio-win', cdrom: { bus: 'sata', readonly: true } };
  const volume = { name: 'virtio-win', containerDisk: { image: pinned(repository, image) } };
  const spec = { domain: { devices: { disks: [disk] } }, volumes: [volume] };
  return [
    `# ${image.tag}, in a VirtualMachine of KubeVirt, under spec.template.spec:`,
    ...stringify(spec, { lineWidth: 0 }).trimEnd().split('\n'),
  ];
}

/** Returns commands that take the disc out of the image with podman; the image has no program that could run. */
export function podmanSnippet(repository: string, image: Image): string[] {
  return [
    '# The disc as a file:',
    `podman create --name virtio-win-disc ${pinned(repository, image)} none`,
    `podman cp virtio-win-disc:/${image.disc} .`,
    'podman rm virtio-win-disc',
  ];
}

/** Names an image by its digest, which no later push changes. */
function pinned(repository: string, { digest }: Image): string {
  return `${repository}@${digest}`;
}
