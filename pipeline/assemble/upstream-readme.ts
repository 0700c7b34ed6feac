import type { Manifest } from '../manifest/manifest.ts';
import type { DriverFacts } from '../model/driver-facts.ts';
import { asReadme, driverSections } from './readme.ts';

/** Returns the README.txt that the package of an upstream disc installs, since nothing is added to the disc: what it is, and what is on it. */
export function upstreamReadme(
  manifest: Manifest,
  { label, sha256 }: { readonly label: string; readonly sha256: string },
  drivers: readonly DriverFacts[],
): string {
  const { release, upstream } = manifest;
  const introduction = `${label}
${'='.repeat(label.length)}

${release.title}.

This is upstream's disc ${upstream?.release ?? release.version}, byte for byte. pvdisc fetched, inspected and packed it, and changed nothing.
sha256 ${sha256}
${upstream?.confidence === 'confirmed' ? 'Independent sources agree on this digest' : 'One source is known for this digest'}: ${upstream?.seen.join(', ')}.
`;
  const end = `Licences
--------
They are upstream's; the disc holds their texts. Nothing on it comes with a warranty.
`;
  return asReadme([introduction, ...driverSections(manifest, drivers), end]);
}
