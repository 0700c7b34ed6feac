import { exitCodes, formatProblem, PipelineError } from '../core/errors.ts';
import { readManifest } from '../manifest/read.ts';
import { checkRelease } from '../pipeline.ts';
import { sourceTools } from '../sources/open.ts';
import { ownVersion } from '../system/own.ts';
import { noSandboxNote } from '../system/sandbox.ts';
import { requireTools } from '../system/tools.ts';
import type { InfVerifMode } from '../validate/infverif/codes.ts';
import { infVerifRules } from '../validate/infverif/rules.ts';
import { isFatal } from '../validate/judge.ts';
import { nearRulesHint } from '../validate/near-rules.ts';
import { rules } from '../validate/rules/index.ts';
import type { Command, CommandIo } from './command.ts';
import { infVerifOption, type ReleaseOptions, releaseDescription, releaseOptions } from './options.ts';
import { type FindingsFormat, findingsReports } from './report/findings/index.ts';
import { infVerifReport } from './report/infverif.ts';
import { checkEpoch, parseOverrides, withProfile } from './run-context.ts';
import { type ScratchContext, scratchRun } from './scratch-run.ts';
import { wantsColour } from './terminal-kind.ts';

interface CheckOptions extends ReleaseOptions {
  readonly release: string | undefined;
  readonly format: FindingsFormat;
  readonly verbose: boolean;
  readonly infverif: InfVerifMode | undefined;
  readonly explain: string | undefined;
}

export const checkCommand: Command<CheckOptions> = (io) => ({
  command: 'check [release]',
  describe: 'Collect and check the drivers of a release without building it',
  builder: (parser) =>
    releaseOptions(parser)
      .usage(
        `$0 check <release>
$0 check --explain RULE

Collects the drivers of a release and runs all rules on them. Exits with 1 if a finding would stop
a build.

Rules:
${rules.map(({ id, severity }) => `  ${id.padEnd(36)} ${severity}`).join('\n')}`,
      )
      .positional('release', { type: 'string', describe: releaseDescription })
      .option('format', {
        choices: Object.keys(findingsReports) as FindingsFormat[],
        requiresArg: true,
        default: 'text' as const,
        describe:
          'text, json (pvdisc schema findings), github (annotations of GitHub Actions) or sarif (SARIF 2.1.0, for code scanners)',
      })
      .option('verbose', {
        type: 'boolean',
        default: false,
        describe: 'Include findings of severity info in the text format',
      })
      .option('infverif', infVerifOption)
      .option('explain', {
        type: 'string',
        requiresArg: true,
        describe: 'RULE: explain what this rule finds, what Windows does and what to do; check nothing',
      }),
  handler: (options) => runCheck(options, io),
});

async function runCheck({ release, explain, ...options }: CheckOptions, io: CommandIo): Promise<void> {
  if (explain !== undefined) {
    io.process.stdout.write(explainRule(explain));
    return;
  }
  if (release === undefined) {
    throw new PipelineError('usage', {
      place: 'pvdisc check',
      message: 'argument <release> is missing',
      hint: 'try pvdisc check drivers-manifest/releases/sample.yaml',
    });
  }
  try {
    await reportRelease(release, options, io);
  } catch (error) {
    if (error instanceof PipelineError) await reportRefusal(error, options, io);
    throw error;
  }
}

/** Reports the refusal in the formats that CI shows instead of the log; `main` reports it for all others. */
async function reportRefusal(
  { kind, problems }: PipelineError,
  { format, verbose }: Pick<CheckOptions, 'format' | 'verbose'>,
  io: CommandIo,
): Promise<void> {
  if ((format !== 'github' && format !== 'sarif') || kind === 'interrupted') return;
  const nothing = { findings: [], tree: { files: [], packages: [], unnamed: [] } };
  const shown = await showing(verbose, '', io);
  io.process.stdout.write(findingsReports[format]({ ...nothing, problems }, shown));
}

async function showing(verbose: boolean, scratch: string, { process: { stdout, env } }: CommandIo) {
  const colour = wantsColour(stdout, env);
  return { verbose, colour, version: await ownVersion(), root: process.cwd(), scratch };
}

async function reportRelease(
  release: string,
  { format, verbose, infverif, use, profile, offline }: Omit<CheckOptions, 'release' | 'explain'>,
  io: CommandIo,
): Promise<void> {
  const manifest = withProfile(await readManifest(release), profile);
  const overrides = parseOverrides(manifest, use);
  const epoch = await checkEpoch(manifest, io.process.env);
  const tools = Object.values(manifest.release.sources).flatMap(sourceTools);
  await requireTools(tools);
  const sandboxNote = await noSandboxNote(tools);
  const work = async (context: ScratchContext): Promise<void> => {
    if (sandboxNote !== undefined) context.reporter.note(sandboxNote);
    const dated = { ...context, offline, ...(epoch !== undefined && { epoch }) };
    const more = infverif === undefined ? [] : infVerifRules;
    const { tree, findings, problems } = await checkRelease(manifest, dated, more);
    const shown = await showing(verbose, context.workDir, io);
    context.reporter.close();
    if (infverif !== undefined) {
      const { text, errors } = infVerifReport(findings, infverif);
      io.process.stdout.write(text);
      if (errors > 0) io.exitWith(exitCodes.input);
      return;
    }
    io.process.stdout.write(findingsReports[format]({ findings, problems, tree }, shown));
    for (const problem of problems) io.process.stderr.write(`${formatProblem(problem)}\n`);
    if (findings.some(isFatal) || problems.length > 0) io.exitWith(exitCodes.input);
  };
  await scratchRun('check', io, overrides, work, { showsProgress: format === 'text' });
}

/** Throws a usage error that suggests similar ids when the rule does not exist. */
function explainRule(id: string): string {
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule !== undefined) return `${rule.id} (${rule.severity})\n\n${rule.explain}\n`;
  throw new PipelineError('usage', {
    place: `--explain ${id}`,
    message: 'no such rule',
    hint: nearRulesHint(id),
  });
}
