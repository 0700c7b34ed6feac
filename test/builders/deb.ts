import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildContext } from '../../pipeline/core/context.ts';
import { type Progress, silentReporter } from '../../pipeline/core/reporter.ts';
import type { Manifest } from '../../pipeline/manifest/manifest.ts';
import type { FurtherPackage } from '../../pipeline/manifest/package-schema.ts';
import { readManifest } from '../../pipeline/manifest/read.ts';
import type { DriverFacts } from '../../pipeline/model/driver-facts.ts';
import type { IsoImage, PackageArtifact } from '../../pipeline/model/release.ts';
import type { ValidatedTree } from '../../pipeline/model/validated-tree.ts';
import { deb } from '../../pipeline/package/deb.ts';
import type { PackagerInput } from '../../pipeline/package/define.ts';
import { hashFile } from '../../pipeline/system/files.ts';
import { type Tree, writeTree } from './tree.ts';

const root = join(import.meta.dirname, '../..');

/** Folder of the project's own metadata. */
export const projectMetadataDir = join(root, 'debian');

/** A release of the project, with fake bytes as disc. */
export interface DebOptions {
  /** Name of a file in `drivers-manifest/releases/`; default `sample`. */
  readonly release?: string;
  /** Replaces the version of the release. */
  readonly version?: string;
  /** Replaces files of the project's metadata folder. */
  readonly metadata?: Tree;
  /** Further packages; default: none. */
  readonly also?: readonly FurtherPackage[];
  readonly iso?: Buffer;
  readonly drivers?: readonly DriverFacts[];
  /** Files and packages of the tree; default: none. */
  readonly tree?: Pick<ValidatedTree, 'files' | 'packages'>;
  readonly compression?: 'zstd' | 'xz';
  readonly context?: Partial<BuildContext>;
}

/** The packager's input, in a folder. */
export interface DebSetting {
  readonly manifest: Manifest;
  readonly input: PackagerInput;
  readonly context: BuildContext;
  readonly progress: readonly Progress[];
}

/** 2026-11-20 12:00:00 UTC, the date of the project's first changelog entries. */
export const debEpoch = Date.UTC(2026, 10, 20, 12) / 1000;

/** Returns a changelog with one entry. */
export function debChangelog(
  name: string,
  version: string,
  date = 'Fri, 20 Nov 2026 12:00:00 +0000',
): string {
  return `${name} (${version}) unstable; urgency=medium\n\n  * Change.\n\n -- A Name <a@example.org>  ${date}\n`;
}

/** Returns small metadata for the package of the sample release. */
export function debMetadata(version: string) {
  return {
    control: `Source: pvdisc
Section: misc
Priority: optional
Maintainer: A Name <a@example.org>

Package: pvdisc-sample
Architecture: all
Depends: \${misc:Depends}
Description: sample drivers
 Text.
 .
 \${pvdisc:Signatures}
`,
    copyright: 'Copyright: me\n',
    changelog: debChangelog('pvdisc', '0.1.0-1'),
    'pvdisc-sample.changelog': debChangelog('pvdisc-sample', version),
  };
}

/** Returns the project's own metadata, with another version of one package. */
export async function projectMetadata(name: string, version: string): Promise<Tree> {
  const kept = ['control', 'copyright', 'changelog', `${name}.lintian-overrides`];
  const texts = kept.map(async (file) => [file, await readFile(join(projectMetadataDir, file))] as const);
  return {
    ...Object.fromEntries(await Promise.all(texts)),
    [`${name}.changelog`]: debChangelog(name, version),
  };
}

/** Bytes that compress a little, with a size that is not a multiple of any block. */
export function fakeIso(size = 3 * 1024 * 1024 + 513): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at++) bytes[at] = (at * (at >> 7)) >> 3;
  return bytes;
}

/** An unsigned driver for a target. */
export function unsignedDriver(os = 'w11', arch: 'x86' | 'amd64' | 'ARM64' = 'amd64'): DriverFacts {
  return {
    driver: 'sampleblk',
    target: { os, arch },
    inf: `sampleblk/${os}/${arch}/sampleblk.inf`,
    hardwareIds: [],
    compatibleIds: [],
    services: [],
    signature: 'unsigned',
    verdict: { integrity: 'none', uncovered: [], trust: 'unsigned' },
  };
}

/** Writes the packager's input to a folder, which the test removes. */
export async function makeDebSetting(folder: string, options: DebOptions = {}): Promise<DebSetting> {
  const own = await readManifest(join(root, `drivers-manifest/releases/${options.release ?? 'sample'}.yaml`));
  const release = {
    ...own.release,
    version: options.version ?? own.release.version,
    package: { ...own.release.package, also: [...(options.also ?? [])] },
  };
  const metadataDir = options.metadata === undefined ? own.metadataDir : join(folder, 'debian');
  if (options.metadata !== undefined) await writeTree(metadataDir, options.metadata);
  const manifest = { ...own, release, metadataDir };
  const iso = await writeDisc(folder, `${release.name}-${release.version}`, options.iso);
  const output = join(folder, 'output');
  await mkdir(output, { recursive: true });
  const progress: Progress[] = [];
  return {
    manifest,
    input: {
      manifest,
      tree: fakeTree(options),
      discs: {
        iso,
        ...(options.also?.includes('symbols') && {
          symbols: await writeDisc(folder, `${release.name}-symbols-${release.version}`, options.iso),
        }),
      },
      folder: output,
      options: { compression: options.compression ?? 'zstd' },
    },
    context: {
      workDir: folder,
      outputDir: output,
      cacheDir: join(folder, 'cache'),
      epoch: debEpoch,
      signal: new AbortController().signal,
      reporter: { ...silentReporter, progress: (step) => progress.push(step) },
      overrides: new Map(),
      ...options.context,
    },
    progress,
  };
}

/** Packs a release with fake discs in a folder, which the test removes; returns all packages. */
export async function buildDebs(folder: string, options: DebOptions = {}): Promise<PackageArtifact[]> {
  const { input, context } = await makeDebSetting(folder, options);
  return deb.pack(input, context);
}

/** Packs a release with a fake disc in a folder, which the test removes; returns the package of the disc. */
export async function buildDeb(folder: string, options: DebOptions = {}): Promise<PackageArtifact> {
  const [disc] = await buildDebs(folder, options);
  if (disc === undefined) throw new Error('no package was made');
  return disc;
}

async function writeDisc(folder: string, name: string, bytes = fakeIso()): Promise<IsoImage> {
  const file = join(folder, `${name}.iso`);
  await writeFile(file, bytes);
  const readme = 'Sample disc\r\n===========\r\n';
  return { content: await hashFile(file), name: `${name}.iso`, label: name, readme, files: [] };
}

function fakeTree({ drivers = [unsignedDriver()], tree }: DebOptions): ValidatedTree {
  const rest = { symbols: [], missingExtras: [], sources: [], repairs: [], findings: [] };
  return { files: [], packages: [], ...tree, ...rest, drivers } as unknown as ValidatedTree;
}
