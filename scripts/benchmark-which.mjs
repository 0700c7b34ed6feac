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
  for (const id of ids) times.push({ id, ...(await measure(host, discs, id)) });
  console.log(`${ids.length} devices, ${rounds} rounds each, the fastest counts`);
  for (const kind of ['wall', 'cpu']) {
    const sorted = times.toSorted((a, b) => a[kind] - b[kind]);
    const slowest = sorted.at(-1);
    const median = sorted[sorted.length >> 1][kind].toFixed(0);
    console.log(
      `${kind.padEnd(4)}  median ${median} ms, slowest ${slowest[kind].toFixed(0)} ms: ${slowest.id}`,
    );
    if (kind === 'wall' && slowest.wall >= limit) {
      console.error(`slower than ${limit} ms; on a busy machine, look at the CPU time`);
      process.exitCode = 1;
    }
  }
} finally {
  await rm(root, { recursive: true });
}

/** Returns the shortest times in milliseconds; a device without a driver gives exit code 1, any other code is a failure. */
async function measure(host, discs, id) {
  const env = { PATH: '/usr/bin:/bin', VIRTIO_WIN_DIR: discs };
  const command = ['dash', join(host, 'virtio-win'), 'which', id];
  const script = '"$@" >/dev/null 2>&1; status=$?; times; exit $status';
  const best = { wall: Number.POSITIVE_INFINITY, cpu: Number.POSITIVE_INFINITY };
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    const run = await execa('bash', ['-c', script, 'bash', ...command], {
      env,
      extendEnv: false,
      reject: false,
    });
    best.wall = Math.min(best.wall, performance.now() - start);
    best.cpu = Math.min(best.cpu, childTime(run.stdout));
    if (run.exitCode > 1) throw new Error(`virtio-win which ${id} ended with ${run.exitCode}`);
  }
  return best;
}

/** Returns the CPU time in the second line of bash's times: `0m0.044s 0m0.012s`. */
function childTime(text) {
  const seconds = [...text.split('\n')[1].matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, rest]) => minutes * 60 + Number(rest),
  );
  return 1000 * seconds.reduce((sum, value) => sum + value, 0);
}
