import { join } from 'node:path';
import { PipelineError } from '../core/errors.ts';
import { quoted } from '../core/refusal.ts';
import { parseControl } from '../formats/deb/control.ts';
import { readSums } from '../formats/sums.ts';
import { readClearSigned } from '../sources/signature/gpgv.ts';
import { exists } from '../system/files.ts';
import { type IndexEntry, parseIndex } from './package-index.ts';
import { notSigned, readIndexPart, requireNoSuite } from './signed-index.ts';

/** A suite as hosts see it: its packages, its date in milliseconds since 1970, and the digests of its indexes. */
export interface Published {
  readonly entries: readonly IndexEntry[];
  readonly date: number;
  readonly digests: readonly string[];
}

/** The suite to read, its expected origin and label, and the public keys that may have signed it; `workDir` is a folder for gpgv. */
export interface PublishedSource {
  readonly root: string;
  readonly suite: string;
  readonly origin: string;
  readonly label: string;
  readonly keyring: Buffer;
  readonly workDir: string;
}

/**
 * Reads a suite as it was last published: the text that gpgv extracts from a good signature, and the index named in it.
 * Returns an empty suite where its folder is missing or empty; throws when another folder lacks an `InRelease`.
 */
export async function readPublished(source: PublishedSource, signal: AbortSignal): Promise<Published> {
  const { root, suite } = source;
  const folder = join(root, 'dists', suite);
  const inRelease = join(folder, 'InRelease');
  if (!(await exists(inRelease))) {
    await requireNoSuite(folder, inRelease, `${folder} and ${join(root, 'pool', suite)}`);
    return { entries: [], date: 0, digests: [] };
  }
  const signed = await readClearSigned({ ...source, file: inRelease }, signal);
  if ('problem' in signed) throw notSigned(inRelease, signed.problem);
  const [release] = parseControl(signed.text, inRelease);
  const value = (field: string) => release?.fields.get(field)?.value ?? '';
  if (value('suite') !== suite)
    throw notSigned(inRelease, `it signs the suite ${value('suite')}, not ${suite}`);
  requireSame(inRelease, 'Origin', value('origin'), source.origin);
  requireSame(inRelease, 'Label', value('label'), source.label);
  const digests = new Map(
    readSums(value('sha256'), 'Release').flatMap((listed): [string, string][] =>
      listed.digest === undefined ? [] : [[listed.path, listed.digest]],
    ),
  );
  const sha256 = digests.get(`${indexFolder}/Packages`) ?? '';
  const file = join(folder, indexFolder, 'by-hash/SHA256', sha256);
  const index = (await readIndexPart(file, mostIndexBytes, inRelease, sha256)).toString('utf8');
  return {
    entries: parseIndex(index, inRelease),
    date: Date.parse(value('date')) || 0,
    digests: [...new Set(digests.values())],
  };
}

/** apt rejects an index whose origin or label has changed until an administrator accepts it on each host (apt-secure(8)). */
function requireSame(inRelease: string, field: 'Origin' | 'Label', signed: string, given: string): void {
  if (signed === given) return;
  const option = `--${field.toLowerCase()}`;
  throw new PipelineError('input', {
    place: inRelease,
    message: `has the ${field} ${quoted(signed)}, not ${quoted(given)}`,
    hint: `give ${option} as before, or another folder: hosts reject a changed ${field}, and this may be the index of another repository`,
  });
}

/** The index to read; it has all packages, since packages of releases are for every architecture. */
const indexFolder = 'main/binary-all';

/** Far more than the index of 10,000 packages needs. */
const mostIndexBytes = 2 ** 26;
