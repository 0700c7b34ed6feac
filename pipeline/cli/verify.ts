import { exitCodes, formatProblem, PipelineError, type Problem } from '../core/errors.ts';
import type { Verification } from '../verify/verification-schema.ts';
import type { Command, CommandIo } from './command.ts';
import { formatOption, limitOption, parseLimits, publicAttestationKey } from './options.ts';
import { type VerificationFormat, verificationJson, verificationText } from './report/verification.ts';
import { type ScratchContext, scratchRun } from './scratch-run.ts';

interface VerifyCommandOptions {
  readonly inputs: readonly string[];
  readonly key: string | undefined;
  readonly 'attest-key': string | undefined;
  readonly format: VerificationFormat;
  readonly limit: string[];
}

/** `pvdisc verify`: is a release, a disc, a package or an installed disc as it was made? */
export const verifyCommand: Command<VerifyCommandOptions> = (io) => ({
  command: 'verify <inputs..>',
  describe: 'Tell whether releases, discs, packages or installed discs are as they were made',
  builder: (parser) =>
    parser
      .usage(
        `$0 verify <inputs..>

A release's folder: the signatures of SHA256SUMS and of the provenance, the sums, release.json,
the bill of materials, the provenance, and every file on each disc and in each package by the
record. Nothing may be missing, changed or added.
An ISO alone: the ledger of upstream discs, where its bytes lie, what its data/info.json says.
A .deb alone: how it is built, its md5sums, and its disc by the .disc record. Its control file and
scripts are judged in a release's folder only.
A host, /usr/share/virtio-win: each installed disc by the .disc record, where virtio-win.iso and
drivers lead, and all files there by the sums of dpkg.

It says what was checked and what could not be. Several inputs are judged one after the other, also
after a bad one; the options count for all. Exit code 1 when anything is bad. In JSON, several
inputs are an object with the results in a list (pvdisc schema verifications).`,
      )
      .positional('inputs', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: "Each a release's folder, an ISO, a .deb, or /usr/share/virtio-win",
      })
      .option('key', {
        type: 'string',
        requiresArg: true,
        describe:
          "FILE: the OpenPGP public key of the release's maker; without it the signature is not judged",
      })
      .option('attest-key', {
        type: 'string',
        requiresArg: true,
        describe:
          'FILE: the public key (PEM) of who signed the provenance; without it <name>-<version>.sigstore.json is not judged',
      })
      .option('format', formatOption('verification'))
      .option('limit', limitOption)
      .example('$0 verify dist/my-disc-1.0 --key maker.asc', 'A release and its signature')
      .example('$0 verify dist/*/ --key maker.asc', 'All releases that were built')
      .example('$0 verify virtio-win.iso', "Any disc of drivers, also upstream's")
      .example('$0 verify /usr/share/virtio-win', 'What is installed on this host'),
  handler: (options) => runVerify(options, io),
});

async function runVerify(options: VerifyCommandOptions, io: CommandIo): Promise<void> {
  const { inputs, key, format, limit } = options;
  const attestKey = await publicAttestationKey(options);
  const limits = parseLimits(limit);
  const { verifyInput } = await import('../verify/verify.ts');
  const results: Verification[] = [];
  const problems: Problem[] = [];
  for (const input of inputs) {
    const work = async (context: ScratchContext): Promise<void> => {
      const result = await verifyInput(input, { key, attestKey, limits }, context);
      context.reporter.close();
      results.push(result);
      if (format === 'text') io.process.stdout.write(verificationText(result));
    };
    try {
      await scratchRun('verify', io, new Map(), work, { showsProgress: format === 'text', input });
    } catch (error) {
      // An input that cannot be read keeps no other from being judged.
      if (!(error instanceof PipelineError) || error.kind !== 'input') throw error;
      problems.push(...error.problems);
    }
  }
  const good = problems.length === 0 && results.every((result) => result.good);
  const [only] = results;
  if (format === 'json' && inputs.length > 1) {
    io.process.stdout.write(verificationJson({ schemaVersion: 1, good, results, errors: problems }));
    for (const problem of problems) io.process.stderr.write(`${formatProblem(problem)}\n`);
  } else {
    if (format === 'json' && only !== undefined) io.process.stdout.write(verificationJson(only));
    if (problems.length > 0) throw new PipelineError('input', problems);
  }
  if (!good) io.exitWith(exitCodes.input);
}
