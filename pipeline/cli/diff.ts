import { exitCodes, PipelineError } from '../core/errors.ts';
import type { Comparison } from '../diff/comparison-schema.ts';
import { readOwnTables } from '../manifest/read.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';
import type { Command, CommandIo } from './command.ts';
import { compareInputs } from './compared-inputs.ts';
import { limitOption } from './options.ts';
import { changelogEntry, newsEntry, type Writer } from './report/diff/debian.ts';
import { difference } from './report/diff/difference.ts';
import { differenceHtml } from './report/diff/html.ts';
import { differenceMarkdown } from './report/diff/markdown.ts';
import { differenceText } from './report/diff/text.ts';
import { jsonText } from './report/json-text.ts';
import { givenEpoch } from './run-context.ts';
import { lookOf } from './terminal-kind.ts';

const formats = ['text', 'json', 'markdown', 'html', 'debian', 'debian-news'] as const;

interface DiffOptions {
  readonly old: string;
  readonly new: string;
  readonly format: (typeof formats)[number];
  readonly limit: string[];
}

export const diffCommand: Command<DiffOptions> = (io) => ({
  command: 'diff <old> <new>',
  describe: 'Show what changed between two discs, packages, records or folders of drivers',
  builder: (parser) =>
    parser
      .usage(
        `$0 diff <old> <new>

Compares two inputs driver by driver: packages added, removed, upgraded, downgraded or re-signed,
signatures and load conditions, Windows versions and hardware IDs lost or gained, services,
registry values and files of INFs, and sizes. An input is an ISO, a package, an archive, a folder of
drivers, the folder of a release, its release.json, or the output of pvdisc inspect --format json.
Layouts may differ: packages belong together if driver, Windows, architecture and INF are the same.

Exits with 0 if nothing is lost, and with 11 if NEW lacks a driver for a Windows, loads one under
stricter conditions, or lacks what OLD has of these: a hardware ID, a file that an INF names, a driver
in a folder for Windows Setup (amd64/w11, $WinPEDriver$), or an installer (.msi, .exe).`,
      )
      .positional('old', { type: 'string', demandOption: true, describe: 'The older side' })
      .positional('new', { type: 'string', demandOption: true, describe: 'The newer side' })
      .option('format', {
        choices: formats,
        requiresArg: true,
        default: 'text' as const,
        describe:
          'text, json (pvdisc schema comparison), markdown, html, debian (an entry for debian/changelog), or debian-news (an entry for debian/NEWS if something is lost); DEBFULLNAME and DEBEMAIL name the author of an entry, SOURCE_DATE_EPOCH its date',
      })
      .option('limit', limitOption)
      .example('$0 diff old.iso new.iso', 'Two discs')
      .example('$0 diff release.json dist/my-disc-1.1', 'A record and a built release'),
  handler: (options) => runDiff(options, io),
});

async function runDiff({ old, new: now, format, limit }: DiffOptions, io: CommandIo): Promise<void> {
  const isEntry = format === 'debian' || format === 'debian-news';
  const writer = isEntry ? readWriter(io.process.env) : undefined;
  const known = await readOwnTables();
  const reading = { command: 'diff', limit, showsProgress: format === 'text', known };
  const comparison = await compareInputs([old, now], reading, io);
  io.process.stdout.write(shown(comparison, { format, writer, targets: known.targets, io }));
  if (format === 'debian-news' && !comparison.lost)
    io.process.stderr.write('pvdisc: nothing is lost, so there is no entry for debian/NEWS\n');
  if (comparison.lost) io.exitWith(exitCodes.lost);
}

interface Shown {
  readonly format: DiffOptions['format'];
  readonly writer: Writer | undefined;
  readonly targets: readonly TargetRow[];
  readonly io: CommandIo;
}

function shown(comparison: Comparison, { format, writer, targets, io: { process } }: Shown): string {
  if (format === 'json') return jsonText(comparison);
  const found = difference(comparison, targets);
  if (format === 'markdown') return differenceMarkdown(found);
  if (format === 'html') return differenceHtml(found);
  if (writer === undefined) return differenceText(found, lookOf(process.stdout, process.env));
  return (format === 'debian' ? changelogEntry : newsEntry)(comparison, found, writer);
}

/** Reads the variables of dch(1). */
function readWriter(env: NodeJS.ProcessEnv): Writer {
  const [, fullName, inside] = /^(.*\S) *<([^<>]*)>$/.exec(env.DEBEMAIL ?? '') ?? [];
  const [name = '', address = ''] = [env.DEBFULLNAME ?? fullName, inside ?? env.DEBEMAIL];
  if (!/^[^<>\p{Cc}]+$/u.test(name) || !/^[^<>\s]+@[^<>\s]+$/.test(address))
    throw new PipelineError('usage', {
      place: 'DEBFULLNAME, DEBEMAIL',
      message: 'do not name the author of the entry',
      hint: "set them as for dch(1): DEBFULLNAME='A Name' DEBEMAIL=name@example.org",
    });
  return { name, address, epoch: givenEpoch(env) ?? Math.floor(Date.now() / 1000) };
}
