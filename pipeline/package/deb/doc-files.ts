import { gzip, type TarFile, textFile } from './contents.ts';
import type { DebMetadata } from './metadata.ts';

/** Returns what every package installs about itself: README.txt, changelog, copyright and, if there are any, lintian's overrides. */
export function docFiles(name: string, metadata: DebMetadata, readme: string): TarFile[] {
  const doc = `usr/share/doc/${name}`;
  const overrides = metadata.packages.get(name)?.overrides;
  return [
    textFile(`${doc}/README.txt`, readme.replaceAll('\r\n', '\n')),
    textFile(`${doc}/changelog.Debian.gz`, gzip(metadata.changelog)),
    textFile(`${doc}/copyright`, metadata.copyright),
    ...(overrides === undefined ? [] : [textFile(`usr/share/lintian/overrides/${name}`, overrides)]),
  ];
}
