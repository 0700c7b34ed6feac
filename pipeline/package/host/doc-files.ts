import { gzip, type TarFile, textFile } from '../contents.ts';
import type { DebMetadata } from '../metadata/metadata.ts';

/** Returns the documentation of a Debian package: README.txt, changelog, copyright and lintian overrides, if any. */
export function debDocuments(name: string, metadata: DebMetadata, readme: string): TarFile[] {
  const doc = `usr/share/doc/${name}`;
  const overrides = metadata.packages.get(name)?.overrides;
  return [
    readmeFile(name, readme),
    textFile(`${doc}/changelog.Debian.gz`, gzip(metadata.changelog)),
    textFile(`${doc}/copyright`, metadata.copyright),
    ...(overrides === undefined ? [] : [textFile(`usr/share/lintian/overrides/${name}`, overrides)]),
  ];
}

export function readmeFile(name: string, readme: string): TarFile {
  return textFile(`usr/share/doc/${name}/README.txt`, readme.replaceAll('\r\n', '\n'));
}
