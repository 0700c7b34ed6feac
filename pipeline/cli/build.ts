import { join, resolve } from 'node:path';
import { openSigner } from '../attest/sign.ts';
import type { BuildContext } from '../core/context.ts';
import { isSystemError, PipelineError } from '../core/errors.ts';
import type { Side } from '../diff/side.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { packageFormats } from '../manifest/package-schema.ts';
import { readManifest } from '../manifest/read.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';
import type { ReleaseRecord } from '../model/record.ts';
import type { PackagerOptions } from '../model/release.ts';
import { packagersOf } from '../package/index.ts';
import type { PageChanges } from '../page/changes.ts';
import { buildRelease } from '../pipeline.ts';
import { releaseTools } from '../release-tools.ts';
import { InputDigests, jobKey } from '../reproduce/job-key.ts';
import { openStore } from '../reproduce/store.ts';
import { storedOrBuilt } from '../reproduce/stored-release.ts';
import { requireSigner } from '../sign/sign.ts';
import { sourceTools } from '../sources/open.ts';
import { noSandboxNote } from '../system/sandbox.ts';
import { openStaging } from '../system/staging.ts';
import { requireTools, tools } from '../system/tools.ts';
import { checkReproducible } from './check-reproducible.ts';
import type { Command, CommandIo } from './command.ts';
import { readInput } from './compared-inputs.ts';
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
import { changesSince, lastRelease } from './previous.ts';
import { resultJson, resultText } from './report/build-result.ts';
import { pageChanges } from './report/diff/page-changes.ts';
import { openReporter } from './reporter.ts';
import { cacheDir, parseOverrides, sourceDateEpoch, withFormats, withProfile } from './run-context.ts';
import { type SignerOptions, signerOf, signerOptions } from './signing-options.ts';
import { lookOf } from './terminal-kind.ts';

interface BuildOptions extends ReleaseOptions, SignOptions, SignerOptions, AttestOptions, PackagerOptions {
  readonly release: string;
  readonly out: string;
  readonly formats: string | undefined;
  readonly previous: string | undefined;
  readonly store: string | undefined;
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
        describe: `LIST: make packages of these formats (${packageFormats.join(', ')}; comma-separated); default: those of the release`,
      })
      .option('previous', {
        type: 'string',
        requiresArg: true,
        describe:
          'INPUT: record, and show on the page, what changed since an earlier release, which is anything that pvdisc diff takes; without it, only the summary compares, with the last release of this name in OUT',
      })
      .option('compression', {
        choices: ['zstd', 'xz'] as const,
        requiresArg: true,
        default: 'zstd' as const,
        describe: 'Compression of the packages; dpkg before 1.21.18 needs xz',
      })
      .option('store', {
        type: 'string',
        requiresArg: true,
        conflicts: ['previous', 'sign', 'sign-key-file', 'attest-key'],
        describe:
          'STORE: take the release from there if its key (pvdisc plan) is there, otherwise build it and put it there. A folder, docker://REGISTRY/REPOSITORY, or rclone:REMOTE:PATH (S3 and others)',
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
      .example('$0 build my-release.yaml --previous old.iso', 'With what changed since a disc')
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
  const driverSigner = await signerOf(options, io.signerPassphrase, 'build');
  requireSigner(manifest, driverSigner);
  const store = options.store === undefined ? undefined : await openStore(options.store);
  await requireTools([
    ...releaseTools(manifest, options),
    ...(store?.tools ?? []),
    ...(key === undefined ? [] : [tools.gpg]),
  ]);
  const sandboxNote = await noSandboxNote(Object.values(manifest.release.sources).flatMap(sourceTools));

  const gpgContext = { gnupgHome: io.process.env.GNUPGHOME, signal: io.signal };
  const { targets } = manifest;
  const previous = await readPrevious(options, manifest, io);
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
      const last = previous ?? (await lastRelease(out, manifest.release));
      const choices = {
        compression: options.compression,
        ...(driverSigner && { signer: driverSigner }),
        ...(previous && { changes: (record: ReleaseRecord) => recordedChanges(previous, record, targets) }),
      };
      const build = () => buildRelease(manifest, choices, context);
      const signed = driverSigner && { signer: driverSigner.signer.identity };
      const inputs = { overrides, compression: options.compression, epoch, ...signed };
      const { built: release, failure } =
        store === undefined
          ? { built: await build() }
          : await storedOrBuilt(
              store,
              { key: await jobKey(manifest, inputs, new InputDigests()), release: manifest.release },
              context,
              build,
            );
      signal.throwIfAborted();
      await staging.publish();
      reporter.close();
      const folder = join(out, name);
      if (failure !== undefined) throw notStored(failure, `--store ${options.store}`, folder);
      const changes = last && changesSince(last, release.record, targets);
      const look = lookOf(io.process.stdout, io.process.env);
      if (options.json) io.process.stdout.write(resultJson(folder, release, targets));
      else if (!options.quiet)
        io.process.stdout.write(resultText(folder, release, { targets, changes, ...look }));
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

async function readPrevious(
  { previous, json, quiet }: BuildOptions,
  known: Pick<Manifest, 'drivers' | 'targets'>,
  io: CommandIo,
): Promise<Side | undefined> {
  if (previous === undefined) return undefined;
  const reading = { command: 'build', limit: [], showsProgress: !json && !quiet, known };
  return readInput(previous, reading, io);
}

/** An error, although the release is there: a job that leaves its result to the store alone would lose it. */
function notStored(failure: unknown, place: string, folder: string): unknown {
  const isOurs = failure instanceof PipelineError;
  if (!isOurs && !isSystemError(failure)) return failure;
  const message = `the release is complete in ${folder}, but could not be put into the store`;
  const problem = { place, message: isOurs ? message : `${message}: ${failure.message}` };
  const hint = 'make the store writable and run the build again, or take the release from the folder';
  return new PipelineError(
    isOurs ? failure.kind : 'input',
    [{ ...problem, hint }, ...(isOurs ? failure.problems : [])],
    { cause: failure },
  );
}

function recordedChanges(old: Side, record: ReleaseRecord, targets: readonly TargetRow[]): PageChanges {
  const { since, found } = changesSince(old, record, targets);
  return pageChanges(found, since);
}

/** Adds the output folder to a failed write, whose error names no path; a build writes nowhere else. */
function withPlace(error: unknown, out: string): unknown {
  const isNameless = error instanceof Error && 'syscall' in error && !('path' in error);
  return isNameless ? Object.assign(error, { path: out }) : error;
}
