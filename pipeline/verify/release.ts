import { join } from 'node:path';
import type { RunContext } from '../core/context.ts';
import { verifyAttestation } from './attestation.ts';
import { verifyDeb } from './deb.ts';
import { verifyDisc } from './disc.ts';
import type { VerifyOptions } from './options.ts';
import { verifyReleaseFiles } from './release-files.ts';
import { verifySignature } from './signature.ts';
import type { Check } from './verification-schema.ts';

/** Checks the folder of a built release: signature, sums, record, documents, and the contents of each disc and package. */
export async function verifyRelease(
  folder: string,
  options: VerifyOptions,
  context: RunContext,
): Promise<Check[]> {
  const { attestKey, limits } = options;
  const signature = await verifySignature(folder, options, context);
  const { checks, record, digests } = await verifyReleaseFiles(folder, context.signal);
  const attestation = await verifyAttestation(folder, attestKey, digests);
  const contents: Check[] = [];
  if (record === undefined) return [...signature, ...attestation, ...checks];
  const mastering = record.kind === 'passthrough' ? 'foreign' : 'own';
  for (const disc of [record.iso, ...(record.symbols === undefined ? [] : [record.symbols])]) {
    const file = join(folder, disc.name);
    if (digests.get(disc.name) !== undefined)
      contents.push(...(await verifyDisc(file, disc, mastering, limits, context)));
  }
  for (const { format, name } of record.artifacts) {
    const file = join(folder, name);
    if (format === 'deb' && digests.get(name) !== undefined)
      contents.push(...(await verifyDeb(file, name, limits, record, context)));
  }
  return [...signature, ...attestation, ...checks, ...contents];
}
