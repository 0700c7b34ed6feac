import type { RunContext } from '../core/context.ts';
import { PipelineError } from '../core/errors.ts';
import { byCodeUnit } from '../core/order.ts';
import { FormatError } from '../formats/format-error.ts';
import {
  type ContentToSign,
  type Opus,
  writeSignedAttributes,
  writeSignedData,
} from '../formats/signature/write.ts';
import type { SigningCertificates } from './certificates.ts';
import type { Signatures } from './signature-files.ts';
import { checkedSignatures, type DigestSigner, type SignatureRequest, signatureRequest } from './signer.ts';
import { type AskForTimestamp, requireRightTimestamp, timestampAuthorities } from './timestamps.ts';

/** How files are signed. */
export interface Signing {
  readonly certificates: SigningCertificates;
  readonly opus: Opus;
}

/** What makes the signatures, and their timestamps. */
export interface SigningMeans extends Signing {
  readonly signer: DigestSigner;
  /** Tokens of an earlier run (DER), by the digest that is signed. */
  readonly timestamps: ReadonlyMap<string, Uint8Array>;
  /** Addresses of timestamp authorities, in the order in which they are asked; none for signatures without a time. */
  readonly servers: readonly string[];
}

/** A file and what its signature is over. */
export interface FileContent {
  readonly path: string;
  readonly content: ContentToSign;
}

/** A SignedData (DER) for each file by its path, and what to keep so that they can be made again without key and network. */
export interface MadeSignatures {
  readonly byPath: ReadonlyMap<string, Uint8Array>;
  /** What the key signed for each file, by its path: the digest of its signature in `record`. */
  readonly digests: ReadonlyMap<string, string>;
  readonly record: Signatures;
}

/** Returns what a key has to sign for some files. */
export function requestsOf(
  files: readonly FileContent[],
  { opus }: Pick<Signing, 'opus'>,
): SignatureRequest[] {
  return files.map(({ path, content }) => signatureRequest(path, writeSignedAttributes(content, opus)));
}

/** Signs contents, all in one batch, and has each signature timestamped; throws before anything is written where one of them fails. */
export async function signContents(
  files: readonly FileContent[],
  means: SigningMeans,
  context: Pick<RunContext, 'signal' | 'reporter' | 'fetch' | 'offline'>,
): Promise<MadeSignatures> {
  const { leaf, issuers } = means.certificates;
  const requests = requestsOf(files, means);
  const signatures = await checkedSignatures(requests, means.signer, { leaf }, context.signal);
  const timestamps = new Map<string, Uint8Array>();
  const ask = means.servers.length === 0 ? undefined : timestampAuthorities(means.servers, context);
  for (const [digest, signature] of signatures) {
    const token = await timestampOf(digest, signature, means, ask);
    if (token !== undefined) timestamps.set(digest, token);
  }
  const byPath = new Map<string, Uint8Array>();
  for (const [index, { path, content }] of files.entries()) {
    const { digest = '', signedAttributes = new Uint8Array() } = requests[index] ?? {};
    const timestamp = timestamps.get(digest);
    const signedData = writeSignedData(content, {
      leaf: leaf.x509.raw,
      issuers: issuers.map(({ x509 }) => x509.raw),
      signedAttributes,
      signature: signatures.get(digest) ?? new Uint8Array(),
      ...(timestamp !== undefined && { timestamp }),
    });
    byPath.set(path, signedData);
  }
  const digests = new Map(requests.map(({ path, digest }) => [path, digest]));
  return { byPath, digests, record: recordOf(signatures, timestamps) };
}

async function timestampOf(
  digest: string,
  signature: Uint8Array,
  { signer, timestamps }: SigningMeans,
  ask: AskForTimestamp | undefined,
): Promise<Uint8Array | undefined> {
  const kept = timestamps.get(digest);
  if (kept === undefined) return ask?.(signature);
  try {
    return requireRightTimestamp(kept, signature);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const message = `${error.message} (digest ${digest})`;
    const hint = 'take the timestamp out of the file, or the file that was recorded with these signatures';
    throw new PipelineError('input', { place: signer.place, message, hint });
  }
}

function recordOf(
  signatures: ReadonlyMap<string, Uint8Array>,
  timestamps: ReadonlyMap<string, Uint8Array>,
): Signatures {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const sorted = [...signatures].sort(([a], [b]) => byCodeUnit(a, b));
  return {
    schemaVersion: 1,
    signatures: sorted.map(([digest, signature]) => {
      const timestamp = timestamps.get(digest);
      return {
        digest,
        signature: base64(signature),
        ...(timestamp !== undefined && { timestamp: base64(timestamp) }),
      };
    }),
  };
}
