// Bundles pipeline/ and the libraries it uses into build/: the program, which so starts in half the time, the modules of
// package.json's exports, and the modules that scripts import. Removes the output of deleted sources.
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const { build } = await import('esbuild').catch((error) => {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  process.stderr.write('node_modules: has no esbuild\n  hint: run npm ci --ignore-scripts first\n');
  process.exit(1);
});

const { bin, exports } = JSON.parse(await readFile('package.json', 'utf8'));
const modules = new Set([
  ...Object.values(bin),
  ...Object.values(exports).flatMap(({ default: path }) => path?.replace('./', '') ?? []),
  ...(await importedByScripts()),
  'build/reproduce/surroundings.js', // preloaded by builds that check whether they are reproducible
]);

const { outputFiles, metafile } = await build({
  absWorkingDir: process.cwd(),
  entryPoints: [...modules].map((path) => path.replace('build', 'pipeline').replace(/js$/, 'ts')),
  outdir: 'build',
  outbase: 'pipeline',
  chunkNames: 'chunks/[name]-[hash]', // as deep as build/cli/, for paths relative to a module
  bundle: true,
  splitting: true,
  external: ['xmlbuilder2'], // optional in @cyclonedx/cyclonedx-library: JSON does not need it
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  charset: 'utf8',
  legalComments: 'none', // see licences()
  banner: {
    js: "import { createRequire as from } from 'node:module'; const require = from(import.meta.url);",
  }, // for CommonJS
  metafile: true,
  logLevel: 'warning',
  write: false,
});

const files = new Map(outputFiles.map(({ path, text }) => [path, text]));
files.set(resolve('build/LICENSES.txt'), await licences(Object.keys(metafile.inputs)));

// Other processes may run what is there: each file changes in one step, and only if its text does.
for (const [path, text] of files) {
  if (existsSync(path) && (await readFile(path, 'utf8')) === text) continue;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}
for (const program of Object.values(bin)) await chmod(program, 0o755); // npx does so only when it links the program

for (const entry of await readdir('build', { recursive: true, withFileTypes: true })) {
  const path = resolve(entry.parentPath, entry.name);
  if (entry.isFile() && !files.has(path)) await rm(path);
}

/** Returns the compiled modules that scripts/*.mjs import. */
async function importedByScripts() {
  const scripts = (await readdir('scripts')).filter((name) => name.endsWith('.mjs'));
  const texts = await Promise.all(scripts.map((name) => readFile(join('scripts', name), 'utf8')));
  return texts.flatMap((text) => [...text.matchAll(/from '\.\.\/(build\/[^']+)'/g)].map(([, path]) => path));
}

/** Returns the licences of the bundled packages, which the licences themselves require. */
async function licences(inputs) {
  const folders = new Set(
    inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
  );
  const texts = await Promise.all(
    [...folders].sort().map(async (folder) => {
      const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
      const names = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice)/i.test(file)).sort();
      const notices = await Promise.all(names.map((file) => readFile(join(folder, file), 'utf8')));
      return [`${name} ${version} (${license})`, ...notices.map((notice) => notice.trim())].join('\n\n');
    }),
  );
  return `${texts.join(`\n\n${'-'.repeat(72)}\n\n`)}\n`;
}
