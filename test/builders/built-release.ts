import { existsSync } from 'node:fs';
import { readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import lockfile from 'proper-lockfile';
import { inject } from 'vitest';
import { type ReleaseRecord, recordSchema } from '../../pipeline/model/record.ts';

/** The compiled program. */
export const program = join(import.meta.dirname, '../../build/cli/index.js');

const releases = join(import.meta.dirname, '../../drivers-manifest/releases');

/** A built release: its folder, its record, and the paths of the ISO, of its package and of all packages. */
export interface BuiltRelease {
  readonly folder: string;
  readonly record: ReleaseRecord;
  readonly iso: string;
  readonly deb: string;
  readonly debs: readonly string[];
  readonly rpms: readonly string[];
}

/** Builds the sample release, once for all test files of a run. */
export function builtSample(): Promise<BuiltRelease> {
  return buildOnce('sample', () => join(releases, 'sample.yaml'));
}

/** Builds the sample for guests of Xen, once for all test files of a run. */
export function builtXenSample(): Promise<BuiltRelease> {
  return buildOnce('sample-xenpv', () => join(releases, 'sample-xenpv.yaml'));
}

/** Builds the legacy release from a folder of its driver files, once for all test files of a run. */
export function builtLegacy(drivers: string): Promise<BuiltRelease> {
  const file = join(releases, 'virtio-win-legacy.yaml');
  return buildOnce('legacy', () => file, ['--use', `drivers=${drivers}`]);
}

/** Builds a release under a key, once for all test files of a run; nothing may change what it made. `write` gives its YAML file. */
export async function buildOnce(
  key: string,
  write: () => string | Promise<string>,
  options: readonly string[] = [],
): Promise<BuiltRelease> {
  const out = join(inject('runFolder'), key);
  const unlock = await lockfile.lock(out, {
    realpath: false,
    retries: { retries: 600, factor: 1, minTimeout: 100 },
  });
  try {
    if (!existsSync(out)) {
      await execa('node', [program, 'build', await write(), '--out', `${out}.part`, '--quiet', ...options]);
      await rename(`${out}.part`, out);
    }
  } finally {
    await unlock();
  }
  return readRelease(out);
}

/** Reads the only release in `OUT` of `--out OUT`. */
export async function readRelease(out: string): Promise<BuiltRelease> {
  const [name = ''] = await readdir(out);
  const folder = join(out, name);
  const record = recordSchema.parse(JSON.parse(await readFile(join(folder, 'release.json'), 'utf8')));
  const packages = (wanted: string) =>
    record.artifacts.filter(({ format }) => format === wanted).map(({ name }) => join(folder, name));
  const debs = packages('deb');
  const [deb] = debs;
  if (deb === undefined) throw new Error(`${folder}/release.json names no .deb`);
  return { folder, record, iso: join(folder, record.iso.name), deb, debs, rpms: packages('rpm') };
}
