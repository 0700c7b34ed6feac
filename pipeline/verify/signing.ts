import { join } from 'node:path';
import type { RunContext } from '../core/context.ts';
import type { Limits } from '../core/limits.ts';
import { parseJson } from '../core/parse-json.ts';
import { plural } from '../core/text.ts';
import { FormatError } from '../formats/format-error.ts';
import { readIso } from '../formats/iso9660/index.ts';
import type { ReleaseRecord } from '../model/record.ts';
import { isSignedByCertificate } from '../sign/plan-signing.ts';
import { signaturesSchema } from '../sign/signature-files.ts';
import { readStored } from '../system/stored-bytes.ts';
import { bad, checksOf, good } from './checks.ts';
import { type FolderDigests, readHashed } from './release-files.ts';
import type { Check } from './verification-schema.ts';

/** Checks that the kept signatures are those of the recorded files, and that each of these on the disc has a valid signature of the recorded certificate. */
export async function verifySigning(
  folder: string,
  { signing, iso: disc }: ReleaseRecord,
  digests: FolderDigests,
  limits: Limits,
  context: Pick<RunContext, 'signal'>,
): Promise<Check[]> {
  if (signing === undefined || digests.get(signing.signatures.name) === undefined) return [];
  const { name } = signing.signatures;
  const kept = await checksOf(name, async () =>
    keptSignatures(await readHashed(folder, name, digests), signing),
  );
  if (digests.get(disc.name) === undefined) return kept;
  return [
    ...kept,
    ...(await checksOf(disc.name, () =>
      signedOnDisc(folder, disc, signing, { limits, signal: context.signal }),
    )),
  ];
}

type Signing = NonNullable<ReleaseRecord['signing']>;

function keptSignatures(bytes: Buffer, { signatures: { name }, files }: Signing): Check[] {
  const kept = signaturesSchema.safeParse(parseJson(bytes.toString()));
  if (!kept.success) return [bad(name, 'is not a file of signatures', buildHint)];
  const recorded = new Set(files.flatMap(({ digest }) => digest ?? []));
  const held = new Set(kept.data.signatures.map(({ digest }) => digest));
  const lacking = files.filter(({ digest }) => digest !== undefined && !held.has(digest));
  const problems = [
    ...lacking.map(({ path }) => bad(name, `has no signature of ${path}`, buildHint)),
    ...[...held]
      .filter((digest) => !recorded.has(digest))
      .map((digest) => bad(name, `signs no recorded file: ${digest}`, buildHint)),
  ];
  return problems.length > 0
    ? problems
    : [good(name, `holds the ${plural(held.size, 'signature')} of the record`)];
}

async function signedOnDisc(
  folder: string,
  { name }: ReleaseRecord['iso'],
  { certificate, files }: Signing,
  reading: { readonly limits: Limits; readonly signal: AbortSignal },
): Promise<Check[]> {
  const file = join(folder, name);
  const { files: entries } = await readIso(file, { ...reading, subject: { place: 'verify', name } });
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const signed = files.filter(({ state }) => state !== 'kept');
  const distinct = new Map(signed.map((one) => [one.to, one]));
  const problems: Check[] = [];
  for (const { path, to: sha256 } of distinct.values()) {
    reading.signal.throwIfAborted();
    const entry = byPath.get(path);
    if (entry === undefined) {
      problems.push(
        bad(`${name}/${path}`, 'is not on the disc, but the record says who signed it', buildHint),
      );
      continue;
    }
    const bytes = await readStored({ file, extents: entry.extents, sha256, size: entry.size });
    if (!isSigned(bytes, certificate.sha256))
      problems.push(bad(`${name}/${path}`, `has no valid signature of "${certificate.name}"`, buildHint));
  }
  if (problems.length > 0) return problems;
  return [good(name, `${plural(signed.length, 'file')} signed by "${certificate.name}", as the record says`)];
}

function isSigned(bytes: Uint8Array, certificate: string): boolean {
  try {
    return isSignedByCertificate(bytes, certificate);
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}

const buildHint = 'it was changed after the build: download it again, or build it again';
