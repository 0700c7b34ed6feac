import { mkdir, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Content } from '../core/content.ts';
import type { ReleaseContext } from '../core/context.ts';
import { PipelineError } from '../core/errors.ts';
import { defineStage } from '../core/stage.ts';
import { certificateChain } from '../formats/signature/chain.ts';
import { startKeyWork } from '../formats/signature/key-work.ts';
import type { Signer } from '../formats/signature/signed-data.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { releasePlace } from '../manifest/read.ts';
import type { DriverTree } from '../model/driver-tree.ts';
import { driverSignaturesName, type SignedDiscFile, type SigningCertificate } from '../model/signing.ts';
import { hashFile } from '../system/files.ts';
import { certificateName, type SigningCertificates } from './certificates.ts';
import { signedBytes } from './plan-signing.ts';
import { type PreparedSigning, prepareSigning } from './prepare-signing.ts';
import { requestsOf, type SigningMeans, signContents } from './sign-contents.ts';
import { signatureRequests } from './signature-files.ts';

/** The key of a release's drivers, or what it signed before. */
export type DriverSigner = Pick<SigningMeans, 'signer' | 'timestamps'>;

interface SignInput {
  readonly manifest: Manifest;
  readonly tree: DriverTree;
  /** Absent in a check, which needs no key. */
  readonly key?: DriverSigner;
}

/** Makes catalogs and signs them and the drivers, as the release's `sign` says; new files go into the work folder. Without a key, the files stay unsigned and the rules judge them as signed. */
export const sign = defineStage({
  name: 'sign',
  run: async (
    { manifest, tree: collected, key }: SignInput,
    context: ReleaseContext,
  ): Promise<DriverTree> => {
    const { sign: asked } = manifest.release;
    if (asked === undefined) return collected;
    const prepared = await prepareSigning(manifest, collected, asked, context);
    const { tree, how, servers, plan } = prepared;
    const certificate = certificateOf(how.certificates);
    if (key === undefined) {
      const files = signedFiles(prepared, new Map(), new Map());
      return { ...tree, signing: { certificate, files, pending: signerOf(how.certificates) } };
    }
    const made = await signContents(plan.toSign, { ...how, ...key, servers }, context);
    const contents = await writeSigned(prepared, made.byPath, context);
    const file = join(context.workDir, driverSignaturesName);
    await writeFile(file, `${JSON.stringify(made.record, null, 2)}\n`);
    return {
      ...tree,
      files: tree.files.map((one) => ({
        ...one,
        content: contents.get(prepared.paths.get(one) ?? '') ?? one.content,
      })),
      signing: {
        certificate,
        files: signedFiles(prepared, contents, made.digests),
        signatures: await hashFile(file),
      },
    };
  },
});

/** Throws unless a release that asks for signatures gets a key, and one that does not gets none. */
export function requireSigner(
  manifest: Pick<Manifest, 'release' | 'releaseFile'>,
  key: DriverSigner | undefined,
): void {
  if (manifest.release.sign !== undefined && key === undefined)
    throw new PipelineError('input', {
      place: releasePlace(manifest, 'sign'),
      message: 'asks for signed drivers, and no key is named',
      hint: 'give --signer-key, --signer-command or --signatures; pvdisc sign-requests RELEASE writes what a key elsewhere has to sign',
    });
  if (manifest.release.sign === undefined && key !== undefined)
    throw new PipelineError('usage', {
      place: key.signer.place,
      message: 'has nothing to sign: the release has no "sign"',
      hint: 'add "sign" to the release (docs/signing.md), or leave out the option',
    });
}

/** Returns what a key has to sign for a collected release, to be signed elsewhere. */
export async function releaseRequests(manifest: Manifest, collected: DriverTree, context: ReleaseContext) {
  const { sign: asked } = manifest.release;
  if (asked === undefined)
    throw new PipelineError('input', {
      place: releasePlace(manifest),
      message: 'has no "sign", so there is nothing to sign',
      hint: 'add "sign" to the release (docs/signing.md)',
    });
  const { plan, how, paths } = await prepareSigning(manifest, collected, asked, context);
  const requests = requestsOf(plan.toSign, how).flatMap((request) =>
    [...paths].flatMap(([{ path }, at]) => (at === request.path ? [{ ...request, path }] : [])),
  );
  return signatureRequests(requests, how.certificates);
}

function certificateOf({ leaf, issuers }: SigningCertificates): SigningCertificate {
  const { facts } = leaf;
  return {
    name: certificateName(leaf),
    sha256: facts.sha256,
    validFrom: facts.validFrom,
    validTo: facts.validTo,
    chain: issuers.map((issuer) => issuer.facts.sha256),
    pem: [leaf, ...issuers].map(({ x509 }) => x509.toString()),
  };
}

/** Returns what the reader of a signature with these certificates finds. */
function signerOf({ leaf, issuers }: SigningCertificates): Signer {
  const chain = certificateChain(leaf, [leaf, ...issuers], startKeyWork('certificates'));
  return {
    certificate: leaf.facts,
    issuedByMicrosoft: false,
    digestAlgorithm: 'sha256',
    nested: [],
    ...chain,
  };
}

/** Writes each distinct signed file, and returns where it is by its path in the plan. */
async function writeSigned(
  { files, paths, how }: PreparedSigning,
  signatures: ReadonlyMap<string, Uint8Array>,
  context: ReleaseContext,
): Promise<Map<string, Content>> {
  const folder = join(context.workDir, 'signed');
  await mkdir(folder, { recursive: true });
  const contents = new Map<string, Content>();
  for (const file of files) {
    const signature = paths.get(file) === file.path ? signatures.get(file.path) : undefined;
    if (signature === undefined) continue;
    context.signal.throwIfAborted();
    const bytes = await signedBytes({ path: file.path, stored: file.content }, signature, how);
    const written = join(folder, `${contents.size}${extname(file.path).toLowerCase()}`);
    await writeFile(written, bytes);
    contents.set(file.path, await hashFile(written));
    context.reporter.progress({ files: contents.size, item: file.path });
  }
  return contents;
}

function signedFiles(
  { files, paths, made, plan }: PreparedSigning,
  contents: ReadonlyMap<string, Content>,
  digests: ReadonlyMap<string, string>,
): SignedDiscFile[] {
  const planned = new Map(plan.files.map((file) => [file.path, file]));
  return files.map((file): SignedDiscFile => {
    const { path, content } = file;
    const at = paths.get(file) ?? '';
    const { state = 'kept', replaced } = planned.get(at) ?? {};
    const to = contents.get(at)?.sha256 ?? content.sha256;
    if (state !== 'signed') return { path, state, to };
    const catalog = made.get(path);
    const from = catalog === undefined ? content.sha256 : catalog.from;
    const name = catalog?.replaced ?? replaced;
    const digest = digests.get(at);
    return {
      path,
      state: catalog === undefined ? 'signed' : 'made',
      ...(from !== undefined && { from }),
      to,
      ...(digest !== undefined && { digest }),
      ...(name !== undefined && { replaced: name }),
    };
  });
}
