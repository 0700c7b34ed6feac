import { resolve } from 'node:path';
import { PipelineError } from '../core/errors.ts';
import { printableLines } from '../core/text.ts';
import { type WrittenCatalog, writeCatalogs } from '../driver-build/write-catalogs.ts';
import { readOwnTables } from '../manifest/read.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';
import { targetPath } from '../model/target.ts';
import { openInput } from '../sources/open-input.ts';
import type { Command, CommandIo } from './command.ts';
import { limitOption, parseLimits, requireFolder } from './options.ts';
import { jsonText } from './report/json-text.ts';
import { givenEpoch } from './run-context.ts';
import { type ScratchContext, scratchRun } from './scratch-run.ts';

interface CatalogOptions {
  readonly folder: string;
  readonly targets: string | undefined;
  readonly replace: boolean;
  readonly json: boolean;
  readonly limit: string[];
}

/** `pvdisc catalog`: write the unsigned catalogs of a driver build, as Inf2Cat does on Windows. */
export const catalogCommand: Command<CatalogOptions> = (io) => ({
  command: 'catalog <folder>',
  describe: 'Write the unsigned catalog of every INF in a folder, as Inf2Cat does on Windows',
  builder: (parser) =>
    parser
      .usage(
        `$0 catalog <folder> [--targets OS/ARCH,...]

Writes the catalog that each INF below the folder names beside it: the digests of the INF and of
all files that it names, its hardware IDs, and the Windows versions. The catalogs are unsigned:
pvdisc sign signs them, or osslsigncode 2.9 or later, jsign or signtool. Without --targets the
folder of each INF says which Windows it is for, as inspect shows it: Win10/amd64, w10/amd64.
Nothing is written when an INF names no catalog or a file that is not there. The date in a catalog
is SOURCE_DATE_EPOCH, or, when that is not set, the date of the INF's DriverVer: the same files
give the same bytes.`,
      )
      .positional('folder', {
        type: 'string',
        demandOption: true,
        describe: 'Folder of driver build output, with its subfolders',
      })
      .option('targets', {
        type: 'string',
        requiresArg: true,
        describe:
          'OS/ARCH,...: the Windows versions of all INFs, by their folders on the disc, such as w10/amd64,w11/amd64; an INF without models for an architecture is not for it',
      })
      .option('replace', {
        type: 'boolean',
        default: false,
        describe: 'Overwrite existing catalogs that differ, even signed ones',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print one JSON document instead' })
      .option('limit', limitOption)
      .example('$0 catalog out/Win10/amd64 --targets w10/amd64,2k16/amd64', 'One build for two Windows')
      .example('$0 catalog out', 'A whole driver build, by its folders'),
  handler: (options) => runCatalog(options, io),
});

async function runCatalog(options: CatalogOptions, io: CommandIo): Promise<void> {
  const { folder, replace, json } = options;
  const limits = parseLimits(options.limit);
  const epoch = givenEpoch(io.process.env, "the date of each INF's DriverVer is used then");
  const { drivers, targets } = await readOwnTables();
  const chosen = options.targets === undefined ? undefined : parseTargets(options.targets, targets);
  await requireFolder(folder, 'catalogs are written beside the INFs');
  const work = async (context: ScratchContext): Promise<void> => {
    const tree = await openInput(folder, context, limits);
    const written = await writeCatalogs(
      tree,
      {
        folder: resolve(folder),
        replace,
        drivers,
        targets,
        ...(chosen !== undefined && { chosen }),
        ...(epoch !== undefined && { epoch }),
      },
      context,
    );
    context.reporter.close();
    io.process.stdout.write(json ? jsonText({ catalogs: written }) : printableLines(catalogText(written)));
  };
  await scratchRun('catalog', io, new Map(), work, { showsProgress: !json });
}

function parseTargets(given: string, targets: readonly TargetRow[]): TargetRow[] {
  const names = given.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !targets.some((row) => targetPath(row) === name));
  if (unknown.length > 0)
    throw new PipelineError('usage', {
      place: `--targets ${given}`,
      message: `no target ${unknown.join(', ')}`,
      hint: `the targets: ${targets.map(targetPath).join(', ')}`,
    });
  return targets.filter((row) => names.includes(targetPath(row)));
}

/** Returns what a person is told: each catalog, what it holds, and how to sign it. */
function catalogText(written: readonly WrittenCatalog[]): string {
  if (written.length === 0) return 'no INF there\n';
  const lines = written.map(
    ({ path, state, version, files, targets }) =>
      `${path}: ${state}, version ${version}, ${files.length} files, for ${targets.join(', ')}`,
  );
  return `${lines.join('\n')}\nThese catalogs are unsigned: sign them, and the drivers, with pvdisc sign.\n`;
}
