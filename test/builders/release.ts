import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { collect } from '../../pipeline/collect/collect.ts';
import type { BuildContext } from '../../pipeline/core/context.ts';
import { type Progress, silentReporter } from '../../pipeline/core/reporter.ts';
import type { Manifest } from '../../pipeline/manifest/manifest.ts';
import { readManifest } from '../../pipeline/manifest/read.ts';
import type { CollectedTree } from '../../pipeline/model/driver-tree.ts';
import { type Tree, writeTree } from './tree.ts';

/** Values of a YAML file, by key. */
export type Values = Readonly<Record<string, unknown>>;

/** How a release differs from a good one of the drivers `viostor` and `NetKVM` for a handful of targets. */
export interface ReleaseOptions {
  /** What the `directory` sources hold, by id: each id is a folder in `sources/`. One source `drivers` when `files` is given. */
  readonly sources?: Readonly<Record<string, Tree>>;
  readonly files?: Tree;
  /** Keys of the release that are added or replaced. */
  readonly release?: Values;
  /** Keys added or replaced in a driver, by its name; a name that is no default driver adds one. */
  readonly drivers?: Readonly<Record<string, Values>>;
  readonly targets?: readonly Values[];
  /** Lines of licenses.yaml. */
  readonly fileLicenses?: readonly Values[];
  /** Texts that take the place of files of the manifest, by path such as `drivers/viostor.yaml`. */
  readonly texts?: Readonly<Record<string, string>>;
}

/** A release on disk, in a temporary folder that goes away with the test. */
export interface WrittenRelease {
  readonly folder: string;
  /** The release's YAML file. */
  readonly file: string;
  readonly context: BuildContext;
  /** What the reporter was told. */
  readonly notes: readonly string[];
  readonly progress: readonly Progress[];
}

/** A release on disk with its manifest read. */
export interface TestRelease extends WrittenRelease {
  readonly manifest: Manifest;
}

/** The date of every build of a test: 2026-01-02 03:04:05 UTC. */
export const epoch = Date.UTC(2026, 0, 2, 3, 4, 5) / 1000;

/** Writes a release, reads its manifest and gives all that stages need. */
export async function makeRelease(options: ReleaseOptions = {}): Promise<TestRelease> {
  const written = await writeRelease(options);
  return { ...written, manifest: await readManifest(written.file) };
}

/** Makes a release and collects it. */
export async function collectRelease(
  options: ReleaseOptions,
): Promise<{ release: TestRelease; tree: CollectedTree }> {
  const release = await makeRelease(options);
  return { release, tree: await collect.run(release.manifest, release.context) };
}

/** Writes a release without reading it. */
export async function writeRelease(options: ReleaseOptions = {}): Promise<WrittenRelease> {
  const folder = await temporaryFolder('pvdisc-release-');
  const { sources = { drivers: options.files ?? {} } } = options;
  for (const [id, tree] of Object.entries(sources)) {
    await mkdir(join(folder, 'sources', id), { recursive: true });
    await writeTree(join(folder, 'sources', id), tree);
  }
  await writeTree(folder, { ...manifestTexts(options), ...options.texts });
  for (const name of ['work', 'out', 'cache']) await mkdir(join(folder, name));
  const notes: string[] = [];
  const progress: Progress[] = [];
  const context: BuildContext = {
    workDir: join(folder, 'work'),
    outputDir: join(folder, 'out'),
    cacheDir: join(folder, 'cache'),
    signal: new AbortController().signal,
    reporter: {
      ...silentReporter,
      note: (text) => notes.push(text),
      progress: (step) => progress.push(step),
    },
    overrides: new Map(),
    epoch,
  };
  return { folder, file: join(folder, 'release.yaml'), context, notes, progress };
}

/** Makes a temporary folder that goes away with the test. */
export async function temporaryFolder(prefix: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true })); // rm takes a turn of a thread for each file
  return folder;
}

/** Writes a text into a folder and returns its path. */
export async function writeText(folder: string, name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

function manifestTexts({
  sources,
  drivers = {},
  targets = defaultTargets,
  fileLicenses = [],
  release,
}: ReleaseOptions): Tree {
  const names = [...new Set([...Object.keys(defaultDrivers), ...Object.keys(drivers)])];
  const driverFiles = names.map((name) => [
    `drivers/${name}.yaml`,
    stringify({
      name,
      title: `${name} device`,
      license: 'BSD-3-Clause',
      ...defaultDrivers[name],
      ...drivers[name],
    }),
  ]);
  return {
    ...Object.fromEntries(driverFiles),
    'targets.yaml': stringify({ targets }),
    'licenses.yaml': stringify({ files: fileLicenses }),
    'licenses/BSD-3-Clause.txt': 'Redistribution and use in source and binary forms are permitted.\n',
    'release.yaml': stringify({
      name: 'test-disc',
      version: '1.2.3',
      title: 'Test drivers',
      manifest: '.',
      sources: Object.fromEntries(
        Object.keys(sources ?? { drivers: {} }).map((id) => [
          id,
          { type: 'directory', path: `sources/${id}` },
        ]),
      ),
      package: { name: 'test-disc' },
      ...release,
    }),
  };
}

const defaultDrivers: Readonly<Record<string, Values>> = {
  NetKVM: { inf: ['netkvm.inf'] },
  viostor: { inf: ['viostor.inf'], boot: true },
};

/** Two targets share one build folder, and one has another product than its Windows of that version. */
const defaultTargets: readonly Values[] = [
  target('w7', 'x86', 'Win7/x86', '6.1.7600', 'Windows 7', '7X86'),
  target('w10', 'x86', 'Win10/x86', '10.0.10240', 'Windows 10', '_v100'),
  target('w10', 'amd64', 'Win10/amd64', '10.0.10240', 'Windows 10', '_v100_X64'),
  target(
    '2k22',
    'amd64',
    'Win10/amd64',
    '10.0.20348',
    'Windows Server 2022',
    'Server_v100_X64_21H2',
    'server',
  ),
  target('w11', 'amd64', 'Win11/amd64', '10.0.22000', 'Windows 11', '_v100_X64_21H2'),
  target('w11', 'ARM64', 'Win11/ARM64', '10.0.22000', 'Windows 11', '_v100_ARM64_21H2'),
];

/** Returns a row of `targets.yaml`. */
export function target(
  os: string,
  arch: string,
  folder: string,
  version: string,
  windows: string,
  catalog: string,
  product = 'workstation',
) {
  const decoration = `NT${arch.replace('ARM', 'arm')}.${version.split('.').slice(0, 2).join('.')}`;
  return { os, arch, folder, version, product, decoration, windows, catalog: [catalog] };
}
