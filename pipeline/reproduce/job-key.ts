import { basename, dirname, join, resolve } from 'node:path';
import { releaseInputs } from '../attest/inputs.ts';
import { PipelineError } from '../core/errors.ts';
import { checksumsText, sha256Of } from '../formats/sums.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { releasePlace } from '../manifest/read.ts';
import { readPackageInputs } from '../package/package-inputs.ts';
import { type SourceSpec, sourcePin } from '../sources/open.ts';
import { hashFile, listFiles } from '../system/files.ts';
import { ownVersion, toolRoot } from '../system/own.ts';
import { pathKind } from '../system/path-kind.ts';

/** Choices of a build that change its bytes. */
export interface BuildChoices {
  /** `--use`: source id to a path on disk. */
  readonly overrides: ReadonlyMap<string, string>;
  readonly compression: string;
  /** The date of the release, in seconds since 1970. */
  readonly epoch: number;
  /** Which key signs the drivers, where the release is signed with one's own. */
  readonly signer?: string;
}

/** Digests of files by path, read once for all jobs of a run. */
export class InputDigests {
  readonly #digests = new Map<string, Promise<string>>();
  #program: Promise<string> | undefined;

  /** Returns the sha256 of a file, or of the list of all files of a folder. */
  of(path: string): Promise<string> {
    const known = this.#digests.get(path);
    if (known !== undefined) return known;
    const digest = digestOf(path);
    this.#digests.set(path, digest);
    return digest;
  }

  /** Returns the digest of the code of pvdisc, which is the same in a clone and in the npm package. */
  ofProgram(): Promise<string> {
    this.#program ??= digestOf(join(toolRoot, 'build'), '.js');
    return this.#program;
  }
}

async function digestOf(path: string, ending = ''): Promise<string> {
  if ((await pathKind(path)) !== 'folder') return (await hashFile(path)).sha256;
  const files = [];
  for (const { path: name } of await listFiles(path))
    if (name.endsWith(ending)) files.push({ name, sha256: (await hashFile(join(path, name))).sha256 });
  return sha256Of(checksumsText(files));
}

/**
 * Returns the cache key of a build: the sha256 of everything that its bytes depend on, but the programs that it runs. Their versions are
 * in the record; another xorriso makes another disc of the same inputs, which is as good.
 */
export async function jobKey(
  manifest: Manifest,
  choices: BuildChoices,
  digests: InputDigests,
): Promise<string> {
  const { release } = manifest;
  const { metadata, own } = await readPackageInputs(manifest);
  const inputs = [];
  for (const [name, file] of releaseInputs(manifest, [...manifest.licenseFiles.keys()], metadata))
    inputs.push([name, await digests.of(file)]);
  const sources = [];
  for (const [id, spec] of Object.entries(release.sources))
    sources.push([id, sourcePin(spec), await unpinned(manifest, id, spec, choices, digests)]);
  const facts = {
    pvdisc: await ownVersion(),
    code: await digests.ofProgram(),
    own,
    inputs,
    sources,
    profile: release.profile,
    formats: release.package.formats,
    compression: choices.compression,
    epoch: choices.epoch,
    signer: choices.signer,
  };
  return sha256Of(JSON.stringify(facts));
}

/** Returns the digest of a source that only its path names; undefined for one that its pin identifies. */
async function unpinned(
  manifest: Manifest,
  id: string,
  spec: SourceSpec,
  { overrides }: BuildChoices,
  digests: InputDigests,
): Promise<string | undefined> {
  const pin = sourcePin(spec);
  if (['sha256', 'commit', 'digests'].some((key) => Object.hasOwn(pin, key))) return undefined;
  const { path } = spec as { path?: string };
  const given =
    overrides.get(id) ?? (path === undefined ? undefined : resolve(dirname(manifest.releaseFile.file), path));
  if (given === undefined) return undefined;
  if ((await pathKind(given)) !== 'missing') return digests.of(given);
  throw new PipelineError('input', {
    place: releasePlace(manifest, 'sources', id),
    message: `${basename(given)}: no such file or folder: ${given}`,
    hint: `put it there, or give another: --use ${id}=PATH`,
  });
}
