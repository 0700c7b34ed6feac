import { exitCodes, formatProblem, PipelineError, type Problem } from '../core/errors.ts';
import { plural } from '../core/text.ts';
import { readManifest } from '../manifest/read.ts';
import {
  type Baseline,
  type BaselineComparison,
  baselineOf,
  compareWithBaseline,
} from '../model/baseline.ts';
import type { AcceptedFinding } from '../model/finding.ts';
import { summariseLoads } from '../model/load-summary.ts';
import { requireChangelog } from '../package/metadata/metadata.ts';
import { checkRelease } from '../pipeline.ts';
import { sourceTools } from '../sources/open.ts';
import { ownVersion } from '../system/own.ts';
import { noSandboxNote } from '../system/sandbox.ts';
import { requireTools } from '../system/tools.ts';
import type { InfVerifMode } from '../validate/infverif/codes.ts';
import { infVerifRules } from '../validate/infverif/rules.ts';
import { isFatal } from '../validate/judge.ts';
import { requireRule } from '../validate/near-rules.ts';
import { rules } from '../validate/rules/index.ts';
import { baselineFile, readBaseline, writeBaseline } from './baseline.ts';
import type { Command, CommandIo } from './command.ts';
import { infVerifOption, type ReleaseOptions, releaseDescription, releaseOptions } from './options.ts';
import type { CheckedTree, FindingsOptions } from './report/findings/checked-tree.ts';
import { type FindingsFormat, findingsReports } from './report/findings/index.ts';
import { infVerifReport } from './report/infverif.ts';
import { checkEpoch, parseOverrides, withProfile } from './run-context.ts';
import { type ScratchContext, scratchRun } from './scratch-run.ts';
import { lookOf } from './terminal-kind.ts';

interface CheckOptions extends ReleaseOptions {
  readonly release: string | undefined;
  readonly rule: string | undefined;
  readonly format: FindingsFormat;
  readonly verbose: boolean;
  readonly infverif: InfVerifMode | undefined;
  readonly explain: string | undefined;
  readonly baseline: string | undefined;
  readonly 'write-baseline': string | undefined;
  readonly 'max-warnings': number | undefined;
}

export const checkCommand: Command<CheckOptions> = (io) => ({
  command: 'check [release] [rule]',
  describe: 'Collect and check the drivers of a release without building it',
  builder: (parser) =>
    releaseOptions(parser)
      .usage(
        `$0 check <release> [rule]
$0 check --explain RULE

Collects the drivers of a release and runs all rules on them. Shows a line for each rule with
findings: errors first, then what a baseline lacks, then the rest, and how many drivers Windows
loads. With a rule, shows each of its findings. Exits with 1 if a finding would stop a build.

Rules:
${rules.map(({ id, severity }) => `  ${id.padEnd(36)} ${severity}`).join('\n')}`,
      )
      .positional('release', { type: 'string', describe: releaseDescription })
      .positional('rule', { type: 'string', describe: 'Show each finding of this rule, in any format' })
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
        describe: 'Show each finding in the text format, including those of severity info',
      })
      .option('baseline', {
        type: 'string',
        requiresArg: true,
        describe:
          'FILE: show which findings are new since this baseline, release.json of an earlier build, or its folder. Errors stop a build even so; to accept one, use "accept" in the release',
      })
      .option('write-baseline', {
        type: 'string',
        describe:
          '[FILE]: write all errors and warnings to this baseline; default: the file of --baseline, or RELEASE.baseline.json beside the release',
      })
      .option('max-warnings', {
        type: 'number',
        requiresArg: true,
        describe: 'N: exit with 1 if there are more warnings; with --baseline, more new ones',
      })
      .option('infverif', infVerifOption)
      .option('explain', {
        type: 'string',
        requiresArg: true,
        describe: 'RULE: explain what this rule finds, what Windows does and what to do; check nothing',
      })
      .example('$0 check my-release.yaml inf/missing-file', 'Each finding of a rule')
      .example('$0 check my-release.yaml --write-baseline', 'Keep what is known')
      .example(
        '$0 check my-release.yaml --baseline my-release.baseline.json --max-warnings 0',
        'Allow nothing new',
      )
      .example('$0 check my-release.yaml --baseline dist/my-release-1.0', 'What is new since a build'),
  handler: (options) => runCheck(options, io),
});

async function runCheck({ release, explain, ...options }: CheckOptions, io: CommandIo): Promise<void> {
  if (explain !== undefined) {
    io.process.stdout.write(explainRule(explain));
    return;
  }
  if (release === undefined) {
    const { 'write-baseline': written = '' } = options;
    throw new PipelineError('usage', {
      place: 'pvdisc check',
      message: 'argument <release> is missing',
      hint:
        written === ''
          ? 'try pvdisc check drivers-manifest/releases/sample.yaml'
          : `${written} is the file of --write-baseline: name the release before the option`,
    });
  }
  requireKnownRule(release, options.rule);
  requireCount(options['max-warnings']);
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
  const nothing = { findings: [], tree: { files: [], packages: [], unnamed: [] }, targets: [] };
  const shown = await showing({ verbose, rule: undefined }, '', io);
  io.process.stdout.write(findingsReports[format]({ ...nothing, problems }, shown));
}

async function showing(
  { verbose, rule }: Pick<CheckOptions, 'verbose' | 'rule'>,
  scratch: string,
  { process: { stdout, env } }: CommandIo,
): Promise<FindingsOptions> {
  const look = lookOf(stdout, env);
  const only = rule !== undefined && { rule };
  return { verbose, ...only, ...look, version: await ownVersion(), root: process.cwd(), scratch };
}

async function reportRelease(
  release: string,
  options: Omit<CheckOptions, 'release' | 'explain'>,
  io: CommandIo,
): Promise<void> {
  const { format, rule, infverif, use, profile, offline } = options;
  const { 'write-baseline': written, 'max-warnings': most } = options;
  const manifest = withProfile(await readManifest(release), profile);
  const overrides = parseOverrides(manifest, use);
  const epoch = await checkEpoch(manifest, io.process.env);
  await requireChangelog(manifest);
  const toWrite = written === undefined ? undefined : await baselineFile(written, options.baseline, release);
  const baseline = await givenBaseline(options.baseline);
  const tools = Object.values(manifest.release.sources).flatMap(sourceTools);
  await requireTools(tools);
  const sandboxNote = await noSandboxNote(tools);
  const work = async (context: ScratchContext): Promise<void> => {
    const { reporter } = context;
    if (sandboxNote !== undefined) reporter.note(sandboxNote);
    const { name } = manifest.release;
    if (baseline !== undefined && baseline.release !== name)
      reporter.note(`--baseline ${options.baseline} is of release ${baseline.release}, not of ${name}`);
    const dated = { ...context, offline, ...(epoch !== undefined && { epoch }) };
    const more = infverif === undefined ? [] : infVerifRules;
    const { tree, findings, problems, drivers } = await checkRelease(manifest, dated, more);
    if (infverif !== undefined) {
      const { text, errors } = infVerifReport(findings, infverif);
      reporter.close();
      io.process.stdout.write(text);
      if (errors > 0) io.exitWith(exitCodes.input);
      return;
    }
    const { targets } = manifest;
    const compared = baseline && {
      ...compareWithBaseline(baseline, findings),
      name: options.baseline ?? '',
    };
    const checked: CheckedTree = {
      findings: rule === undefined ? findings : findings.filter((finding) => finding.rule === rule),
      problems,
      tree,
      targets,
      loads: summariseLoads(drivers, targets),
      ...(compared !== undefined && { baseline: compared }),
    };
    const shown = await showing(options, context.workDir, io);
    if (toWrite !== undefined) {
      const entries = baselineOf(name, findings);
      await writeBaseline(toWrite, entries);
      reporter.note(
        `${toWrite}: ${plural(entries.findings.length, 'entry', 'entries')} of all rules written`,
      );
    }
    reporter.close();
    io.process.stdout.write(findingsReports[format](checked, shown));
    const tooMany = tooManyWarnings(findings, compared, most);
    const failures = [...problems, ...(tooMany === undefined ? [] : [tooMany])];
    for (const problem of failures) io.process.stderr.write(`${formatProblem(problem)}\n`);
    if (findings.some(isFatal) || failures.length > 0) io.exitWith(exitCodes.input);
  };
  await scratchRun('check', io, overrides, work, { showsProgress: format === 'text' });
}

async function givenBaseline(given: string | undefined): Promise<Baseline | undefined> {
  return given === undefined ? undefined : readBaseline(given);
}

function tooManyWarnings(
  findings: readonly AcceptedFinding[],
  baseline: BaselineComparison | undefined,
  most: number | undefined,
): Problem | undefined {
  const counted = findings.filter(
    (finding) =>
      finding.severity === 'warning' &&
      finding.accepted === undefined &&
      (baseline === undefined || baseline.isNew(finding)),
  ).length;
  if (most === undefined || counted <= most) return undefined;
  return {
    place: `--max-warnings ${most}`,
    message: `all rules together have ${plural(counted, baseline === undefined ? 'warning' : 'new warning')}`,
    hint: 'fix them, accept them in the release ("accept"), or raise the number',
  };
}

/** Throws a usage error for an unknown rule, and for a rule in the place of the release. */
function requireKnownRule(release: string, rule: string | undefined): void {
  const [first, second] = [release, rule].map((name) => rules.some(({ id }) => id === name));
  if (first === true && second === false)
    throw new PipelineError('usage', {
      place: `pvdisc check ${release}`,
      message: 'is a rule, not a release',
      hint:
        rule === undefined
          ? `pvdisc check RELEASE ${release} shows its findings, pvdisc check --explain ${release} explains it`
          : `the release comes first: pvdisc check ${rule} ${release}`,
    });
  if (rule !== undefined) requireRule(`pvdisc check ${release} ${rule}`, rule);
}

function requireCount(most: number | undefined): void {
  if (most === undefined || (Number.isSafeInteger(most) && most >= 0)) return;
  throw new PipelineError('usage', {
    place: '--max-warnings',
    message: 'is not a whole number',
    hint: 'give the most warnings that are allowed, such as 0',
  });
}

function explainRule(id: string): string {
  const rule = requireRule(`--explain ${id}`, id);
  return `${rule.id} (${rule.severity})\n\n${rule.explain}\n`;
}
