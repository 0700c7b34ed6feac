// Compares the time of `pvdisc check` for the legacy release, with its drivers in FOLDER, and of `sha256sum` for the same files. Fails if
// check takes more than three times as long plus one second, or finds errors. Run `npm run compile` first, and measure on an idle machine.
// Usage: node scripts/benchmark-check.mjs FOLDER
import { readdir } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';

const rounds = 5;
const folder = process.argv[2];
if (folder === undefined) {
  console.error('usage: node scripts/benchmark-check.mjs FOLDER');
  process.exit(2);
}
const root = resolve(import.meta.dirname, '..');
const files = (await readdir(folder, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && !join(entry.parentPath, entry.name).includes('/.git/'))
  .map((entry) => resolve(entry.parentPath, entry.name));
const checked = [
  join(root, 'build/cli/index.js'),
  'check',
  join(root, 'drivers-manifest/releases/virtio-win-legacy.yaml'),
  '--use',
  `drivers=${folder}`,
  '--profile',
  'full',
];

const [load = 0] = loadavg();
const times = { sha256sum: [], check: [] };
let errors = '';
for (let round = 0; round < rounds; round++) {
  times.sha256sum.push(await seconds('sha256sum', files, [0]));
  times.check.push(await seconds(process.execPath, checked, [0, 1]));
}
const [sum, check] = [Math.min(...times.sha256sum), Math.min(...times.check)];
const limit = 3 * sum + 1;
console.log(`${files.length} files, ${rounds} rounds, the fastest counts`);
if (load > availableParallelism() / 2) console.log(`other programs are running (load ${load.toFixed(1)})`);
console.log(`sha256sum     ${shown(sum)} (${times.sha256sum.map(shown).join(', ')})`);
console.log(`pvdisc check  ${shown(check)} (${times.check.map(shown).join(', ')})`);
console.log(`ratio ${(check / sum).toFixed(2)}; the limit is 3 × sha256sum + 1 s = ${shown(limit)}`);
if (check > limit) fail('pvdisc check is too slow');
if (errors !== '') fail(`pvdisc check ended with 1, so that it may have stopped early:\n${errors}`);

/** Runs a program to its end; findings give `pvdisc check` exit code 1, any other code is a failure. */
async function seconds(program, args, allowed) {
  const start = performance.now();
  const { exitCode, stderr } = await execa(program, args, { reject: false, stdout: 'ignore' });
  if (!allowed.includes(exitCode)) throw new Error(`${program} ended with ${exitCode}: ${stderr}`);
  if (exitCode !== 0) errors = stderr;
  return (performance.now() - start) / 1000;
}

function fail(message) {
  console.error(message);
  process.exitCode = 1;
}

function shown(value) {
  return `${value.toFixed(2)} s`;
}
