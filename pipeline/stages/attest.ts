import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checksumsText } from '../attest/checksums.ts';
import { type ReleaseRecord, recordSchema } from '../attest/record.ts';
import type { BuildContext } from '../context.ts';
import { defineStage, type PackagerOptions } from '../define.ts';
import { hashFile } from '../host/files.ts';
import { ownVersion } from '../host/own.ts';
import { toolVersion } from '../host/tools.ts';
import type { Manifest } from '../manifest/read.ts';
import type { Release as WrittenRelease } from '../manifest/release-schema.ts';
import { releaseTools } from '../manifest/release-tools.ts';
import type { Discs, IsoImage, PackageArtifact, Release, ValidatedTree } from '../types.ts';

/** Everything that a build made. */
export interface AttestInput {
  readonly manifest: Manifest;
  readonly tree: ValidatedTree;
  readonly discs: Discs;
  readonly artifacts: readonly PackageArtifact[];
  readonly options: PackagerOptions;
}

/** Writes the record of the build (`release.json`) and the checksums of all its files (`SHA256SUMS`). */
export const attest = defineStage({
  name: 'attest',
  run: async (input: AttestInput, context: BuildContext): Promise<Release> => {
    const record = recordSchema.parse(await releaseRecord(input, context));
    await writeFile(join(context.outputDir, 'release.json'), `${JSON.stringify(record, null, 2)}\n`);
    const { sha256 } = await hashFile(join(context.outputDir, 'release.json'));
    const discs = [record.iso, ...(record.symbols === undefined ? [] : [record.symbols])];
    const files = [...discs, ...record.artifacts, { name: 'release.json', sha256 }];
    await writeFile(join(context.outputDir, 'SHA256SUMS'), checksumsText(files));
    return { record, files: [...files.map(({ name }) => name), 'SHA256SUMS'] };
  },
});

async function releaseRecord(
  { manifest, tree, discs, artifacts, options }: AttestInput,
  context: BuildContext,
): Promise<ReleaseRecord> {
  const { release } = manifest;
  const used = releaseTools(manifest, options);
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
    sources: tree.sources.map((source) => ({
      ...source,
      pin: { ...source.pin },
      files: { ...source.files },
    })),
    drivers: tree.drivers.map(({ verdict, ...facts }) => ({
      ...facts,
      verdict: { ...verdict, uncovered: [...verdict.uncovered] },
    })),
    repairs: [...tree.repairs],
    findings: [...tree.findings],
    tools: [{ name: 'pvdisc', version: await ownVersion() }, ...tools],
    iso: recordedDisc(discs.iso),
    ...(discs.symbols !== undefined && { symbols: recordedDisc(discs.symbols) }),
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

function recordedDisc({ name, label, content, files }: IsoImage): ReleaseRecord['iso'] {
  return { name, label, sha256: content.sha256, size: content.size, files: [...files] };
}

function recordedPolicy({ allow, refuse, plainName }: WrittenRelease['policy']): ReleaseRecord['policy'] {
  return { allow: { ...allow }, refuse: { ...refuse }, ...(plainName !== undefined && { plainName }) };
}
