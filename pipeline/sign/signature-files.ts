import * as z from 'zod';
import { PipelineError } from '../core/errors.ts';
import { byCodeUnit } from '../core/order.ts';
import { sha256Of } from '../formats/sums.ts';
import { digestField } from '../model/shared-schema.ts';
import { readPlainFile } from '../system/path-kind.ts';
import { requireValidNow, type SigningCertificates } from './certificates.ts';
import type { DigestSigner, SignatureRequest } from './signer.ts';

const base64Field = z.base64();

/** Shape of the file that a machine without a network signs from. */
export const signatureRequestsSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    algorithm: z.literal('RSASSA-PKCS1-v1_5 with SHA-256').describe('What each digest is to be signed by'),
    certificate: digestField.describe('SHA-256 of the certificate of the key (DER)'),
    requests: z.array(
      z.strictObject({
        files: z.array(z.string()).min(1).describe('The files that get this signature'),
        digest: digestField.describe('SHA-256 of the signed attributes: what the key signs'),
        signedAttributes: base64Field.describe('The signed attributes (DER), for who wants to look at them'),
      }),
    ),
  })
  .meta({ id: 'signature-requests', title: 'What pvdisc sign-requests asks to be signed' });

/** Shape of the file that holds signatures, made from requests or kept from an earlier run. */
export const signaturesSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    signatures: z.array(
      z.strictObject({
        digest: digestField.describe('As in the requests'),
        signature: base64Field.describe('RSA (PKCS#1 v1.5) of the digest'),
        timestamp: base64Field.optional().describe('RFC 3161 token of the signature (DER)'),
      }),
    ),
  })
  .meta({ id: 'signatures', title: 'Signatures of drivers, by what they sign' });

export type SignatureRequests = z.output<typeof signatureRequestsSchema>;
export type Signatures = z.output<typeof signaturesSchema>;

/** Returns what is to be signed, by digest; files of equal content share one. */
export function signatureRequests(
  requests: readonly SignatureRequest[],
  { leaf }: Pick<SigningCertificates, 'leaf'>,
): SignatureRequests {
  requireValidNow(leaf, 'pvdisc sign-requests');
  const byDigest = new Map<string, SignatureRequest[]>();
  for (const request of requests.toSorted((one, other) => byCodeUnit(one.path, other.path)))
    byDigest.set(request.digest, [...(byDigest.get(request.digest) ?? []), request]);
  return {
    schemaVersion: 1,
    algorithm: 'RSASSA-PKCS1-v1_5 with SHA-256',
    certificate: leaf.facts.sha256,
    requests: [...byDigest].map(([digest, same]) => ({
      files: same.map(({ path }) => path),
      digest,
      signedAttributes: Buffer.from(same[0]?.signedAttributes ?? []).toString('base64'),
    })),
  };
}

const mostBytes = 2 ** 26;
const formHint = 'pvdisc schema signatures tells its form';

/** Reads a file of signatures; throws where it is none. */
export async function readSignatures(file: string, place: string): Promise<Signatures> {
  const read = await readPlainFile(file, mostBytes);
  if ('problem' in read) throw refused(place, read.problem, formHint);
  const parsed = signaturesSchema.safeParse(jsonOf(read.bytes.toString('utf8'), place));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw refused(place, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}`, formHint);
}

function jsonOf(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused(place, 'is not JSON', formHint);
  }
}

/** Returns a record with further signatures; a new one takes the place of that of the same digest, and keeps its timestamp where the signature is the same. */
export function withSignatures(before: Signatures | undefined, made: Signatures): Signatures {
  const all = [...(before?.signatures ?? []), ...made.signatures];
  const byDigest = new Map<string, Signatures['signatures'][number]>();
  for (const one of all) {
    const known = byDigest.get(one.digest);
    byDigest.set(one.digest, known?.signature === one.signature ? { ...known, ...one } : one);
  }
  return { ...made, signatures: [...byDigest.values()].sort((a, b) => byCodeUnit(a.digest, b.digest)) };
}

/** Returns the signer that looks signatures up instead of making them. */
export function recordedSigner({ signatures }: Signatures, place: string): DigestSigner {
  const byDigest = new Map(signatures.map(({ digest, signature }) => [digest, signature]));
  return {
    place,
    identity: sha256Of(JSON.stringify(signatures)),
    isRecorded: true,
    sign: async (requests) => {
      const lacking = requests.filter(({ digest }) => !byDigest.has(digest));
      const [first] = lacking;
      if (first !== undefined) {
        const more = lacking.length === 1 ? '' : ` and ${lacking.length - 1} more`;
        const hint = 'write the requests again with pvdisc sign-requests, for the files as they are now';
        throw refused(place, `has no signature of ${first.path}${more}`, hint);
      }
      return requests.map(({ digest }) => Buffer.from(byDigest.get(digest) ?? '', 'base64'));
    },
  };
}

function refused(place: string, message: string, hint: string): PipelineError {
  return new PipelineError('input', { place, message, hint });
}
