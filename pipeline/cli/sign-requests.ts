import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PipelineError } from '../core/errors.ts';
import { plural, printableLines } from '../core/text.ts';
import { folderRequests } from '../driver-build/sign-folder.ts';
import type { SubmissionContext } from '../driver-build/submission/cabinet.ts';
import { submissionRequests } from '../driver-build/submission/submission.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { readManifest } from '../manifest/read.ts';
import { collectForSubmission, requestSignatures } from '../pipeline.ts';
import type { SignatureRequests } from '../sign/signature-files.ts';
import { sourceTools } from '../sources/open.ts';
import { openInput } from '../sources/open-input.ts';
import { gcab, requireTools, type Tool } from '../system/tools.ts';
import type { Command, CommandIo } from './command.ts';
import { limitOption, parseLimits, type ReleaseOptions, releaseOptions, requireFolder } from './options.ts';
import { jsonText } from './report/json-text.ts';
import { parseOverrides, sourceDateEpoch, withProfile } from './run-context.ts';
import { type ScratchContext, scratchRun } from './scratch-run.ts';
import { type SigningOptions, signingOf, signingOptions } from './signing-options.ts';

interface SignRequestsOptions extends SigningOptions, ReleaseOptions {
  readonly input: string;
  readonly submission: boolean;
  readonly output: string | undefined;
  readonly limit: string[];
}

/** `pvdisc sign-requests`: write what a key on another machine has to sign. */
export const signRequestsCommand: Command<SignRequestsOptions> = (io) => ({
  command: 'sign-requests <input>',
  describe: 'Write what a key on another machine has to sign for a release or the drivers in a folder',
  builder: (parser) =>
    releaseOptions(signingOptions(parser))
      .usage(
        `$0 sign-requests <release> [--output FILE]
$0 sign-requests <release> --submission --certificates FILE [--output FILE]
$0 sign-requests <folder> --certificates FILE [--output FILE]

Writes the digests that pvdisc build, pvdisc submission or pvdisc sign would have signed, as JSON
(pvdisc schema signature-requests). Whoever has the key signs each (RSA, PKCS#1 v1.5, SHA-256) and
returns a file of signatures (pvdisc schema signatures), which --signatures of these commands puts
in. Both runs need the same drivers, certificates and options; a release names the latter two
itself, but not those of its cabinets.`,
      )
      .positional('input', {
        type: 'string',
        demandOption: true,
        describe: 'Release file (YAML) with "sign", or folder of driver build output, with its subfolders',
      })
      .option('output', {
        type: 'string',
        requiresArg: true,
        describe: 'FILE: write there instead of to standard output',
      })
      .option('submission', {
        type: 'boolean',
        default: false,
        describe: 'Ask for the signatures of the cabinets that pvdisc submission writes of the release',
      })
      .option('limit', limitOption)
      .example('$0 sign-requests my-release.yaml --output requests.json', 'For build --signatures')
      .example(
        '$0 sign-requests out --certificates drivers.pem --output requests.json',
        'For sign --signatures',
      ),
  handler: (options) => {
    if (options.submission) return ofSubmission(options, io);
    return isRelease(options.input) ? ofRelease(options, io) : ofFolder(options, io);
  },
});

function isRelease(input: string): boolean {
  return /\.ya?ml$/i.test(input);
}

async function ofRelease(options: SignRequestsOptions, io: CommandIo): Promise<void> {
  refuseUseless(options, ['certificates', 'embed', 'name', 'url', 'replace'], {
    message: 'is for a folder; a release says so under "sign"',
    hint: `leave it out, or set it in ${options.input}`,
  });
  const manifest = withProfile(await readManifest(options.input), options.profile);
  await requestsOfRelease(manifest, options, io, [], (context) => requestSignatures(manifest, context));
}

async function ofSubmission(options: SignRequestsOptions, io: CommandIo): Promise<void> {
  if (!isRelease(options.input))
    throw new PipelineError('usage', {
      place: '--submission',
      message: `is for a release, and ${options.input} is no YAML file`,
      hint: 'name the release whose cabinets are to be signed',
    });
  refuseUseless(options, ['embed', 'replace'], {
    message: 'is for drivers; cabinets have no signature before',
    hint: 'leave it out',
  });
  const manifest = withProfile(await readManifest(options.input), options.profile ?? 'full');
  const signing = await signingOf(options, 'sign-requests --submission');
  await requestsOfRelease(manifest, options, io, [gcab], async (context) =>
    submissionRequests(manifest, await collectForSubmission(manifest, context), signing, context),
  );
}

function refuseUseless(
  options: SignRequestsOptions,
  names: readonly ('certificates' | 'embed' | 'name' | 'url' | 'replace')[],
  why: { readonly message: string; readonly hint: string },
): void {
  const useless = names.find((name) => options[name] !== undefined && options[name] !== false);
  if (useless !== undefined) throw new PipelineError('usage', { place: `--${useless}`, ...why });
}

async function requestsOfRelease(
  manifest: Manifest,
  options: SignRequestsOptions,
  io: CommandIo,
  tools: readonly Tool[],
  requestsOf: (context: SubmissionContext) => Promise<SignatureRequests>,
): Promise<void> {
  const epoch = await sourceDateEpoch(manifest, io.process.env);
  await requireTools([...tools, ...Object.values(manifest.release.sources).flatMap(sourceTools)]);
  await writeRequests(options, io, parseOverrides(manifest, options.use), (context) =>
    requestsOf({ ...context, offline: options.offline, epoch }),
  );
}

async function ofFolder(options: SignRequestsOptions, io: CommandIo): Promise<void> {
  const { input } = options;
  const limits = parseLimits(options.limit);
  await requireFolder(input, 'a driver build is one, a release is a YAML file');
  const signing = await signingOf(options, 'sign-requests');
  await writeRequests(options, io, new Map(), async (context) =>
    folderRequests(await openInput(input, context, limits), { ...signing, folder: resolve(input) }, context),
  );
}

async function writeRequests(
  { output }: Pick<SignRequestsOptions, 'output'>,
  io: CommandIo,
  overrides: ReadonlyMap<string, string>,
  requestsOf: (context: ScratchContext) => Promise<SignatureRequests>,
): Promise<void> {
  const work = async (context: ScratchContext): Promise<void> => {
    const requests = await requestsOf(context);
    context.reporter.close();
    if (output === undefined) io.process.stdout.write(jsonText(requests));
    else {
      await writeFile(output, jsonText(requests));
      io.process.stdout.write(
        printableLines(`${output}: ${plural(requests.requests.length, 'digest')} to sign\n`),
      );
    }
  };
  await scratchRun('sign-requests', io, overrides, work, { showsProgress: output !== undefined });
}
