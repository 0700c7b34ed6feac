import { resolve } from 'node:path';
import envPaths from 'env-paths';
import { PipelineError } from '../core/errors.ts';
import { nearName } from '../core/near-name.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { packageFormats } from '../manifest/package-schema.ts';
import { findChangelog, isOfRelease, releaseEpoch } from '../package/metadata/changelog.ts';

/** Parses `--use ID=PATH` options into absolute paths by source id. */
export function parseOverrides(manifest: Manifest, uses: readonly string[]): Map<string, string> {
  const overrides = new Map<string, string>();
  for (const use of uses) {
    const [, id, path] = /^([^=]+)=(.+)$/.exec(use) ?? [];
    if (id === undefined || path === undefined) {
      throw new PipelineError('usage', {
        place: `--use ${use}`,
        message: 'does not have the form ID=PATH',
        hint: 'for example --use drivers=/srv/build-output',
      });
    }
    if (!Object.hasOwn(manifest.release.sources, id)) {
      throw new PipelineError('usage', {
        place: `--use ${use}`,
        message: `the release has no source "${id}"`,
        hint: `its sources: ${Object.keys(manifest.release.sources).join(', ')}`,
      });
    }
    if (overrides.has(id)) {
      throw new PipelineError('usage', {
        place: `--use ${use}`,
        message: `source "${id}" is given twice`,
        hint: 'use each source id once',
      });
    }
    overrides.set(id, resolve(path));
  }
  return overrides;
}

/** Returns the date of the build in seconds since 1970: SOURCE_DATE_EPOCH, or the date of the newest changelog entry. */
export async function sourceDateEpoch(manifest: Manifest, environment: NodeJS.ProcessEnv): Promise<number> {
  return givenEpoch(environment, changelogDate) ?? releaseEpoch(manifest);
}

const changelogDate = 'pvdisc then uses the date of the newest changelog entry';

/** Parses SOURCE_DATE_EPOCH; `otherwise` tells the user which date is used without it. */
export function givenEpoch(
  { SOURCE_DATE_EPOCH: given }: NodeJS.ProcessEnv,
  otherwise = 'pvdisc then uses the current date',
): number | undefined {
  if (given === undefined) return undefined;
  const epoch = Number(given);
  if (/^\d+$/.test(given) && epoch >= firstDate && epoch <= lastDate) return epoch;
  throw new PipelineError('usage', {
    place: 'SOURCE_DATE_EPOCH',
    message: `"${given}" is not a number of seconds between 1970 and 2038`,
    hint: `set it to $(date +%s), for example, or unset it: ${otherwise}`,
  });
}

/** Returns the reference date of a check: SOURCE_DATE_EPOCH, or the date of the release's changelog entry, if any. */
export async function checkEpoch(
  manifest: Manifest,
  environment: NodeJS.ProcessEnv,
): Promise<number | undefined> {
  const given = givenEpoch(environment, changelogDate);
  if (given !== undefined) return given;
  const changelog = await findChangelog(manifest);
  return changelog !== undefined && isOfRelease(manifest, changelog) ? changelog.newest.epoch : undefined;
}

/** Returns PVDISC_CACHE, or the user's cache folder (XDG Base Directory Specification). */
export function cacheDir(environment: NodeJS.ProcessEnv): string {
  const { PVDISC_CACHE: given = '' } = environment;
  return given === '' ? envPaths('pvdisc', { suffix: '' }).cache : resolve(given);
}

/** The range that both tar headers (32-bit seconds in tar-stream) and ISO 9660 (from 1900) can hold. */
const firstDate = 0;
const lastDate = 2 ** 31 - 1;

export function withProfile(manifest: Manifest, profile: 'slim' | 'full' | undefined): Manifest {
  if (profile === 'slim' && manifest.upstream !== undefined) {
    throw new PipelineError('usage', {
      place: '--profile slim',
      message: `${manifest.release.name} is an exact copy of upstream's disc and cannot omit files`,
      hint: 'write a release with a source of type http or iso to build a new disc from it',
    });
  }
  return profile === undefined ? manifest : { ...manifest, release: { ...manifest.release, profile } };
}

/** Replaces the formats of a release's packages by those of `--formats`. */
export function withFormats(manifest: Manifest, list: string | undefined): Manifest {
  if (list === undefined) return manifest;
  const formats = parseList('--formats', list, packageFormats);
  const { release } = manifest;
  return {
    ...manifest,
    release: { ...release, package: { ...release.package, formats } },
  };
}

/** Parses an option that names some of a list, with commas. */
export function parseList<Name extends string>(option: string, list: string, known: readonly Name[]): Name[] {
  const names = list.split(',').map((given) => {
    const found = known.find((name) => name === given);
    if (found !== undefined) return found;
    const near = nearName(given, known);
    throw new PipelineError('usage', {
      place: `${option} ${list}`,
      message: `"${given}" is not one of ${known.join(', ')}`,
      hint: near === undefined ? 'give names with commas between them' : `did you mean ${near}?`,
    });
  });
  return [...new Set(names)];
}
