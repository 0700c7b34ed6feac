import { join } from 'node:path';
import { PipelineError } from '../core/errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { type BuildChoices, InputDigests, jobKey } from './job-key.ts';
import type { PlannedJob, Profile } from './plan-schema.ts';

/** A release to plan: how its file was given, and what its builds depend on. */
export interface PlannedRelease {
  readonly file: string;
  readonly manifest: Manifest;
  readonly choices: BuildChoices;
}

/** Where and in which profiles to build; the releases' own profiles when absent. */
export interface PlanSettings {
  readonly out: string;
  readonly store: string | undefined;
  readonly profiles: readonly Profile[] | undefined;
  /** Options of a build that name the key of releases that are signed. */
  readonly signerOptions?: readonly string[];
}

/** Returns the jobs of releases, in the order of the releases, profiles and formats, each key once. */
export async function planJobs(
  releases: readonly PlannedRelease[],
  { out, store, profiles, signerOptions = [] }: PlanSettings,
): Promise<PlannedJob[]> {
  const digests = new InputDigests();
  const jobs = new Map<string, PlannedJob>();
  for (const { file, manifest, choices } of releases) {
    const { release } = manifest;
    const { name, version } = release;
    // A copy of upstream's disc leaves nothing out.
    const possible =
      release.passthrough === undefined ? (profiles ?? [release.profile]) : (['full'] as const);
    for (const profile of possible) {
      for (const format of release.package.formats) {
        const packaged = { ...release.package, formats: [format] };
        const one = { ...manifest, release: { ...release, profile, package: packaged } };
        const key = await jobKey(one, choices, digests);
        const signed = choices.signer === undefined ? [] : signerOptions;
        const target = ['--out', join(out, key), ...(store === undefined ? [] : ['--store', store])];
        const id = `${name}-${version}-${profile}-${format}`;
        requireOwnName(jobs, { file, name, version, id, key });
        jobs.set(key, {
          id,
          ...{ release: file, name, version, profile, format, key },
          command: ['build', file, '--profile', profile, '--formats', format, ...signed, ...target],
          out: join(out, key, `${name}-${version}`),
        });
      }
    }
  }
  return [...jobs.values()];
}

/** Throws where another release has the id of a job, which engines, hosts and repositories would take for the same. */
function requireOwnName(
  jobs: ReadonlyMap<string, PlannedJob>,
  { file, name, version, id, key }: Pick<PlannedJob, 'name' | 'version' | 'id' | 'key'> & { file: string },
): void {
  const other = [...jobs.values()].find((job) => job.id === id && job.key !== key);
  if (other === undefined) return;
  throw new PipelineError('input', {
    place: file,
    message: `is another release than ${other.release}, with the same name and version: ${name} ${version}`,
    hint: 'give one of them another "name" or "version"',
  });
}
