import { writeFile } from 'node:fs/promises';
import { PipelineError } from '../core/errors.ts';
import { printableLines } from '../core/text.ts';
import { folderRequests } from '../driver-build/sign-folder.ts';
import { readManifest } from '../manifest/read.ts';
import { requestSignatures } from '../pipeline.ts';
import type { SignatureRequests } from '../sign/signature-files.ts';
import { sourceTools } from '../sources/open.ts';
import { openInput } from '../sources/open-input.ts';
import { requireTools } from '../system/tools.ts';
import type { Command, CommandIo } from './command.ts';
import { limitOption, parseLimits, type ReleaseOptions, releaseOptions, requireFolder } from './options.ts';
import { jsonText } from './report/json-text.ts';
import { parseOverrides, sourceDateEpoch, withProfile } from './run-context.ts';
import { type ScratchContext, scratchRun } from './scratch-run.ts';
import { type SigningOptions, signingOf, signingOptions } from './signing-options.ts';

interface SignRequestsOptions extends SigningOptions, ReleaseOptions {
  readonly input: string;
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
$0 sign-requests <folder> --certificates FILE [--output FILE]

Writes the digests that pvdisc build or pvdisc sign would have signed, as JSON (pvdisc schema
signature-requests). Whoever has the key signs each (RSA, PKCS#1 v1.5, SHA-256) and returns a file
of signatures (pvdisc schema signatures), which --signatures of build and sign puts in. Both runs
need the same drivers, certificates and options; a release names the latter two itself.`,
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
      .option('limit', limitOption)
      .example('$0 sign-requests my-release.yaml --output requests.json', 'For build --signatures')
      .example(
        '$0 sign-requests out --certificates drivers.pem --output requests.json',
        'For sign --signatures',
      ),
  handler: (options) => (isRelease(options.input) ? ofRelease(options, io) : ofFolder(options, io)),
});

function isRelease(input: string): boolean {
  return /\.ya?ml$/i.test(input);
}

async function ofRelease(options: SignRequestsOptions, io: CommandIo): Promise<void> {
  const ofFolders = (['certificates', 'embed', 'name', 'url'] as const).filter(
    (name) => options[name] !== undefined,
  );
  const [useless] = [...ofFolders, ...(options.replace ? ['replace'] : [])];
  if (useless !== undefined)
    throw new PipelineError('usage', {
      place: `--${useless}`,
      message: 'is for a folder; a release says so under "sign"',
      hint: `leave it out, or set it in ${options.input}`,
    });
  const manifest = withProfile(await readManifest(options.input), options.profile);
  const epoch = await sourceDateEpoch(manifest, io.process.env);
  await requireTools(Object.values(manifest.release.sources).flatMap(sourceTools));
  await writeRequests(options, io, parseOverrides(manifest, options.use), (context) =>
    requestSignatures(manifest, { ...context, offline: options.offline, epoch }),
  );
}

async function ofFolder(options: SignRequestsOptions, io: CommandIo): Promise<void> {
  const { input } = options;
  const limits = parseLimits(options.limit);
  await requireFolder(input, 'a driver build is one, a release is a YAML file');
  const signing = await signingOf(options, 'sign-requests');
  await writeRequests(options, io, new Map(), async (context) =>
    folderRequests(await openInput(input, context, limits), signing, context),
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
      io.process.stdout.write(printableLines(`${output}: ${requests.requests.length} digests to sign\n`));
    }
  };
  await scratchRun('sign-requests', io, overrides, work, { showsProgress: output !== undefined });
}
