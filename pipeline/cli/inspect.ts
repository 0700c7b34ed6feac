import { exitCodes } from '../core/errors.ts';
import { inspect as inspectSource } from '../inspect/inspect.ts';
import { readOwnTables } from '../manifest/read.ts';
import { openInput } from '../sources/open-input.ts';
import type { InfVerifMode } from '../validate/infverif/codes.ts';
import { infVerifRules } from '../validate/infverif/rules.ts';
import { requireRule } from '../validate/near-rules.ts';
import type { Command, CommandIo } from './command.ts';
import { infVerifOption, limitOption, parseLimits } from './options.ts';
import { infVerifReport } from './report/infverif.ts';
import { type InspectionFormat, inspectionReports, unreadableText } from './report/inspection.ts';
import { type ScratchContext, scratchRun } from './scratch-run.ts';
import { lookOf } from './terminal-kind.ts';

interface InspectOptions {
  readonly input: string;
  readonly rule: string | undefined;
  readonly format: InspectionFormat;
  readonly infverif: InfVerifMode | undefined;
  readonly limit: string[];
}

export const inspectCommand: Command<InspectOptions> = (io) => ({
  command: 'inspect <input> [rule]',
  describe: 'Show the drivers on a disc, in a package or in a folder',
  builder: (parser) =>
    parser
      .usage(
        `$0 inspect <input> [rule]

Reads a driver disc, a package with a disc or unpacked drivers, an archive, or a folder with driver
build output. Shows the version and signature of each driver, when Windows loads it, and the
findings of all rules that need no release, a line for each rule. Findings do not change the exit code: it is 1 only if
the input, or an INF or another file of a driver in it, cannot be read.`,
      )
      .positional('input', {
        type: 'string',
        demandOption: true,
        describe: 'An ISO, a .deb or .rpm, an archive, or a folder',
      })
      .positional('rule', { type: 'string', describe: 'Show only the findings of this rule, each of them' })
      .option('format', {
        choices: Object.keys(inspectionReports) as InspectionFormat[],
        requiresArg: true,
        default: 'table' as const,
        describe: 'table, or json (pvdisc schema inspection)',
      })
      .option('infverif', infVerifOption)
      .option('limit', limitOption)
      .example('$0 inspect virtio-win.iso', "Any driver disc, including upstream's")
      .example('$0 inspect /srv/build-output --format json', 'Your own driver build, as JSON'),
  handler: (options) => runInspect(options, io),
});

async function runInspect(
  { input, rule, format, infverif, limit }: InspectOptions,
  io: CommandIo,
): Promise<void> {
  if (rule !== undefined) requireRule(`pvdisc inspect ${input} ${rule}`, rule);
  const limits = parseLimits(limit);
  const known = await readOwnTables();
  const work = async (context: ScratchContext): Promise<void> => {
    const more = infverif === undefined ? [] : infVerifRules;
    const inspection = await inspectSource(await openInput(input, context, limits), known, context, more);
    context.reporter.close();
    const findings = inspection.findings.filter((finding) => rule === undefined || finding.rule === rule);
    const shown = { ...inspection, findings };
    const look = lookOf(io.process.stdout, io.process.env);
    io.process.stdout.write(
      infverif !== undefined
        ? infVerifReport(findings, infverif).text + unreadableText(inspection)
        : inspectionReports[format](shown, known.targets, { ...look, ...(rule !== undefined && { rule }) }),
    );
    if (inspection.problems.length > 0) io.exitWith(exitCodes.input);
  };
  await scratchRun('inspect', io, new Map(), work, { showsProgress: format === 'table', input });
}
