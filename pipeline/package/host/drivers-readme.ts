import type { Manifest } from '../../manifest/manifest.ts';
import { discName, packageName } from '../../manifest/names.ts';
import { discsFolder, familyLinks, releaseFolder } from '../../model/host-paths.ts';

/** Returns README.txt of the package of unpacked drivers; `apart` lists driver folders that are not flat in `by-os`. */
export function driversReadme(manifest: Manifest, apart: readonly string[]): string {
  const name = packageName(manifest);
  const isForKvm = manifest.release.family === 'virtio';
  const links = familyLinks[manifest.release.family];
  const exceptions = apart.map((path) => `  ${path}\n`).join('');
  return `${manifest.release.title}, unpacked
${'='.repeat(manifest.release.title.length + ', unpacked'.length)}

The driver files of ${discName(manifest)}.iso (package ${name}), for tools that want
files on the host. They lie in
  /${releaseFolder(name)}/drivers
and /${discsFolder}/${links.drivers} leads there, or to the same folder of another release
(update-alternatives --config ${links.driversName}).

  by-driver/<Driver>/<Windows>/<architecture>/   one driver, as on the disc: viostor/w10/amd64
  by-os/<architecture>/<Windows>/                all drivers of one Windows: amd64/w10, i386/w7, ARM64/w11
${isForKvm ? loadableLine : ''}  ${discName(manifest)}.disc
      the release that these files are of, with the digest of its disc

The folders hold the same files (hard links), which must not be changed. ${isForKvm ? 'by-os and loadable have' : 'by-os has'} no debug symbols.

${isForKvm ? virtV2v : notForKvm}${exceptions === '' ? '' : `\nHaving other files of the same names as another driver, these lie in folders of their own below by-os:\n${exceptions}`}`;
}

const loadableLine =
  '  loadable/<Driver>/<Windows>/<architecture>/    only what that Windows loads without test-signing mode\n';

const virtV2v = `loadable is for virt-v2v, which takes drivers whatever their signature and then makes the disk virtio:
  VIRTIO_WIN="$(virtio-win path --for virt-v2v)" virt-v2v ...
Without VIRTIO_WIN, virt-v2v before 2.8 takes the files that osinfo-db lists where this package lists any
for the Windows, and they are fewer than on the disc: those that the INFs name.
`;

const notForKvm = `The drivers are for guests of Xen, so nothing here tells virt-v2v or osinfo-db of them: those prepare guests of KVM.
`;
