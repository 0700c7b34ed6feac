import { writeFile } from 'node:fs/promises';
import { printableLines } from '../core/text.ts';
import { folderRequests } from '../driver-build/sign-folder.ts';
import { openInput } from '../sources/open-input.ts';
import type { Command, CommandIo } from './command.ts';
import { limitOption, parseLimits, requireFolder } from './options.ts';
import { jsonText } from './report/json-text.ts';
import { type ScratchContext, scratchRun } from './scratch-run.ts';
import { type SigningOptions, signingOf, signingOptions } from './signing-options.ts';

interface SignRequestsOptions extends SigningOptions {
  readonly folder: string;
  readonly output: string | undefined;
  readonly limit: string[];
}

/** `pvdisc sign-requests`: write what a key on another machine has to sign. */
export const signRequestsCommand: Command<SignRequestsOptions> = (io) => ({
  command: 'sign-requests <folder>',
  describe: 'Write what a key on another machine has to sign for the drivers in a folder',
  builder: (parser) =>
    signingOptions(parser)
      .usage(
        `$0 sign-requests <folder> --certificates FILE [--output FILE]

Writes the digests that pvdisc sign would have signed, as JSON (pvdisc schema signature-requests).
Whoever has the key signs each (RSA, PKCS#1 v1.5, SHA-256) and returns a file of signatures
(pvdisc schema signatures), which pvdisc sign --signatures puts in. Both runs need the same
folder, certificates and options.`,
      )
      .positional('folder', {
        type: 'string',
        demandOption: true,
        describe: 'Folder of driver build output, with its subfolders',
      })
      .option('output', {
        type: 'string',
        requiresArg: true,
        describe: 'FILE: write there instead of to standard output',
      })
      .option('limit', limitOption)
      .example('$0 sign-requests out --certificates drivers.pem --output requests.json', ''),
  handler: (options) => runSignRequests(options, io),
});

async function runSignRequests(options: SignRequestsOptions, io: CommandIo): Promise<void> {
  const { folder, output } = options;
  const limits = parseLimits(options.limit);
  await requireFolder(folder, 'a driver build is one');
  const signing = await signingOf(options);
  const work = async (context: ScratchContext): Promise<void> => {
    const requests = await folderRequests(await openInput(folder, context, limits), signing, context);
    context.reporter.close();
    if (output === undefined) io.process.stdout.write(jsonText(requests));
    else {
      await writeFile(output, jsonText(requests));
      io.process.stdout.write(printableLines(`${output}: ${requests.requests.length} digests to sign\n`));
    }
  };
  await scratchRun('sign-requests', io, new Map(), work, { showsProgress: output !== undefined });
}
