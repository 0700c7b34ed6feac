import { isAbsolute, normalize } from 'node:path';
import { PipelineError } from '../core/errors.ts';
import { packageFormats } from '../manifest/package-schema.ts';
import { readManifest } from '../manifest/read.ts';
import { requireChangelog } from '../package/metadata/metadata.ts';
import { type PlannedRelease, planJobs } from '../reproduce/plan.ts';
import { profiles } from '../reproduce/plan-schema.ts';
import { openStore, type ResultStore } from '../reproduce/store.ts';
import { requireSigner } from '../sign/sign.ts';
import type { Command, CommandIo } from './command.ts';
import { type JobFormat, jobFormats, writeJobs } from './report/jobs.ts';
import { parseList, sourceDateEpoch, withFormats } from './run-context.ts';
import { givenSigner, type SignerOptions, signerOf, signerOptions } from './signing-options.ts';

interface PlanCommandOptions extends SignerOptions {
  readonly releases: readonly string[];
  readonly format: JobFormat;
  readonly profiles: string | undefined;
  readonly formats: string | undefined;
  readonly out: string | undefined;
  readonly store: string | undefined;
  readonly image: string | undefined;
}

export const planCommand: Command<PlanCommandOptions> = (io) => ({
  command: 'plan <releases..>',
  describe: 'Print the independent builds of releases, profiles and formats, with their cache keys',
  builder: (parser) =>
    signerOptions(parser)
      .usage(
        `$0 plan <releases..>

Prints one job for each release, profile and format of packages, for an engine that runs them: make,
a matrix of GitHub, a child pipeline of GitLab, or Jobs of Kubernetes. No job depends on another. The
key of a job is the sha256 of all inputs: release, drivers, licences, metadata, sources, date, and
pvdisc itself. Nothing is fetched or built. With --store, each job looks for its key there first, and
puts its result there: pvdisc build --help. Releases with "sign" need the options that name their key;
the key of a job covers which key that is, and the job's command has the options. In a Job of
Kubernetes, relative paths count from the working folder of the image, which has the releases.`,
      )
      .positional('releases', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'Release files, or names of built-in releases',
      })
      .option('format', {
        choices: jobFormats,
        requiresArg: true,
        default: 'json' as const,
        describe: 'json (pvdisc schema plan), or what the engine reads',
      })
      .option('profiles', {
        type: 'string',
        requiresArg: true,
        describe: `LIST: build these profiles (${profiles.join(', ')}; comma-separated); default: that of each release`,
      })
      .option('formats', {
        type: 'string',
        requiresArg: true,
        describe: `LIST: make packages of these formats (${packageFormats.join(', ')}; comma-separated); default: those of each release`,
      })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe:
          'DIR: each job writes its release into DIR/KEY; default: dist, for kubernetes /out, an empty volume',
      })
      .option('store', {
        type: 'string',
        requiresArg: true,
        describe: 'STORE: where the jobs share their results, as for pvdisc build',
      })
      .option('image', {
        type: 'string',
        requiresArg: true,
        describe: 'IMAGE: container image with pvdisc and the releases, for gitlab and kubernetes',
      })
      .example('$0 plan releases/*.yaml --format make > jobs.mk && make -j4 -f jobs.mk', '')
      .example('$0 plan releases/*.yaml --format github >> "$GITHUB_OUTPUT"', ''),
  handler: (options) => runPlan(options, io),
});

async function runPlan(options: PlanCommandOptions, io: CommandIo): Promise<void> {
  const { format, image, store, formats } = options;
  const out = options.out ?? (format === 'kubernetes' ? '/out' : 'dist');
  const wanted =
    options.profiles === undefined ? undefined : parseList('--profiles', options.profiles, profiles);
  if (image === undefined && (format === 'gitlab' || format === 'kubernetes'))
    throw usage(`--format ${format}`, 'needs the image that runs the jobs', 'give it: --image IMAGE');
  const opened = store === undefined ? undefined : await openStore(store);
  if (format === 'kubernetes') {
    requireLasting(opened, `--store ${store}`);
    requireMountable(out, options.releases);
  }
  const driverSigner = await signerOf(options, io.signerPassphrase, 'plan');
  const releases: PlannedRelease[] = [];
  for (const file of options.releases) {
    io.signal.throwIfAborted();
    const manifest = withFormats(await readManifest(file), formats);
    const epoch = await sourceDateEpoch(manifest, io.process.env);
    await requireChangelog(manifest);
    const isSigned = manifest.release.sign !== undefined;
    if (isSigned) requireSigner(manifest, driverSigner);
    const signer = isSigned && driverSigner ? { signer: driverSigner.signer.identity } : {};
    const choices = { overrides: new Map(), compression: 'zstd', epoch, ...signer };
    releases.push({ file, manifest, choices });
  }
  const settings = { out, store, profiles: wanted, signerOptions: givenSigner(options) };
  const jobs = await planJobs(releases, settings);
  io.process.stdout.write(writeJobs[format](jobs, { image: image ?? '', out }));
}

/** What a Job writes into folders is gone with its pod. */
function requireLasting(store: ResultStore | undefined, place: string): void {
  if (store === undefined)
    throw usage('--format kubernetes', 'needs a store, since a pod keeps nothing', 'give it: --store STORE');
  if (store.isFolder)
    throw usage(
      place,
      'is a folder, which a pod does not keep',
      'give docker://REGISTRY/REPOSITORY or rclone:REMOTE:PATH',
    );
}

/** A volume hides what the image has in its folder. */
function requireMountable(out: string, releases: readonly string[]): void {
  const folder = normalize(`${out}/`);
  if (!isAbsolute(out) || folder === '/')
    throw usage(
      `--out ${out}`,
      'is where a pod mounts an empty volume',
      'give an absolute path, such as /out',
    );
  const hidden = releases.find((release) => isAbsolute(release) && normalize(release).startsWith(folder));
  if (hidden !== undefined)
    throw usage(
      `--out ${out}`,
      `the empty volume of a pod would hide ${hidden}`,
      'give another folder, such as /out',
    );
}

function usage(place: string, message: string, hint: string): PipelineError {
  return new PipelineError('usage', { place, message, hint });
}
