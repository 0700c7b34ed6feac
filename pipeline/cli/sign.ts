import { open, realpath, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PipelineError } from '../core/errors.ts';
import { printableLines } from '../core/text.ts';
import { replaceFiles } from '../driver-build/replace-files.ts';
import { signFolder } from '../driver-build/sign-folder.ts';
import type { SignedDriverFile } from '../sign/plan-signing.ts';
import { readSignatures, type Signatures, withSignatures } from '../sign/signature-files.ts';
import { openInput } from '../sources/open-input.ts';
import { pathKind, pathWords } from '../system/path-kind.ts';
import type { Command, CommandIo } from './command.ts';
import { limitOption, parseLimits, requireFolder } from './options.ts';
import { jsonText } from './report/json-text.ts';
import { type ScratchContext, scratchRun } from './scratch-run.ts';
import {
  type KeyOptions,
  keyOptions,
  type SigningOptions,
  signingMeansOf,
  signingOf,
  signingOptions,
} from './signing-options.ts';

interface SignCommandOptions extends SigningOptions, KeyOptions {
  readonly folder: string;
  readonly record: string | undefined;
  readonly json: boolean;
  readonly limit: string[];
}

/** `pvdisc sign`: sign the catalogs and drivers of a driver build with a key that stays elsewhere. */
export const signCommand: Command<SignCommandOptions> = (io) => ({
  command: 'sign <folder>',
  describe: 'Sign the catalogs and drivers in a folder with your own key',
  builder: (parser) =>
    keyOptions(signingOptions(parser))
      .usage(
        `$0 sign <folder> --certificates FILE --signer-key FILE [--timestamp URL]...

Signs the catalogs below the folder and the drivers (.sys) in place: RSA with SHA-256, the same
bytes on every run. Write the catalogs with pvdisc catalog first: an INF whose catalog is missing,
or was made before a change, is an error. Files that Microsoft signed are
kept, and so are those that this certificate signed. All signatures are made and checked with the
certificate before any file changes. The key is in a file, in a token (PKCS#11), behind a program,
or on another machine: pvdisc sign-requests writes what that has to sign. Windows loads such
drivers in test-signing mode, or where it needs no signature: docs/signing.md.`,
      )
      .positional('folder', {
        type: 'string',
        demandOption: true,
        describe: 'Folder of driver build output, with its subfolders',
      })
      .option('record', {
        type: 'string',
        requiresArg: true,
        describe:
          'FILE: keep signatures and timestamps there, besides those that it has; with --signatures FILE they give the same bytes without the key',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print one JSON document instead' })
      .option('limit', limitOption)
      .example('$0 sign out --certificates drivers.pem --signer-key drivers.key', 'With a key in a file')
      .example(
        "$0 sign out --certificates drivers.pem --signer-key 'pkcs11:token=t;object=k'",
        'With a key in a token',
      )
      .example('$0 sign out --certificates drivers.pem --signatures signatures.json', 'Signed elsewhere'),
  handler: (options) => runSign(options, io),
});

async function runSign(options: SignCommandOptions, io: CommandIo): Promise<void> {
  const { folder, record, json } = options;
  const limits = parseLimits(options.limit);
  await requireFolder(folder, 'its files are signed in place');
  const means = await signingMeansOf(options, io.signerPassphrase, 'sign');
  const signing = { ...(await signingOf(options, 'sign')), ...means, folder: resolve(folder) };
  const work = async (context: ScratchContext): Promise<void> => {
    const files = await withRecord(record, async (keep) =>
      signFolder(await openInput(folder, context, limits), { ...signing, keep }, context),
    );
    context.reporter.close();
    io.process.stdout.write(json ? jsonText({ files }) : printableLines(signText(files)));
  };
  await scratchRun('sign', io, new Map(), work, { showsProgress: !json });
}

/** Opens the file that signatures are recorded in before any is made; a file that was not there goes again where none are. What it holds stays until all of the new record is written. */
async function withRecord<Result>(
  file: string | undefined,
  work: (keep: (made: Signatures) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  if (file === undefined) return work(async () => {});
  const place = `--record ${file}`;
  await requireRecordable(file, place);
  await (await open(file, 'a')).close();
  const record = await realpath(file);
  const isEmpty = (await stat(record)).size === 0;
  let isKept = false;
  try {
    const before = isEmpty ? undefined : await readSignatures(record, place);
    return await work(async (made) => {
      await replaceFiles(new Map([[record, Buffer.from(jsonText(withSignatures(before, made)))]]));
      isKept = true;
    });
  } finally {
    if (isEmpty && !isKept) await rm(record, { force: true });
  }
}

async function requireRecordable(file: string, place: string): Promise<void> {
  const kind = await pathKind(file);
  if (kind === 'file' || kind === 'missing' || kind === 'dangling') return;
  const hint = 'name a file, which need not be there yet';
  throw new PipelineError('input', { place, message: pathWords[kind], hint });
}

const stateText: Readonly<Record<SignedDriverFile['state'], string>> = {
  signed: 'signed',
  unchanged: 'unchanged, signed by this certificate',
  kept: 'kept, signed by Microsoft',
};

function signText(files: readonly SignedDriverFile[]): string {
  if (files.length === 0) return 'no catalog and no driver there\n';
  const lines = files.map(({ path, state }) => `${path}: ${stateText[state]}\n`).join('');
  if (files.every(({ state }) => state === 'kept')) return lines;
  return `${lines}${files.some(({ path }) => /\.cat$/i.test(path)) ? whatItIsWorth : withoutCatalog}`;
}

const whatItIsWorth = `
Drivers signed by a certificate of your own load in test-signing mode, and without it on 32-bit Windows where Secure
Boot is off and the root is trusted; pvdisc inspect shows where each of them loads.
`;

const withoutCatalog = `
There is no INF, so no driver package: Windows installs the driver of a device only by an INF and its signed catalog.
`;
