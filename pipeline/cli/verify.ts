import { exitCodes } from '../errors.ts';
import { type VerificationFormat, verificationReports } from '../report/verification.ts';
import { publicAttestationKey } from './attest-options.ts';
import type { Command, CommandIo } from './command.ts';
import { formatOption } from './format-option.ts';
import { limitOption, parseLimits } from './limit-option.ts';
import { type ScratchContext, scratchRun } from './scratch-run.ts';

interface VerifyCommandOptions {
  readonly input: string;
  readonly key: string | undefined;
  readonly 'attest-key': string | undefined;
  readonly format: VerificationFormat;
  readonly limit: string[];
}

/** `pvdisc verify`: is a release, a disc, a package or an installed disc as it was made? */
export const verify: Command<VerifyCommandOptions> = (io) => ({
  command: 'verify <input>',
  describe: 'Tell whether a release, a disc, a package or an installed disc is as it was made',
  builder: (parser) =>
    parser
      .usage(
        `$0 verify <input>

A release's folder: the signatures of SHA256SUMS and of the provenance, the sums, release.json,
the bill of materials, the provenance, and every file on each disc and in each package by the
record. Nothing may be missing, changed or added.
An ISO alone: the ledger of upstream discs, where its bytes lie, what its data/info.json says.
A .deb alone: how it is built, its md5sums, and its disc by the .disc record. Its control file and
scripts are judged in a release's folder only.
A host, /usr/share/virtio-win: each installed disc by the .disc record, where virtio-win.iso and
drivers lead, and all files there by the sums of dpkg.

It says what was checked and what could not be. Exit code 1 when anything is bad.`,
      )
      .positional('input', {
        type: 'string',
        demandOption: true,
        describe: "A release's folder, an ISO, a .deb, or /usr/share/virtio-win",
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
      .example('$0 verify dist/pvdisc-sample-0.1.0 --key maker.asc', 'A release and its signature')
      .example('$0 verify virtio-win.iso', "Any disc of drivers, also upstream's")
      .example('$0 verify /usr/share/virtio-win', 'What is installed on this host'),
  handler: (options) => runVerify(options, io),
});

async function runVerify(options: VerifyCommandOptions, io: CommandIo): Promise<void> {
  const { input, key, format, limit } = options;
  const attestKey = await publicAttestationKey(options);
  const limits = parseLimits(limit);
  const { verifyInput } = await import('../verify/verify.ts');
  const work = async (context: ScratchContext): Promise<void> => {
    const result = await verifyInput(input, { key, attestKey, limits }, context);
    context.reporter.close();
    io.process.stdout.write(verificationReports[format](result));
    if (!result.good) io.exitWith(exitCodes.input);
  };
  await scratchRun('verify', io, new Map(), work, { showsProgress: format === 'text' });
}
