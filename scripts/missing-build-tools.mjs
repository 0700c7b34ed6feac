// Prints the Debian packages of programs that a build needs and that are missing on the PATH, one per line.
// usage: node scripts/missing-build-tools.mjs RELEASE.yaml [option of pvdisc build]...
import { parseArgs } from 'node:util';
import { readManifest } from '../build/manifest/read.js';
import { releaseTools } from '../build/release-tools.js';
import { sourceTools } from '../build/sources/open.js';
import { missingTools, tools } from '../build/system/tools.js';

const { values, positionals } = parseArgs({
  options: { compression: { type: 'string', default: 'zstd' }, sign: { type: 'string' } },
  strict: false,
  allowPositionals: true,
});
const file = positionals.find((word) => /\.ya?ml$/.test(word));
// The build itself reports errors in the release or in an option.
const manifest = await readManifest(file).catch(() => undefined);
if (manifest !== undefined && ['zstd', 'xz'].includes(values.compression)) {
  const readers = Object.values(manifest.release.sources).flatMap(sourceTools);
  const needed = [
    ...releaseTools(manifest, { compression: values.compression }),
    ...(readers.length > 0 ? [tools.bwrap] : []),
    ...(values.sign === undefined ? [] : [tools.gpg]),
  ];
  for (const { debianPackage } of await missingTools(needed)) console.log(debianPackage);
}
