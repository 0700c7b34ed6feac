import type { KeyObject } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BuildContext } from '../core/context.ts';
import { defineStage } from '../core/stage.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { Release as WrittenRelease } from '../manifest/release-schema.ts';
import { type ReleaseRecord, recordSchema } from '../model/record.ts';
import type {
  BuiltRelease,
  Discs,
  ImageFile,
  IsoImage,
  PackageArtifact,
  PackageInputs,
  PackagerOptions,
} from '../model/release.ts';
import type { ValidatedTree } from '../model/validated-tree.ts';
import { hashFile } from '../system/files.ts';
import { ownVersion } from '../system/own.ts';
import { toolVersion } from '../system/tool-version.ts';
import type { Tool } from '../system/tools.ts';
import { authenticodeDigests } from './authenticode.ts';
import type { ReleaseDocument } from './documents.ts';
import { recordedInputs } from './inputs.ts';
import { licenseFinder } from './licenses.ts';

/** Everything that a build made. */
export interface AttestInput {
  readonly manifest: Manifest;
  readonly tree: ValidatedTree;
  readonly discs: Discs;
  readonly artifacts: readonly PackageArtifact[];
  readonly options: PackagerOptions;
  /** The external programs that the build may have run. */
  readonly tools: readonly Tool[];
  readonly packageInputs: PackageInputs;
}

/** Writes what tells of the build: the record, the bill of materials, the provenance, the sums of all files, and the signatures that are asked for. */
export const attest = defineStage({
  name: 'attest',
  run: async (input: AttestInput, context: BuildContext): Promise<BuiltRelease> => {
    const { artifactsOf, releaseDocuments, signatureName, sumsName } = await import('./documents.ts');
    const record = recordSchema.parse(await releaseRecord(input, context));
    const documents = releaseDocuments(record);
    for (const { name, text } of documents) await writeFile(join(context.outputDir, name), text);
    await context.sign?.(join(context.outputDir, sumsName), join(context.outputDir, signatureName));
    const signature = context.sign === undefined ? [] : [signatureName];
    const bundle =
      context.attestKey === undefined ? [] : await writeBundle(documents, context.attestKey, context);
    const files = [...artifactsOf(record), ...documents].map(({ name }) => name);
    return { record, files: [...files, ...signature, ...bundle] };
  },
});

/** Signs the provenance as it was written; returns the name of the bundle. */
async function writeBundle(
  documents: readonly ReleaseDocument[],
  key: KeyObject,
  { outputDir }: BuildContext,
): Promise<string[]> {
  const { bundleOf, provenanceSuffix } = await import('./documents.ts');
  const { attestationBundle } = await import('./bundle.ts');
  const provenance = documents.find(({ name }) => name.endsWith(provenanceSuffix));
  if (provenance === undefined) throw new Error('every release has a provenance');
  const name = bundleOf(provenance.name);
  await writeFile(join(outputDir, name), attestationBundle(Buffer.from(provenance.text), key));
  return [name];
}

async function releaseRecord(
  { manifest, tree, discs, artifacts, options, tools: used, packageInputs }: AttestInput,
  context: BuildContext,
): Promise<ReleaseRecord> {
  const { release } = manifest;
  const isoFile = await fileRecorder(manifest, tree, context);
  const releaseFile = await hashFile(manifest.releaseFile.file);
  const tools = await Promise.all(
    used.map(async (tool) => ({ name: tool.name, version: await toolVersion(tool) })),
  );
  return {
    schemaVersion: 1,
    name: release.name,
    version: release.version,
    title: release.title,
    ...recordedKind(manifest),
    profile: release.profile,
    date: new Date(context.epoch * 1000).toISOString(),
    policy: recordedPolicy(release.policy),
    inputs: await recordedInputs(manifest, discs, packageInputs),
    sources: tree.sources.map((source) => ({
      ...source,
      pin: { ...source.pin },
      files: { ...source.files },
    })),
    drivers: tree.drivers.map(({ verdict, hardwareIds: _, ...facts }) => ({
      ...facts,
      verdict: { ...verdict, uncovered: [...verdict.uncovered] },
    })),
    repairs: [...tree.repairs],
    findings: [...tree.findings],
    tools: [{ name: 'pvdisc', version: await ownVersion() }, ...tools],
    parameters: {
      compression: options.compression,
      release: { name: basename(manifest.releaseFile.file), sha256: releaseFile.sha256 },
    },
    iso: recordedDisc(discs.iso, isoFile),
    ...(discs.symbols !== undefined && { symbols: recordedDisc(discs.symbols, isoFile) }),
    artifacts: artifacts.map(({ format, name, content: { sha256, size } }) => ({
      format,
      name,
      sha256,
      size,
    })),
  };
}

function recordedKind({ upstream }: Manifest): Pick<ReleaseRecord, 'kind' | 'upstream'> {
  if (upstream === undefined) return { kind: 'assembled' };
  const { release, confidence, seen } = upstream;
  return { kind: 'passthrough', upstream: { release, confidence, seen: [...seen] } };
}

type RecordedFile = ReleaseRecord['iso']['files'][number];

/** Adds to a file of a disc what only the record says: its licence and, of a binary, the digest without its signature. */
async function fileRecorder(
  manifest: Manifest,
  tree: ValidatedTree,
  context: BuildContext,
): Promise<(file: ImageFile) => RecordedFile> {
  const licenseOf = licenseFinder(manifest, tree);
  const digests = await authenticodeDigests(tree, context);
  return (file) => {
    const license = licenseOf(file);
    const authenticode = digests.get(file.sha256);
    return {
      ...file,
      ...(license !== undefined && { license }),
      ...(authenticode !== undefined && { authenticode }),
    };
  };
}

function recordedDisc(
  { name, label, content, files }: IsoImage,
  recorded: (file: ImageFile) => RecordedFile,
): ReleaseRecord['iso'] {
  return { name, label, sha256: content.sha256, size: content.size, files: files.map(recorded) };
}

function recordedPolicy({ allow, refuse, plainName }: WrittenRelease['policy']): ReleaseRecord['policy'] {
  return { allow: { ...allow }, refuse: { ...refuse }, ...(plainName !== undefined && { plainName }) };
}
