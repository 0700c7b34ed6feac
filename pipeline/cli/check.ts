import { exitCodes, PipelineError } from '../errors.ts';
import { ownVersion } from '../host/own.ts';
import { noSandboxNote } from '../host/sandbox.ts';
import { requireTools } from '../host/tools.ts';
import { readManifest } from '../manifest/read.ts';
import { type FindingsFormat, findingsReports } from '../report/findings/index.ts';
import { rules } from '../rules/index.ts';
import { sourceTools } from '../sources/open.ts';
import { collect } from '../stages/collect.ts';
import { isFatal, judge } from '../validate/judge.ts';
import type { Command, CommandIo, CommandProcess } from './command.ts';
import { explainRule } from './explain.ts';
import { type ReleaseOptions, releaseDescription, releaseOptions } from './release-options.ts';
import { checkEpoch, parseOverrides, withProfile } from './run-context.ts';
import { scratchRun } from './scratch-run.ts';

interface CheckOptions extends ReleaseOptions {
  readonly release: string | undefined;
  readonly format: FindingsFormat;
  readonly verbose: boolean;
  readonly explain: string | undefined;
}

/** `pvdisc check`: collect and validate a release, build nothing. */
export const check: Command<CheckOptions> = (io) => ({
  command: 'check [release]',
  describe: 'Collect and check the drivers of a release, and build nothing',
  builder: (parser) =>
    releaseOptions(parser)
      .usage(
        `$0 check <release>
$0 check --explain RULE

Collects the drivers that the release names and runs every rule over them. Exit code 1 when a finding would stop a build.

Rules:
${rules.map(({ id, severity }) => `  ${id.padEnd(36)} ${severity}`).join('\n')}`,
      )
      .positional('release', { type: 'string', describe: releaseDescription })
      .option('format', {
        choices: Object.keys(findingsReports) as FindingsFormat[],
        requiresArg: true,
        default: 'text' as const,
        describe:
          'text for people; json for programs (pvdisc schema findings); github for annotations in GitHub Actions; sarif for code scanners (SARIF 2.1.0)',
      })
      .option('verbose', { type: 'boolean', default: false, describe: 'Show infos too in the text format' })
      .option('explain', {
        type: 'string',
        requiresArg: true,
        describe: 'RULE: say what the rule finds, what happens on Windows and what to do, and check nothing',
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
      message: 'no release is named',
      hint: 'such as pvdisc check drivers-manifest/releases/sample.yaml',
    });
  }
  await checkRelease(release, options, io);
}

async function checkRelease(
  release: string,
  { format, verbose, use, profile, offline }: Omit<CheckOptions, 'release' | 'explain'>,
  io: CommandIo,
): Promise<void> {
  const manifest = withProfile(await readManifest(release), profile);
  const overrides = parseOverrides(manifest, use);
  const epoch = await checkEpoch(manifest, io.process.env);
  const tools = Object.values(manifest.release.sources).flatMap(sourceTools);
  await requireTools(tools);
  const sandboxNote = await noSandboxNote(tools);
  await scratchRun('check', io, overrides, async (context) => {
    if (sandboxNote !== undefined) context.reporter.note(sandboxNote);
    const tree = await collect.run(manifest, { ...context, offline });
    const { findings } = await judge(manifest, tree, { ...context, ...(epoch !== undefined && { epoch }) });
    const shown = { verbose, colour: wantsColour(io.process), version: await ownVersion() };
    io.process.stdout.write(findingsReports[format]({ findings, tree }, shown));
    if (findings.some(isFatal)) io.exitWith(exitCodes.input);
  });
}

/** A terminal that knows colours, and nobody who asks for none (no-color.org). */
function wantsColour({ stdout, env }: CommandProcess): boolean {
  return stdout.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}
