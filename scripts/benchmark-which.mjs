// Measures `virtio-win which` for every device of the table, from a Debian package alone: unpacks it, and runs its command with dash and
// nothing of Node.js on the PATH. Fails if a device takes 100 ms or more in the fastest of its rounds. Usage: node scripts/benchmark-which.mjs DEB
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

const rounds = 5;
const limit = 100;
const deb = process.argv[2];
if (deb === undefined) {
  console.error('usage: node scripts/benchmark-which.mjs DEB');
  process.exit(2);
}
const root = await mkdtemp(join(tmpdir(), 'pvdisc-which-'));
try {
  await execa('dpkg-deb', ['--extract', deb, root]);
  const discs = join(root, 'usr/share/virtio-win');
  const [release] = await readdir(join(discs, 'releases'));
  const host = join(discs, 'releases', release, 'host');
  const ids = (await readFile(join(host, 'devices.tsv'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t')[0]);
  const times = [];
  for (const id of ids) times.push({ id, fastest: Math.min(...(await measure(host, discs, id))) });
  const sorted = times.toSorted((a, b) => a.fastest - b.fastest);
  const slowest = sorted.at(-1);
  console.log(`${ids.length} devices, ${rounds} rounds each, the fastest counts`);
  console.log(`median  ${sorted[sorted.length >> 1].fastest.toFixed(0)} ms`);
  console.log(`slowest ${slowest.fastest.toFixed(0)} ms, ${slowest.id}; the limit is ${limit} ms`);
  if (slowest.fastest >= limit) process.exitCode = 1;
} finally {
  await rm(root, { recursive: true });
}

/** Returns the times of the rounds in milliseconds; a device without a driver gives exit code 1, any other code is a failure. */
async function measure(host, discs, id) {
  const env = { PATH: '/usr/bin:/bin', VIRTIO_WIN_DIR: discs };
  const options = { env, extendEnv: false, reject: false, stdin: 'ignore' };
  const taken = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    const { exitCode, stderr } = await execa('dash', [join(host, 'virtio-win'), 'which', id], options);
    taken.push(performance.now() - start);
    if (exitCode > 1) throw new Error(`virtio-win which ended with ${exitCode}: ${stderr}`);
  }
  return taken;
}
