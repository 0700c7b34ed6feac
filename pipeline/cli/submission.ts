import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { plural, printableLines, someOf } from '../core/text.ts';
import { replaceFiles } from '../driver-build/replace-files.ts';
import { type MadeSubmission, makeSubmission } from '../driver-build/submission/submission.ts';
import { readManifest } from '../manifest/read.ts';
import { collectForSubmission } from '../pipeline.ts';
import { sourceTools } from '../sources/open.ts';
import { gcab, requireTools } from '../system/tools.ts';
import type { Command, CommandIo } from './command.ts';
import { type ReleaseOptions, releaseDescription, releaseOptions } from './options.ts';
import { jsonText } from './report/json-text.ts';
import { parseOverrides, sourceDateEpoch, withProfile } from './run-context.ts';
import { scratchRun } from './scratch-run.ts';
import {
  type CertificateOptions,
  certificateOptions,
  type KeyOptions,
  keyOptions,
  signingMeansOf,
  signingOf,
} from './signing-options.ts';

interface SubmissionOptions extends ReleaseOptions, CertificateOptions, KeyOptions {
  readonly release: string;
  readonly out: string;
}

/** `pvdisc submission`: write the cabinets that Microsoft signs drivers from. */
export const submissionCommand: Command<SubmissionOptions> = (io) => ({
  command: 'submission <release>',
  describe: 'Write the cabinets that Microsoft signs the drivers of a release from (attestation)',
  builder: (parser) =>
    releaseOptions(keyOptions(certificateOptions(parser)))
      .usage(
        `$0 submission <release> [--out DIR] [--certificates FILE --signer-key FILE [--timestamp URL]...]

Writes a cabinet for each architecture, and beside it a record (.json) of what is in it: a folder
for each driver package for Windows 10 or later, with its INF, files, catalog and debug symbols.
Identical packages are included only once. With a key, the cabinets are signed; Partner Center
takes only those with a certificate that is registered there. The files of the drivers stay as
they are: Microsoft replaces catalogs and signatures. A source of type "submission" reads what
Microsoft returns and compares it with the record: docs/signing.md.`,
      )
      .positional('release', { type: 'string', demandOption: true, describe: releaseDescription })
      .option('out', {
        type: 'string',
        requiresArg: true,
        default: 'submission',
        describe: 'DIR: write the cabinets and records there; those of the same name are replaced',
      })
      .example('$0 submission my-release.yaml', 'Unsigned cabinets')
      .example(
        '$0 submission my-release.yaml --certificates ev.pem --signer-key "pkcs11:token=ev"',
        'Signed with the key of a token',
      ),
  handler: (options) => runSubmission(options, io),
});

async function runSubmission(options: SubmissionOptions, io: CommandIo): Promise<void> {
  const manifest = withProfile(await readManifest(options.release), options.profile ?? 'full');
  const epoch = await sourceDateEpoch(manifest, io.process.env);
  await requireTools([gcab, ...Object.values(manifest.release.sources).flatMap(sourceTools)]);
  const means = await meansOf(options, io.signerPassphrase);
  const folder = resolve(options.out);
  await scratchRun(
    'submission',
    io,
    parseOverrides(manifest, options.use),
    async (scratch) => {
      const context = { ...scratch, offline: options.offline, epoch };
      const made = await makeSubmission(
        manifest,
        await collectForSubmission(manifest, context),
        means,
        context,
      );
      scratch.reporter.close();
      await mkdir(folder, { recursive: true });
      await replaceFiles(
        new Map(
          made.cabinets.flatMap(({ bytes, record }): [string, Uint8Array][] => [
            [join(folder, record.cabinet.name), bytes],
            [join(folder, record.cabinet.name.replace(/\.cab$/, '.json')), Buffer.from(jsonText(record))],
          ]),
        ),
      );
      io.process.stdout.write(printableLines(submissionText(made, options.out)));
    },
    { showsProgress: true },
  );
}

/** Without any of these options the cabinets stay unsigned. */
async function meansOf(options: SubmissionOptions, passphrase: string | undefined) {
  const { certificates, timestamp, name, url } = options;
  const keys = [options['signer-key'], options['signer-command'], options.signatures];
  const isAsked = [certificates, name, url, ...keys, ...timestamp].some((option) => option !== undefined);
  if (!isAsked) return undefined;
  const signing = await signingOf(
    { certificates, name, url, embed: undefined, replace: false },
    'submission',
  );
  return { ...signing, ...(await signingMeansOf(options, passphrase, 'submission')) };
}

function submissionText({ cabinets, tooOld, withoutSymbols }: MadeSubmission, out: string): string {
  const lines = cabinets.map(({ record, isSigned }) => {
    const what = `${plural(record.folders.length, 'driver package')}, ${isSigned ? 'signed' : 'not signed'}`;
    return `${join(out, record.cabinet.name)}: ${what}`;
  });
  if (cabinets.some(({ isSigned }) => !isSigned))
    lines.push(
      'Partner Center takes signed cabinets only: give --certificates and a key, or sign them elsewhere.',
    );
  if (withoutSymbols.length > 0)
    lines.push(
      `without debug symbols (.pdb), which Microsoft wants for crash analysis: ${someOf(withoutSymbols)}`,
    );
  if (tooOld.length > 0)
    lines.push(
      `left out, since attestation is for Windows 10 and later: ${plural(tooOld.length, 'driver package')}`,
    );
  return `${lines.join('\n')}\n`;
}
