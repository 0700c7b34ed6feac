import { exitCodes, formatProblem, PipelineError, type Problem } from '../core/errors.ts';
import type { Verification } from '../verify/verification-schema.ts';
import type { Command, CommandIo } from './command.ts';
import { formatOption, limitOption, parseLimits, publicAttestationKey, requireFile } from './options.ts';
import { type VerificationFormat, verificationJson, verificationText } from './report/verification.ts';
import { type ScratchContext, scratchRun } from './scratch-run.ts';

interface VerifyCommandOptions {
  readonly inputs: readonly string[];
  readonly key: string | undefined;
  readonly 'attest-key': string | undefined;
  readonly format: VerificationFormat;
  readonly limit: string[];
}

export const verifyCommand: Command<VerifyCommandOptions> = (io) => ({
  command: 'verify <inputs..>',
  describe: 'Check that releases, discs, packages or installed discs are unchanged',
  builder: (parser) =>
    parser
      .usage(
        `$0 verify <inputs..>

Folder of a release: checks the signatures, SHA256SUMS, release.json, the bill of materials, the
provenance, and every file on each disc and in each package. No file may be missing, changed or
added. ISO: compares it with the ledger of upstream discs, checks its layout, and compares its
drivers with data/info.json. .deb: checks its structure, its md5sums, and its disc against the
.disc record. .rpm: checks its digests, its files against its header, and its disc in the same way.
The fields and the scripts of a package are checked only in the folder of a release.
Image layout (.oci.tar, or the folder of one): checks all digests, and that each image is one disc
as KubeVirt takes it.
/usr/share/virtio-win: checks each installed disc against its .disc record, the targets of the
links virtio-win.iso and drivers, and all files against the checksums of dpkg.

The report lists each check and what could not be checked. All inputs are checked, even after a
bad one; options apply to all. Exits with 1 if any check fails. With --format json, several inputs
give one object with a list of results (pvdisc schema verifications).`,
      )
      .positional('inputs', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'Folders of releases, ISOs, packages (.deb, .rpm), image layouts, or /usr/share/virtio-win',
      })
      .option('key', {
        type: 'string',
        requiresArg: true,
        describe:
          'FILE: OpenPGP public key of the publisher; without it, signatures of SHA256SUMS are not checked',
      })
      .option('attest-key', {
        type: 'string',
        requiresArg: true,
        describe:
          'FILE: public key (PEM) that signed the provenance; without it, <name>-<version>.sigstore.json is not checked',
      })
      .option('format', formatOption('verification'))
      .option('limit', limitOption)
      .example('$0 verify dist/my-disc-1.0 --key maker.asc', 'A release and its signature')
      .example('$0 verify dist/*/ --key maker.asc', 'All built releases')
      .example('$0 verify virtio-win.iso', "Any driver disc, including upstream's")
      .example('$0 verify /usr/share/virtio-win', 'The discs installed on this host'),
  handler: (options) => runVerify(options, io),
});

async function runVerify(options: VerifyCommandOptions, io: CommandIo): Promise<void> {
  const { inputs, key, format, limit } = options;
  if (key !== undefined) await requireFile('--key', key, 'verify');
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
      // Continue with the other inputs.
      if (!(error instanceof PipelineError) || error.kind !== 'input') throw error;
      problems.push(...error.problems);
    }
  }
  const unused = [key !== undefined && '--key', attestKey !== undefined && '--attest-key'].filter(
    (option) => option !== false,
  );
  if (unused.length > 0 && results.length > 0 && results.every(({ kind }) => kind !== 'release'))
    io.process.stderr.write(
      `pvdisc: ${unused.join(' and ')} checked nothing: only the folder of a release has signatures\n`,
    );
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
