import { join } from 'node:path';
import { PipelineError, type Problem } from '../core/errors.ts';
import { placeInFile } from '../core/place.ts';
import { limitsField } from '../sources/fields.ts';
import { exists } from '../system/files.ts';
import { findRelease, readLedger, versionOf } from './ledger.ts';
import type { LedgerEntry } from './ledger-schema.ts';
import type { Release } from './release-schema.ts';
import type { YamlFile } from './yaml-file.ts';

type ReleaseFile = Pick<YamlFile<unknown>, 'file' | 'lines'>;

/** The id under which a passthrough release has its disc: for `--use disc=FILE`, and as the origin of every file in the record. */
export const upstreamDiscId = 'disc';

/** A release and, where it passes on an upstream disc, what the ledger knows of that disc. */
export interface ReleaseWithDisc {
  readonly release: Release;
  readonly upstream?: LedgerEntry;
}

/**
 * Gives a passthrough release its one source: the disc, by the digest, size and addresses of `ledger.yaml` in the
 * manifest's folder. Throws where the ledger does not know the disc, and for an assembled disc under the name of an upstream one.
 */
export async function withUpstreamDisc(
  release: Release,
  yaml: ReleaseFile,
  folder: string,
): Promise<ReleaseWithDisc> {
  const ledger = join(folder, 'ledger.yaml');
  if (release.passthrough === undefined) {
    const known = (await exists(ledger)) ? (await readLedger(ledger)).releases : [];
    requireOwnName(release, yaml, known);
    return { release };
  }
  const upstream = await findDisc(release.passthrough.release, yaml, ledger);
  const { url, mirrors, sha256, size } = upstream;
  if (url === undefined || size === undefined) {
    throw problem(yaml, {
      message: `${ledger} does not know ${url === undefined ? 'an address' : 'the size'} of ${upstream.release}`,
      hint: 'pvdisc ledger add URL fetches it and records both',
    });
  }
  const disc = {
    type: 'http' as const,
    url,
    sha256,
    size,
    limits: limitsField.parse({}),
    ...(mirrors && { mirrors }),
  };
  return { release: { ...release, sources: { [upstreamDiscId]: disc } }, upstream };
}

async function findDisc(name: string, yaml: ReleaseFile, ledger: string): Promise<LedgerEntry> {
  const found = findRelease(await readLedger(ledger), name);
  const [entry] = found;
  if (entry !== undefined && found.length === 1) return entry;
  throw problem(yaml, {
    message:
      entry === undefined
        ? `${ledger} has no release ${name}`
        : `${name} is several releases: ${found.map(({ release }) => release).join(', ')}`,
    hint: 'pvdisc ledger list shows all of them; pvdisc ledger add URL records one',
  });
}

/** Users compare the digests of discs by their names. */
function requireOwnName({ name, version }: Release, yaml: ReleaseFile, known: readonly LedgerEntry[]): void {
  const disc = `${name}-${version}`;
  const upstream = known.find(({ release }) => `virtio-win-${versionOf(release)}` === disc);
  if (upstream === undefined) return;
  throw new PipelineError('input', {
    place: placeInFile(yaml, ['name']),
    message: `the assembled disc would be called ${disc}.iso, as upstream's disc ${upstream.release} is, and be another`,
    hint: `choose another name, or pass on upstream's disc: "passthrough: {release: ${upstream.release}}"`,
  });
}

function problem(yaml: ReleaseFile, fact: Omit<Problem, 'place'>): PipelineError {
  return new PipelineError('input', { place: placeInFile(yaml, ['passthrough', 'release']), ...fact });
}
