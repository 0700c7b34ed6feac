import { discName, packageName } from '../../manifest/further-packages.ts';
import type { Manifest } from '../../manifest/read.ts';
import { releaseFolder } from './paths.ts';

/** Returns the README.txt of the package of unpacked drivers; `apart` are the driver folders that are not flat in `by-os`. */
export function driversReadme(manifest: Manifest, apart: readonly string[]): string {
  const name = packageName(manifest);
  const exceptions = apart.map((path) => `  ${path}\n`).join('');
  return `${manifest.release.title}, unpacked
${'='.repeat(manifest.release.title.length + ', unpacked'.length)}

The driver files of ${discName(manifest)}.iso (package ${name}), for tools that want
files on the host. They lie in
  /${releaseFolder(name)}/drivers
and /usr/share/virtio-win/drivers leads there, or to the same folder of another release
(update-alternatives --config virtio-win-drivers).

  by-driver/<Driver>/<Windows>/<architecture>/   one driver, as on the disc: viostor/w10/amd64
  by-os/<architecture>/<Windows>/                all drivers of one Windows: amd64/w10, i386/w7, ARM64/w11

Both hold the same files (hard links), which must not be changed. by-os has no debug symbols.
${exceptions === '' ? '' : `\nHaving other files of the same names as another driver, these lie in folders of their own below by-os:\n${exceptions}`}`;
}
