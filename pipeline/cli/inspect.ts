import { inspect as inspectSource } from '../inspect/inspect.ts';
import { readOwnTables } from '../manifest/read.ts';
import { openInput } from '../sources/open-input.ts';
import type { Command, CommandIo } from './command.ts';
import { limitOption, parseLimits } from './options.ts';
import { type InspectionFormat, inspectionReports } from './report/inspection.ts';
import { type ScratchContext, scratchRun } from './scratch-run.ts';

interface InspectOptions {
  readonly input: string;
  readonly format: InspectionFormat;
  readonly limit: string[];
}

/** `pvdisc inspect`: what is on a disc, in a package or in a folder, driver by driver. */
export const inspectCommand: Command<InspectOptions> = (io) => ({
  command: 'inspect <input>',
  describe: 'Show what a disc, package or folder holds, driver by driver',
  builder: (parser) =>
    parser
      .usage(
        `$0 inspect <input>

Reads any disc of drivers, a .deb with one or with unpacked drivers, or a folder of driver build output, and shows each driver's version,
signature and when Windows loads it, and what the rules find that need no release.
It reports and does not judge: the exit code is 1 only when the input itself cannot be read.`,
      )
      .positional('input', {
        type: 'string',
        demandOption: true,
        describe: 'An ISO, a .deb, an archive, or a folder',
      })
      .option('format', {
        choices: Object.keys(inspectionReports) as InspectionFormat[],
        default: 'table' as const,
        describe: 'table for people, json for programs (pvdisc schema inspection)',
      })
      .option('limit', limitOption)
      .example('$0 inspect virtio-win.iso', "Any disc of drivers, also upstream's")
      .example('$0 inspect /srv/build-output --format json', 'Your own build, for a program'),
  handler: (options) => runInspect(options, io),
});

async function runInspect({ input, format, limit }: InspectOptions, io: CommandIo): Promise<void> {
  const limits = parseLimits(limit);
  const known = await readOwnTables();
  const work = async (context: ScratchContext): Promise<void> => {
    const inspection = await inspectSource(await openInput(input, context, limits), known, context);
    context.reporter.close();
    io.process.stdout.write(inspectionReports[format](inspection, known.targets));
  };
  await scratchRun('inspect', io, new Map(), work, { showsProgress: format === 'table', input });
}
