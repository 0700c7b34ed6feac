import { join, relative, resolve } from 'node:path';
import { pageName } from '../attest/document-names.ts';
import { openSigner } from '../attest/sign.ts';
import type { BuildContext } from '../core/context.ts';
import { pageColumns, printable, shellWord } from '../core/text.ts';
import { type PackageFormat, packageFormats } from '../manifest/package-schema.ts';
import { readManifest } from '../manifest/read.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';
import { summariseLoads } from '../model/load-summary.ts';
import { type ReleaseRecord, recordedDiscs } from '../model/record.ts';
import type { BuiltRelease, PackagerOptions } from '../model/release.ts';
import { packagersOf } from '../package/index.ts';
import { buildRelease } from '../pipeline.ts';
import { releaseTools } from '../release-tools.ts';
import { requireSigner } from '../sign/sign.ts';
import { sourceTools } from '../sources/open.ts';
import { noSandboxNote } from '../system/sandbox.ts';
import { openStaging } from '../system/staging.ts';
import { requireTools, tools } from '../system/tools.ts';
import { checkReproducible } from './check-reproducible.ts';
import type { Command, CommandIo } from './command.ts';
import {
  type AttestOptions,
  attestationKey,
  attestOptions,
  type ReleaseOptions,
  releaseDescription,
  releaseOptions,
  type SignOptions,
  signingKey,
  signOptions,
} from './options.ts';
import { driverMatrix } from './report/driver-matrix.ts';
import { findingsByRule } from './report/findings/by-rule.ts';
import { jsonText } from './report/json-text.ts';
import { loadLines } from './report/loads.ts';
import { openReporter } from './reporter.ts';
import { cacheDir, parseOverrides, sourceDateEpoch, withFormats, withProfile } from './run-context.ts';
import { type SignerOptions, signerOf, signerOptions } from './signing-options.ts';
import { type Look, lookOf } from './terminal-kind.ts';

interface BuildOptions extends ReleaseOptions, SignOptions, SignerOptions, AttestOptions, PackagerOptions {
  readonly release: string;
  readonly out: string;
  readonly formats: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly 'check-reproducible': boolean;
}

export const buildCommand: Command<BuildOptions> = (io) => ({
  command: 'build <release>',
  describe: 'Build a release: discs, packages, checksums and a record',
  builder: (parser) =>
    attestOptions(signOptions(signerOptions(releaseOptions(parser))))
      .usage(
        `$0 build <release>

Collects the drivers of a release, checks them, writes them to an ISO, packages that as .deb or .rpm
files and records the build. The release appears in OUT/<name>-<version>/ only when all of it is
complete. A release with "sign" also gets catalogs and signatures by your own key, which
--signer-key or --signer-command names; with --signatures and the signatures.json of an earlier
build, it is built again without the key: docs/signing.md.`,
      )
      .positional('release', { type: 'string', demandOption: true, describe: releaseDescription })
      .option('out', {
        type: 'string',
        requiresArg: true,
        default: 'dist',
        describe: 'DIR: write the release into this folder',
      })
      .option('formats', {
        type: 'string',
        requiresArg: true,
        describe: `LIST: make packages of these formats (${packageFormats.join(', ')}; with commas); default: those of the release`,
      })
      .option('compression', {
        choices: ['zstd', 'xz'] as const,
        requiresArg: true,
        default: 'zstd' as const,
        describe: 'Compression of the packages; dpkg before 1.21.18 needs xz',
      })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print only the record, as one JSON document, on standard output',
      })
      .option('check-reproducible', {
        type: 'boolean',
        default: false,
        describe:
          'Build twice in a temporary folder (TMPDIR) with different paths, umask, time zone, locale and file order; show the first difference and keep neither build',
      })
      .option('quiet', { type: 'boolean', default: false, describe: 'Print errors only' })
      .example('$0 build drivers-manifest/releases/sample.yaml', 'The embedded sample')
      .example('$0 build my-release.yaml --profile slim', 'Without debug symbols')
      .example('$0 build my-release.yaml --sign me@example.org', 'Signed checksums')
      .example('$0 build my-release.yaml --signer-key own.key', 'Drivers signed with your own key')
      .example('$0 build my-release.yaml --use drivers=../out', 'Your own driver build, without a network'),
  handler: (options) =>
    options['check-reproducible'] ? checkReproducible(options, io) : runBuild(options, io),
});

async function runBuild(options: BuildOptions, io: CommandIo): Promise<void> {
  const written = await readManifest(options.release);
  const manifest = withFormats(withProfile(written, options.profile), options.formats);
  const overrides = parseOverrides(manifest, options.use);
  const epoch = await sourceDateEpoch(manifest, io.process.env);
  for (const packager of packagersOf(manifest)) await packager.prepare(manifest);
  const key = await signingKey(options, io.process.env);
  const attestKey = await attestationKey(options, io.process.env);
  const driverSigner = await signerOf(options, io.process.env, 'build');
  requireSigner(manifest, driverSigner);
  await requireTools([...releaseTools(manifest, options), ...(key === undefined ? [] : [tools.gpg])]);
  const sandboxNote = await noSandboxNote(Object.values(manifest.release.sources).flatMap(sourceTools));

  const gpgContext = { gnupgHome: io.process.env.GNUPGHOME, signal: io.signal };
  const signer = key && (await openSigner(key, gpgContext));
  const out = resolve(options.out);
  const name = `${manifest.release.name}-${manifest.release.version}`;
  const reporter = openReporter(options, io.process);
  if (sandboxNote !== undefined) reporter.note(sandboxNote);
  try {
    const staging = await openStaging(out, name, {
      onWait: () => reporter.note(`waiting for another build that writes ${join(out, name)}`),
      signal: io.signal,
    });
    const signal = AbortSignal.any([io.signal, staging.lost]);
    try {
      const { workDir, outputDir } = staging;
      const cache = cacheDir(io.process.env);
      const context: BuildContext = {
        workDir,
        outputDir,
        cacheDir: cache,
        epoch,
        signal,
        reporter,
        overrides,
        offline: options.offline,
        ...(signer !== undefined && { sign: signer.sign }),
        ...(attestKey !== undefined && { attestKey }),
      };
      const choices = { compression: options.compression, ...(driverSigner && { signer: driverSigner }) };
      const release = await buildRelease(manifest, choices, context);
      signal.throwIfAborted();
      await staging.publish();
      reporter.close();
      const folder = join(out, name);
      const { targets } = manifest;
      const look = lookOf(io.process.stdout, io.process.env);
      if (options.json) io.process.stdout.write(resultJson(folder, release, targets));
      else if (!options.quiet) io.process.stdout.write(resultText(folder, release, { targets, ...look }));
    } catch (error) {
      staging.lost.throwIfAborted();
      throw error;
    } finally {
      await staging.close();
    }
  } catch (error) {
    throw withPlace(error, out);
  } finally {
    reporter.close();
    await signer?.close();
  }
}

/** Adds the output folder to a failed write, whose error names no path; a build writes nowhere else. */
function withPlace(error: unknown, out: string): unknown {
  const isNameless = error instanceof Error && 'syscall' in error && !('path' in error);
  return isNameless ? Object.assign(error, { path: out }) : error;
}

export function resultJson(
  folder: string,
  { record, files }: BuiltRelease,
  targets: readonly TargetRow[],
): string {
  return jsonText({ folder, files, loads: summariseLoads(record.drivers, targets), record });
}

interface ResultOptions extends Look {
  readonly targets: readonly TargetRow[];
}

/** Returns the summary of a build: its findings by rule, where the files are and where the drivers load, and the commands to run next. */
export function resultText(
  folder: string,
  { record, files: written }: BuiltRelease,
  { targets, ...look }: ResultOptions,
): string {
  const discs = recordedDiscs(record);
  const made = [
    ...discs.map(({ name }) => ({ format: 'ISO', name })),
    ...record.artifacts,
    ...(written.includes(pageName) ? [{ format: 'page', name: pageName }] : []),
  ];
  const loading = loadLines(summariseLoads(record.drivers, targets), look);
  const files = [
    `${record.title}: built.`,
    ...made.map(({ format, name }) => `  ${format.padEnd(5)} ${printable(shownPath(join(folder, name)))}`),
    '',
  ];
  const loads = loading.length === 0 ? [] : [...loading, ''];
  const next = [
    ...packageFormats.flatMap((format) => {
      const artifact = record.artifacts.find((made) => made.format === format);
      if (artifact === undefined) return [];
      const path = (file: string) => printable(shellWord(shownPath(join(folder, file))));
      return nextSteps[format](path(artifact.name), path(''));
    }),
  ];
  // The shell's prompt takes a line, and so does the empty one after the progress.
  const room = (look.rows ?? Number.POSITIVE_INFINITY) - 2 - files.length - loads.length - next.length;
  const warns = warningsOf(record).length > 0;
  const matrix = matrixLines(record, targets, look, warns ? room - fewestFindingLines : room);
  const findings = findingLines(record, targets, look, room - matrix.length);
  return `${['', ...findings, ...files, ...loads, ...matrix, ...next].join('\n')}\n`;
}

/** What to do with the first package of a format, given its path and that of the release's folder. */
const nextSteps: Readonly<Record<PackageFormat, (file: string, folder: string) => string[]>> = {
  deb: (file) => installSteps('apt', file),
  rpm: (file) => installSteps('dnf', file),
  oci: (_, folder) => [
    'Next, for KubeVirt and others that take a disc from a registry:',
    `  pvdisc publish --oci REGISTRY/REPOSITORY ${folder}`,
  ],
};

function installSteps(installer: string, file: string): string[] {
  return [
    'Next, on the host that runs the guests:',
    `  sudo ${installer} install ${file}`,
    '  sudo virtio-win attach GUEST',
  ];
}

/** Returns the matrix where the screen has room for it; report.html has it in any case. */
function matrixLines(
  record: ReleaseRecord,
  targets: readonly TargetRow[],
  look: Look,
  room: number,
): string[] {
  if (record.drivers.length === 0) return [];
  const plain = driverMatrix(record.drivers, targets, { signs: true });
  const width = look.columns ?? pageColumns;
  if (plain.length >= room || plain.some(({ length }) => length > width)) return [];
  return [...driverMatrix(record.drivers, targets, { ...look, signs: true }), ''];
}

/** Three rules are worth their lines on the smallest screen, with the header, the number of the others, and what to do next. */
const fewestFindingLines = 8;

function warningsOf({ findings }: ReleaseRecord): ReleaseRecord['findings'] {
  return findings.filter(({ severity, accepted }) => severity === 'warning' && accepted === undefined);
}

/**
 * Returns what `pvdisc check` shows of the warnings, as far as the screen has room; errors stop a build, and the release gives its
 * reasons for what it accepts.
 */
function findingLines(
  record: ReleaseRecord,
  targets: readonly TargetRow[],
  look: Look,
  room: number,
): string[] {
  const packages = record.drivers.map((driver) => ({ ...driver, files: [] }));
  const findings = warningsOf(record);
  if (findings.length === 0) return [];
  const lines = findingsByRule({ findings, packages, targets }, look);
  const more = [
    '',
    'Each finding: pvdisc check RELEASE RULE; what a rule means: pvdisc check --explain RULE',
    '',
  ];
  const most = Math.max(room, fewestFindingLines) - more.length;
  if (lines.length <= most) return [...lines, ...more];
  return [
    ...lines.slice(0, most - 1),
    `${lines.length - most + 1} more lines: ${pageName} has all findings`,
    ...more,
  ];
}

/** Returns a relative path below the current folder (apt needs the `./`), an absolute one elsewhere. */
function shownPath(path: string): string {
  const inside = relative('', path);
  return inside.startsWith('../') ? path : `./${inside}`;
}
