import { gzip, type TarFile, textFile } from './contents.ts';
import type { DebMetadata } from './metadata.ts';

/** Returns the documentation of a package: README.txt, changelog, copyright and lintian overrides, if any. */
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
