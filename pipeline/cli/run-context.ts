import { resolve } from 'node:path';
import envPaths from 'env-paths';
import { PipelineError } from '../core/errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { findChangelog, isOfRelease, releaseEpoch } from '../package/deb/changelog.ts';

/** Parses `--use ID=PATH` options against the release's sources: source id to absolute path. */
export function parseOverrides(manifest: Manifest, uses: readonly string[]): Map<string, string> {
  const overrides = new Map<string, string>();
  for (const use of uses) {
    const [, id, path] = /^([^=]+)=(.+)$/.exec(use) ?? [];
    if (id === undefined || path === undefined) {
      throw new PipelineError('usage', {
        place: `--use ${use}`,
        message: 'is not of the form ID=PATH',
        hint: 'such as --use drivers=/srv/build-output',
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
        hint: 'give each source once',
      });
    }
    overrides.set(id, resolve(path));
  }
  return overrides;
}

/** Returns the one date of the build in seconds since 1970: SOURCE_DATE_EPOCH, else the newest changelog entry's. */
export async function sourceDateEpoch(manifest: Manifest, environment: NodeJS.ProcessEnv): Promise<number> {
  return givenEpoch(environment, changelogDate) ?? releaseEpoch(manifest);
}

const changelogDate = 'the date of the newest changelog entry is used then';

/** Returns SOURCE_DATE_EPOCH in seconds since 1970, undefined when it is not set; `otherwise` says what is used then. */
export function givenEpoch(
  { SOURCE_DATE_EPOCH: given }: NodeJS.ProcessEnv,
  otherwise = 'the date is now then',
): number | undefined {
  if (given === undefined) return undefined;
  const epoch = Number(given);
  if (/^\d+$/.test(given) && epoch >= firstDate && epoch <= lastDate) return epoch;
  throw new PipelineError('usage', {
    place: 'SOURCE_DATE_EPOCH',
    message: `"${given}" is not a date in whole seconds between 1970 and 2038`,
    hint: `such as $(date +%s), or unset it: ${otherwise}`,
  });
}

/** Returns the date that a check judges by: SOURCE_DATE_EPOCH, else that of the release's changelog entry; undefined where there is neither. */
export async function checkEpoch(
  manifest: Manifest,
  environment: NodeJS.ProcessEnv,
): Promise<number | undefined> {
  const given = givenEpoch(environment, changelogDate);
  if (given !== undefined) return given;
  const changelog = await findChangelog(manifest);
  return changelog !== undefined && isOfRelease(manifest, changelog) ? changelog.newest.epoch : undefined;
}

/** Returns the cache folder: PVDISC_CACHE, else the user's cache folder (XDG Base Directory Specification). */
export function cacheDir(environment: NodeJS.ProcessEnv): string {
  const { PVDISC_CACHE: given = '' } = environment;
  return given === '' ? envPaths('pvdisc', { suffix: '' }).cache : resolve(given);
}

/** What tar headers (32 bits of seconds, as tar-stream writes them) and ISO 9660 (from 1900 on) both hold. */
const firstDate = 0;
const lastDate = 2 ** 31 - 1;

/** Returns the manifest with the profile that the command line asks for, if it asks for one. */
export function withProfile(manifest: Manifest, profile: 'slim' | 'full' | undefined): Manifest {
  if (profile === 'slim' && manifest.upstream !== undefined) {
    throw new PipelineError('usage', {
      place: '--profile slim',
      message: `${manifest.release.name} is upstream's disc, byte for byte: nothing can be left out`,
      hint: 'assemble a disc from it: a release with a source of type http or iso',
    });
  }
  return profile === undefined ? manifest : { ...manifest, release: { ...manifest.release, profile } };
}
