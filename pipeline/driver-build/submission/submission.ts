import { createHash } from 'node:crypto';
import { PipelineError } from '../../core/errors.ts';
import { readCabinetSignature } from '../../formats/cab/cabinet.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { releasePlace } from '../../manifest/read.ts';
import type { DriverTree } from '../../model/driver-tree.ts';
import { contentToSign, withSignature } from '../../sign/contents.ts';
import { requestsOf, type Signing, type SigningMeans, signContents } from '../../sign/sign-contents.ts';
import { type SignatureRequests, signatureRequests } from '../../sign/signature-files.ts';
import { binaryDigest } from '../../sources/submission/compare.ts';
import type { SubmissionRecord, SubmittedFolder } from '../../sources/submission/submission-schema.ts';
import { readStored } from '../../system/stored-bytes.ts';
import { type SubmissionContext, writeCabinet } from './cabinet.ts';
import { type PlannedCabinet, type PlannedFolder, planSubmission, type SubmissionPlan } from './plan.ts';

/** A cabinet, what is in it, and whether it is signed. */
export interface MadeCabinet {
  readonly bytes: Uint8Array;
  readonly record: SubmissionRecord;
  readonly isSigned: boolean;
}

/** The cabinets of a release, one for each architecture, and what is not in them. */
export interface MadeSubmission extends Pick<SubmissionPlan, 'tooOld' | 'withoutSymbols'> {
  readonly cabinets: readonly MadeCabinet[];
}

/** Makes the cabinets from which Microsoft signs the drivers of a collected release, signed if a key is given. */
export async function makeSubmission(
  manifest: Manifest,
  tree: DriverTree,
  means: SigningMeans | undefined,
  context: SubmissionContext,
): Promise<MadeSubmission> {
  const { unsigned, contents, tooOld, withoutSymbols } = await packCabinets(manifest, tree, context);
  const signatures = means && (await signContents(contents, means, context)).byPath;
  const cabinets: MadeCabinet[] = [];
  for (const [name, { planned, bytes }] of unsigned) {
    const signature = signatures?.get(name);
    const made = signature === undefined ? bytes : checked(name, withSignature(bytes, signature));
    const record = await recordOf(manifest, planned, { name, bytes: made });
    cabinets.push({ bytes: made, record, isSigned: signature !== undefined });
  }
  return { cabinets, tooOld, withoutSymbols };
}

/** Returns what a key has to sign of the cabinets of a collected release, to be signed elsewhere. */
export async function submissionRequests(
  manifest: Manifest,
  tree: DriverTree,
  how: Signing,
  context: SubmissionContext,
): Promise<SignatureRequests> {
  const { contents } = await packCabinets(manifest, tree, context);
  return signatureRequests(requestsOf(contents, how), how.certificates);
}

/** Writes the cabinets of a release without signatures. */
async function packCabinets(manifest: Manifest, tree: DriverTree, context: SubmissionContext) {
  const plan = planSubmission(manifest, tree);
  requirePackages(manifest, plan);
  const unsigned = new Map<string, { readonly planned: PlannedCabinet; readonly bytes: Uint8Array }>();
  for (const planned of plan.cabinets) {
    const name = `${manifest.release.name}-${manifest.release.version}-${planned.arch}.cab`;
    unsigned.set(name, { planned, bytes: await writeCabinet(planned, context) });
  }
  const contents = [...unsigned].map(([path, { bytes }]) => ({ path, content: contentToSign(bytes) }));
  return { ...plan, unsigned, contents };
}

function requirePackages(manifest: Manifest, { cabinets, withoutCatalog }: SubmissionPlan): void {
  if (cabinets.length === 0)
    throw new PipelineError('input', {
      place: releasePlace(manifest),
      message: 'has no driver package for Windows 10 or later, and Microsoft attests no others',
      hint: 'the folders of the disc say for which Windows a driver is: drivers-manifest/targets.yaml',
    });
  if (withoutCatalog.length > 0)
    throw new PipelineError(
      'input',
      withoutCatalog.map((inf) => ({
        place: inf,
        message: 'has no catalog, which a submission needs',
        hint: 'run pvdisc catalog on the driver build, or add "sign" to the release',
      })),
    );
}

/** Reads the signature back, since a refused cabinet is noticed only after it was uploaded. */
function checked(name: string, bytes: Uint8Array): Uint8Array {
  const signature = readCabinetSignature(bytes);
  if (signature?.matches !== true || signature.signers.some(({ problem }) => problem !== undefined))
    throw new Error(`${name}: the signature that was just made does not match`);
  return bytes;
}

async function recordOf(
  { release }: Manifest,
  { arch, folders }: PlannedCabinet,
  { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
): Promise<SubmissionRecord> {
  return {
    schemaVersion: 1,
    release: release.name,
    version: release.version,
    arch,
    cabinet: { name, sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length },
    folders: await Promise.all(folders.map(recordedFolder)),
  };
}

async function recordedFolder({ folder, paths, files }: PlannedFolder): Promise<SubmittedFolder> {
  const recorded: SubmittedFolder['files'] = [];
  for (const [name, { content }] of files) {
    const authenticode = binaryDigest(await readStored(content));
    recorded.push({ name, sha256: content.sha256, ...(authenticode !== undefined && { authenticode }) });
  }
  return { folder, paths: [...paths], files: recorded };
}
