// Measures how the time of `pvdisc plan` grows with the number of releases: copies of the sample with another name each, up to 200.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readManifest } from '../build/manifest/read.js';
import { releaseEpoch } from '../build/package/metadata/changelog.js';
import { planJobs } from '../build/reproduce/plan.js';

const sample = new URL('../drivers-manifest/releases/sample.yaml', import.meta.url);
const metadata = new URL('../debian/', import.meta.url);
const folder = await mkdtemp(join(tmpdir(), 'pvdisc-benchmark-plan-'));
try {
  const text = await readFile(sample, 'utf8');
  const files = [];
  for (let number = 0; number < 200; number++) {
    const file = join(folder, `release-${number}.yaml`);
    await writeFile(
      file,
      text
        .replace(/^title: .*$/m, `title: Sample ${number}`)
        .replace(/^package:$/m, 'package:\n  metadata: debian'),
    );
    files.push(file);
  }
  for (const name of ['control', 'copyright', 'changelog'])
    await cp(new URL(name, metadata), join(folder, 'debian', name));
  console.log('releases  jobs  seconds  CPU seconds  ms per release');
  for (const count of [1, 10, 50, 100, 200]) {
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    const releases = [];
    for (const file of files.slice(0, count)) {
      const manifest = await readManifest(file);
      const choices = { overrides: new Map(), compression: 'zstd', epoch: await releaseEpoch(manifest) };
      releases.push({ file, manifest, choices });
    }
    const jobs = await planJobs(releases, { out: 'dist', store: undefined, profiles: ['full', 'slim'] });
    const seconds = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const used = (user + system) / 1e6;
    console.log(
      [count, jobs.length, seconds.toFixed(2), used.toFixed(2), ((seconds * 1000) / count).toFixed(1)]
        .map((value, index) => String(value).padStart([8, 6, 9, 13, 16][index]))
        .join(''),
    );
  }
} finally {
  await rm(folder, { recursive: true });
}
