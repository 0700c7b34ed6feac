// Builds the releases of the given Debian packages, for debian/rules. Run `npm run compile` first.
// usage: node scripts/build-packages.mjs --out DIR [--use "RELEASE:ID=PATH …"] PACKAGE…
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { readManifest } from '../build/manifest/read.js';

const root = join(import.meta.dirname, '..');
const { values, positionals: packages } = parseArgs({
  options: { out: { type: 'string' }, use: { type: 'string', default: '' } },
  allowPositionals: true,
});
if (values.out === undefined || packages.length === 0) {
  console.error('usage: node scripts/build-packages.mjs --out DIR [--use "RELEASE:ID=PATH …"] PACKAGE…');
  process.exit(2);
}
const overrides = values.use.split(' ').filter((word) => word !== '');
const folder = join(root, 'drivers-manifest/releases');
for (const file of (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort()) {
  const { release } = await readManifest(join(folder, file));
  if (!packages.includes(release.package.name)) continue;
  const prefix = `${release.name}:`;
  const use = overrides
    .filter((word) => word.startsWith(prefix))
    .flatMap((word) => ['--use', word.slice(prefix.length)]);
  const args = ['build/cli/index.js', 'build', join(folder, file), '--out', values.out, ...use];
  const { exitCode } = await execa(process.execPath, args, { cwd: root, stdio: 'inherit', reject: false });
  if (exitCode !== 0) process.exit(exitCode);
}
