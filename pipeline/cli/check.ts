import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunContext } from '../context.ts';
import { exitCodes } from '../errors.ts';
import { requireTools } from '../host/tools.ts';
import { readManifest } from '../manifest/read.ts';
import { type CheckFormat, checkReports } from '../report/check.ts';
import { silentReporter } from '../report/reporter.ts';
import { rules } from '../rules/index.ts';
import { sourceTools } from '../sources/open.ts';
import { collect } from '../stages/collect.ts';
import { isFatal, judge } from '../validate/judge.ts';
import type { Command, CommandIo } from './command.ts';
import { type ReleaseOptions, releaseOptions } from './release-options.ts';
import { cacheDir, parseOverrides, withProfile } from './run-context.ts';

interface CheckOptions extends ReleaseOptions {
  readonly format: CheckFormat;
}

/** `pvdisc check`: collect and validate a release, build nothing. */
export const check: Command<CheckOptions> = (io) => ({
  command: 'check <release>',
  describe: 'Collect and check the drivers of a release, and build nothing',
  builder: (parser) =>
    releaseOptions(parser)
      .usage(
        `$0 check <release>

Collects the drivers that the release names and runs every rule over them. Exit code 1 when a finding would stop a build.

Rules:
${rules.map(({ id, severity }) => `  ${id.padEnd(30)} ${severity}`).join('\n')}`,
      )
      .option('format', {
        choices: Object.keys(checkReports) as CheckFormat[],
        requiresArg: true,
        default: 'text' as const,
        describe: 'text for people, json for programs, github for annotations in GitHub Actions',
      }),
  handler: (options) => runCheck(options, io),
});

async function runCheck(options: CheckOptions, io: CommandIo): Promise<void> {
  const manifest = withProfile(await readManifest(options.release), options.profile);
  const overrides = parseOverrides(manifest, options.use);
  await requireTools(Object.values(manifest.release.sources).flatMap(sourceTools));
  const workDir = await mkdtemp(join(tmpdir(), 'pvdisc-check-'));
  try {
    const cache = cacheDir(io.process.env);
    const context: RunContext = {
      workDir,
      cacheDir: cache,
      signal: io.signal,
      reporter: silentReporter,
      overrides,
    };
    const { findings } = await judge(manifest, await collect.run(manifest, context), context);
    io.process.stdout.write(checkReports[options.format](findings));
    if (findings.some(isFatal)) io.exitWith(exitCodes.input);
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}
