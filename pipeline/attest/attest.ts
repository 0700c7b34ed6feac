import type { KeyObject } from 'node:crypto';
import { copyFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import pMap from 'p-map';
import type { BuildContext, RunContext } from '../core/context.ts';
import { maxDriverFileBytes } from '../core/limits.ts';
import { globMatcher } from '../core/paths.ts';
import { defineStage } from '../core/stage.ts';
import { fileDigests } from '../formats/catalog/index.ts';
import { FormatError } from '../formats/format-error.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { Release as WrittenRelease } from '../manifest/release-schema.ts';
import { isOwnFile, ownLicense } from '../model/disc-layout.ts';
import { recordedFacts } from '../model/driver-facts.ts';
import type { DiscFile, DriverTree } from '../model/driver-tree.ts';
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
import { driverSignaturesName } from '../model/signing.ts';
import { targetPath } from '../model/target.ts';
import type { ValidatedTree } from '../model/validated-tree.ts';
import { toolVersion } from '../system/exec.ts';
import { hashFile } from '../system/files.ts';
import { ownVersion } from '../system/own.ts';
import { readStored } from '../system/stored-bytes.ts';
import type { Tool } from '../system/tools.ts';
import { artifactsOf, bundleOf, provenanceSuffix, signatureName, sumsName } from './document-names.ts';
import type { ReleaseDocument } from './documents.ts';
import { recordedInputs } from './inputs.ts';

interface AttestInput {
  readonly manifest: Manifest;
  readonly tree: ValidatedTree;
  readonly discs: Discs;
  readonly artifacts: readonly PackageArtifact[];
  readonly options: PackagerOptions;
  /** Programs that the build may have run. */
  readonly tools: readonly Tool[];
  readonly packageInputs: PackageInputs;
  /** Compares the release with an earlier one. */
  readonly changes?: (record: ReleaseRecord) => NonNullable<ReleaseRecord['changes']>;
  /** Makes the page of the release from its record. */
  readonly page?: (record: ReleaseRecord) => string;
}

/** Writes the record, the bill of materials, the provenance, the checksums of all these and the artifacts, and the requested signatures. */
export const attest = defineStage({
  name: 'attest',
  run: async (input: AttestInput, context: BuildContext): Promise<BuiltRelease> => {
    const { releaseDocuments } = await import('./documents.ts');
    const signatures = input.tree.signing?.signatures;
    if (signatures !== undefined)
      await copyFile(signatures.file, join(context.outputDir, driverSignaturesName));
    const made = recordSchema.parse(await releaseRecord(input, context));
    const { changes } = input;
    const record = changes === undefined ? made : recordSchema.parse({ ...made, changes: changes(made) });
    const documents = releaseDocuments(record, input.page?.(record));
    for (const { name, text } of documents) await writeFile(join(context.outputDir, name), text);
    await context.sign?.(join(context.outputDir, sumsName), join(context.outputDir, signatureName));
    const signature = context.sign === undefined ? [] : [signatureName];
    const bundle =
      context.attestKey === undefined ? [] : await writeBundle(documents, context.attestKey, context);
    const files = [...artifactsOf(record), ...documents].map(({ name }) => name);
    return { record, files: [...files, ...signature, ...bundle] };
  },
});

/** Signs the written provenance and returns the name of the bundle. */
async function writeBundle(
  documents: readonly ReleaseDocument[],
  key: KeyObject,
  { outputDir }: BuildContext,
): Promise<string[]> {
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
  const authenticode = await authenticodeDigests(tree, context);
  const isoFile = fileRecorder(manifest, tree, authenticode);
  const releaseFile = await hashFile(manifest.releaseFile.file);
  const tools = await Promise.all(
    used.map(async (tool) => ({ name: tool.name, version: await toolVersion(tool) })),
  );
  return {
    schemaVersion: 1,
    name: release.name,
    version: release.version,
    title: release.title,
    family: release.family,
    ...recordedKind(manifest),
    targets: recordedTargets(manifest, tree),
    profile: release.profile,
    date: new Date(context.epoch * 1000).toISOString(),
    policy: recordedPolicy(release.policy),
    inputs: await recordedInputs(manifest, discs, packageInputs),
    sources: tree.sources.map((source) => ({
      ...source,
      pin: { ...source.pin },
      files: { ...source.files },
    })),
    drivers: tree.drivers.map(recordedFacts),
    repairs: [...tree.repairs],
    ...recordedSigning(tree, authenticode),
    findings: [...tree.findings],
    tools: [{ name: 'pvdisc', version: await ownVersion() }, ...tools],
    parameters: {
      compression: options.compression,
      release: { name: basename(manifest.releaseFile.file), sha256: releaseFile.sha256 },
    },
    iso: recordedDisc(discs.iso, isoFile),
    ...(discs.symbols !== undefined && { symbols: recordedDisc(discs.symbols, isoFile) }),
    artifacts: artifacts.map(({ format, name, content: { sha256, size }, digest }) => ({
      format,
      name,
      sha256,
      size,
      ...(digest !== undefined && { digest }),
    })),
  };
}

function recordedKind({ upstream }: Manifest): Pick<ReleaseRecord, 'kind' | 'upstream'> {
  if (upstream === undefined) return { kind: 'assembled' };
  const { release, confidence, seen } = upstream;
  return { kind: 'passthrough', upstream: { release, confidence, seen: [...seen] } };
}

function recordedTargets(
  { targets }: Pick<Manifest, 'targets'>,
  { drivers }: Pick<ValidatedTree, 'drivers'>,
): ReleaseRecord['targets'] {
  const present = new Set<string>(drivers.map(({ target }) => targetPath(target)));
  return targets
    .filter((row) => present.has(targetPath(row)))
    .map(({ os, arch, windows, version }) => ({ os, arch, windows, version }));
}

type RecordedFile = ReleaseRecord['iso']['files'][number];

/** Adds the licence of a file and the Authenticode digest of a binary, which only the record holds. */
function fileRecorder(
  manifest: Manifest,
  tree: ValidatedTree,
  digests: ReadonlyMap<string, string>,
): (file: ImageFile) => RecordedFile {
  const licenseOf = licenseFinder(manifest, tree);
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

function recordedSigning(
  { signing }: Pick<DriverTree, 'signing'>,
  digests: ReadonlyMap<string, string>,
): Pick<ReleaseRecord, 'signing'> {
  if (signing?.signatures === undefined) return {};
  const { certificate, files, signatures } = signing;
  const { pem: _, ...recorded } = certificate;
  return {
    signing: {
      certificate: { ...recorded, chain: [...recorded.chain] },
      signatures: { name: driverSignaturesName, sha256: signatures.sha256, size: signatures.size },
      files: files.map((file) => {
        const authenticode = digests.get(file.to);
        return { ...file, ...(authenticode !== undefined && { authenticode }) };
      }),
    },
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

/**
 * Returns the Authenticode digests (sha256) of all intact PE files of a tree, by the sha256 of the file. They do not cover the
 * signature, so binaries can be compared after they are signed again.
 */
async function authenticodeDigests(
  { files }: Pick<DriverTree, 'files'>,
  { signal }: Pick<RunContext, 'signal'>,
): Promise<ReadonlyMap<string, string>> {
  const binaries = files.filter(
    ({ path, content }) => /\.(sys|dll|exe|efi)$/i.test(path) && content.size <= maxDriverFileBytes,
  );
  const unique = new Map(binaries.map(({ content }) => [content.sha256, content]));
  const digests = await pMap(
    unique,
    async ([sha256, content]): Promise<[string, string][]> => {
      const digest = authenticodeOf(await readStored(content));
      return digest === undefined ? [] : [[sha256, digest]];
    },
    { concurrency: 2, signal },
  );
  return new Map(digests.flat());
}

function authenticodeOf(bytes: Uint8Array): string | undefined {
  try {
    const digests = fileDigests(bytes);
    return digests.kind === 'pe' ? digests.sha256 : undefined;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/**
 * Returns a function that looks up the licence of a file (SPDX id or LicenseRef), which defaults to the licence of its driver.
 * Licence texts, and files that a release ships without naming a licence, have none.
 */
function licenseFinder(
  manifest: Pick<Manifest, 'drivers' | 'fileLicenses' | 'release'>,
  tree: Pick<DriverTree, 'files' | 'symbols'>,
): (file: ImageFile) => string | undefined {
  const ofDriver = new Map(manifest.drivers.map(({ name, license }) => [name, license]));
  const ofFiles = manifest.fileLicenses.map(({ file, license }) => ({ isOne: globMatcher(file), license }));
  const treeFiles = [...tree.files, ...tree.symbols];
  const byPath = new Map(treeFiles.map((file) => [file.path, file]));
  const byOrigin = new Map(treeFiles.map((file) => [originKey(file), file]));
  const licenseOf = ({ path, role }: DiscFile): string | undefined => {
    if (role === 'companion') return companionLicense(manifest, path);
    return ofFiles.find(({ isOne }) => isOne(path))?.license ?? ofDriver.get(path.split('/')[0] ?? '');
  };
  return (written) => {
    const { path } = written;
    if (isOwnFile(path)) return ownLicense;
    const file = byPath.get(path) ?? byOrigin.get(originKey(written));
    return file === undefined ? undefined : licenseOf(file);
  };
}

function companionLicense({ release }: Pick<Manifest, 'release'>, path: string): string | undefined {
  return release.files.find(({ to }) => path === to || path.startsWith(`${to}/`))?.license;
}

/** A copy in another folder of the disc has the origin of the file, or its bytes where the build made it. */
function originKey(file: ImageFile | DiscFile): string {
  const { origin } = file;
  if (origin !== undefined) return `${origin.source}\0${origin.path}`;
  return 'sha256' in file ? file.sha256 : file.content.sha256;
}
