import { writeFile } from 'node:fs/promises';
import { PipelineError } from '../core/errors.ts';
import { printable } from '../core/text.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { readOwnTables } from '../manifest/read.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';
import { summariseLoads } from '../model/load-summary.ts';
import type { ReleaseRecord } from '../model/record.ts';
import type { PageChanges } from '../page/changes.ts';
import type { Command, CommandIo } from './command.ts';
import { compareInputs } from './compared-inputs.ts';
import { readRecord } from './read-record.ts';
import { difference } from './report/diff/difference.ts';
import { pageChanges } from './report/diff/page-changes.ts';
import { driverMatrix } from './report/driver-matrix.ts';
import { loadLines } from './report/loads.ts';
import { type Look, lookOf } from './terminal-kind.ts';

const formats = ['html', 'markdown', 'text'] as const;

interface ReportOptions {
  readonly release: string;
  readonly format: (typeof formats)[number];
  readonly output: string | undefined;
  readonly previous: string | undefined;
}

export const reportCommand: Command<ReportOptions> = (io) => ({
  command: 'report <release>',
  describe: 'Show a built release as a page: which drivers load where, folders, findings, digests',
  builder: (parser) =>
    parser
      .usage(
        `$0 report <release>

Writes a built release as one HTML file that loads nothing else: which drivers load on which
Windows, the folder to browse to, findings with their explanations, where the bytes are, digests
and provenance. Every build writes the same page as report.html. Markdown and text have the matrix.`,
      )
      .positional('release', {
        type: 'string',
        demandOption: true,
        describe: 'Folder of a built release, or its release.json',
      })
      .option('format', {
        choices: formats,
        requiresArg: true,
        default: 'html' as const,
        describe: 'html, markdown, or text for a terminal',
      })
      .option('output', {
        type: 'string',
        requiresArg: true,
        describe:
          'FILE: write into this file, - for standard output [default: <name>-<version>.html; standard output for markdown and text]',
      })
      .option('previous', {
        type: 'string',
        requiresArg: true,
        describe:
          'INPUT: show on the page what changed since an earlier release, which is anything that pvdisc diff takes',
      })
      .example('$0 report dist/my-disc-1.0', 'Writes my-disc-1.0.html')
      .example('$0 report dist/my-disc-1.0 --format text', 'The matrix on a terminal')
      .example('$0 report dist/my-disc-1.1 --previous my-disc-1.0.iso', 'With what changed since 1.0')
      .example('$0 report release.json --format markdown', 'For the notes of a release'),
  handler: (options) => runReport(options, io),
});

async function runReport(options: ReportOptions, io: CommandIo): Promise<void> {
  const { release, format, output, previous } = options;
  const { process } = io;
  if (previous !== undefined && format !== 'html')
    throw new PipelineError('usage', {
      place: '--previous',
      message: `is for the page, not for --format ${format}`,
      hint: `to show what changed: pvdisc diff ${previous} ${release}${format === 'markdown' ? ' --format markdown' : ''}`,
    });
  const record = await readRecord(release);
  const known = await readOwnTables();
  const changes = previous === undefined ? undefined : await changesSince([previous, release], known, io);
  const file = output ?? (format === 'html' ? `${record.name}-${record.version}.html` : '-');
  const look = file === '-' ? lookOf(process.stdout, process.env) : plain;
  const text = await reportText(record, { format, look, changes, targets: known.targets });
  if (file === '-') process.stdout.write(text);
  else {
    await writeFile(file, text);
    process.stdout.write(`${printable(file)}\n`);
  }
}

const plain = { colour: false };

async function changesSince(
  inputs: readonly [string, string],
  known: Pick<Manifest, 'drivers' | 'targets'>,
  io: CommandIo,
): Promise<PageChanges> {
  const reading = { command: 'report', limit: [], showsProgress: false, known };
  return pageChanges(difference(await compareInputs(inputs, reading, io), known.targets));
}

interface ReportLook {
  readonly format: ReportOptions['format'];
  readonly look: Look;
  readonly changes: PageChanges | undefined;
  readonly targets: readonly TargetRow[];
}

async function reportText(
  record: ReleaseRecord,
  { format, look, changes, targets }: ReportLook,
): Promise<string> {
  if (format === 'html') {
    const { releasePage } = await import('../page/release-page.ts');
    return releasePage(record, { targets, ...(changes !== undefined && { changes }) });
  }
  if (format === 'markdown')
    return (await import('../page/markdown.ts')).releaseMarkdown(record, { targets });
  const rows = record.targets ?? targets;
  const matrix = driverMatrix(record.drivers, rows, { ...look, signs: true });
  const loads = loadLines(summariseLoads(record.drivers, rows), look);
  return `${[...matrix, ...(loads.length === 0 ? [] : ['', ...loads])].join('\n')}\n`;
}
