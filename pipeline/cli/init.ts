import { basename, join, relative, resolve } from 'node:path';
import { plural, printableLines, shellWord, someOf } from '../core/text.ts';
import { suggestedTitle, withKeys } from '../init/draft.ts';
import {
  type LookedAt,
  lookAt,
  type Planned,
  planRelease,
  type Written,
  writeRelease,
} from '../init/init.ts';
import { type CiSystem, ciSystems, isOutside, outputOf } from '../init/texts.ts';
import { readOwnTables } from '../manifest/read.ts';
import { reasonToFillIn } from '../manifest/release-schema.ts';
import { run } from '../system/exec.ts';
import { ownVersion } from '../system/own.ts';
import { missingTools, tools } from '../system/tools.ts';
import type { Command, CommandIo } from './command.ts';
import { openQuestions, requireValid } from './questions.ts';
import { givenEpoch } from './run-context.ts';
import { type ScratchContext, scratchRun } from './scratch-run.ts';

interface InitOptions {
  readonly dir: string;
  readonly from: string;
  readonly name: string | undefined;
  readonly 'release-version': string | undefined;
  readonly title: string | undefined;
  readonly maintainer: string | undefined;
  readonly unsigned: string | undefined;
  readonly ci: CiSystem | 'all' | 'none';
  readonly yes: boolean;
}

export const initCommand: Command<InitOptions> = (io) => ({
  command: 'init [dir]',
  describe: 'Write a release of your own for a driver build, with files for CI',
  builder: (parser) =>
    parser
      .usage(
        `$0 init [dir] --from BUILD

Looks at a driver build, says what it recognises, and writes into DIR: release.yaml, files for CI
on GitHub and GitLab, .gitignore and README.md, and drivers/ for drivers that pvdisc does not
know. Asks on a terminal for what no option says; elsewhere takes what it proposes. Overwrites
nothing. Ends with the command to run next.`,
      )
      .positional('dir', { type: 'string', default: '.', describe: 'Folder of the release; made if missing' })
      .option('from', {
        type: 'string',
        requiresArg: true,
        demandOption: true,
        describe: 'BUILD: a folder, an archive or a disc with the drivers',
      })
      .option('name', {
        type: 'string',
        requiresArg: true,
        describe: 'Name of the release, its disc and its package; default: that of DIR',
      })
      .option('release-version', {
        type: 'string',
        requiresArg: true,
        describe: 'Version of the release; default: that of the drivers if they have one, else 1.0.0',
      })
      .option('title', { type: 'string', requiresArg: true, describe: 'What the disc is, in one line' })
      .option('maintainer', {
        type: 'string',
        requiresArg: true,
        describe: '"Name <address>"; default: DEBFULLNAME and DEBEMAIL, else that of git',
      })
      .option('unsigned', {
        type: 'string',
        requiresArg: true,
        describe: 'REASON: why the drivers have no signature, if they have none',
      })
      .option('ci', {
        choices: ['all', ...ciSystems, 'none'] as const,
        requiresArg: true,
        default: 'all' as const,
        describe: 'CI systems to write files for',
      })
      .option('yes', { type: 'boolean', default: false, describe: 'Ask nothing, also on a terminal' })
      .example('$0 init acme-virtio-win --from build/', 'A release in a new folder')
      .example(
        '$0 init --from ../drivers.zip --maintainer "Acme <virt@acme.example>"',
        'In CI, in this folder',
      ),
  handler: (options) => runInit(options, io),
});

async function runInit(options: InitOptions, io: CommandIo): Promise<void> {
  const epoch = givenEpoch(io.process.env) ?? Math.floor(Date.now() / 1000);
  const folder = resolve(options.dir);
  const known = await readOwnTables();
  requireValid(options);
  const work = async (scratch: ScratchContext): Promise<void> => {
    const context = { ...scratch, epoch };
    const looked = await lookAt(resolve(options.from), folder, known, context);
    scratch.reporter.close();
    io.process.stdout.write(printableLines(recognisedText(options.from, looked)));
    const asking = openQuestions(options, io);
    try {
      const answers = {
        name: await asking.text('name', 'Name of the release', nameOf(folder)),
        version: await asking.text('release-version', 'Version', looked.found.version ?? '1.0.0'),
        title: await asking.text('title', 'Title', suggestedTitle(looked.found.family, looked.found.drivers)),
        maintainer: await asking.text('maintainer', 'Maintainer', await ownAddress(io)),
        date: new Date(epoch * 1000).toISOString().slice(0, 10),
      };
      const planned = await planRelease(looked, answers, known, context);
      const { draft } = planned;
      const reason = planned.isUnsigned
        ? await asking.text('unsigned', 'The drivers are unsigned; why', reasonToFillIn)
        : undefined;
      asking.close();
      const ci = ciSystems.filter((system) => options.ci === 'all' || options.ci === system);
      const written = await writeRelease(looked, {
        draft: reason === undefined ? draft : withKeys(draft, { unsigned: reason }),
        answers,
        ci,
        pvdisc: await ownVersion(),
      });
      const isToFill = reason?.trim() === reasonToFillIn;
      io.process.stdout.write(printableLines(writtenText(looked, written, { ...planned, isToFill }, io)));
    } finally {
      asking.close();
    }
  };
  await scratchRun('init', io, new Map(), work, { showsProgress: true });
}

/** Returns a package name like that of a folder. */
function nameOf(folder: string): string {
  return basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '');
}

/** Returns the packager as dch(1) knows them, else git's author; empty if neither is set. */
async function ownAddress({ process: { env } }: CommandIo): Promise<string> {
  const { DEBFULLNAME: name, DEBEMAIL: address } = env;
  if (name !== undefined && address !== undefined) return `${name} <${address}>`;
  if ((await missingTools([tools.git])).length > 0) return '';
  const asked = ['user.name', 'user.email'].map((key) =>
    run(tools.git, ['config', '--get', key], { env }).then(
      ({ stdout }) => stdout.trim(),
      () => '',
    ),
  );
  const [author = '', email = ''] = await Promise.all(asked);
  return author === '' || email === '' ? '' : `${author} <${email}>`;
}

function recognisedText(from: string, { source, found }: LookedAt): string {
  const { infs, drivers, targets, newDrivers, folders, preferences, useless } = found;
  const kind = { directory: 'a folder', archive: 'an archive', iso: 'a disc' }[source.type];
  const lines = [
    `${from}: ${kind} with ${plural(infs, 'INF')} of ${plural(drivers.length, 'driver')}`,
    `  drivers: ${drivers.join(', ')}`,
    `  Windows: ${targets.join(', ')}`,
    ...(newDrivers.length === 0
      ? []
      : [`  new, for drivers/: ${newDrivers.map(({ name }) => name).join(', ')}`]),
    ...folders.map(
      ({ driver, folder, targets: proposed }) =>
        `  ${driver} in ${folder}: names no Windows; by its INF for ${proposed.join(', ')}`,
    ),
    ...preferences.map(
      ({ driver, folder, others }) => `  ${driver}: ${folder} goes before ${someOf(others)}`,
    ),
    ...useless.map((folder) => `  ${folder}: installs on no Windows that pvdisc knows; ignored`),
  ];
  return `${lines.join('\n')}\n\n`;
}

function writtenText(
  { folder, build, source }: LookedAt,
  { written, kept }: Written,
  { errors, refused, isToFill }: Pick<Planned, 'errors' | 'refused'> & { readonly isToFill: boolean },
  { process: { env } }: CommandIo,
): string {
  const shown = (path: string) => {
    const below = relative(process.cwd(), join(folder, path)) || '.';
    return below.startsWith('..') ? join(folder, path) : below;
  };
  const command = env.npm_command === 'exec' ? 'npx pvdisc' : 'pvdisc';
  const release = shellWord(shown('release.yaml'));
  const output = outputOf({ source });
  // Builds are written to dist/ of the current folder, if that is neither what git ignores otherwise nor in the drivers.
  const isUsual =
    resolve('.') === folder ? output === 'dist' : relative(build, resolve('dist')).startsWith('..');
  const out = isUsual ? '' : ` --out ${shellWord(shown(output))}`;
  const lines = [
    ...written.map((path) => `written: ${shown(path)}`),
    ...kept.map((path) => `kept:    ${shown(path)}, which was there`),
    ...(isToFill
      ? [
          '',
          `Fill in "unsigned" in ${shown('release.yaml')} first: every report shows the reason, and a build refuses the text that is there.`,
        ]
      : []),
    ...refused.flatMap(({ driver, folder: of, targets, rules }) => [
      '',
      `${driver} in ${of} is left out for ${targets.join(', ')}, where it has errors (${rules.join(', ')}).`,
    ]),
    ...(isOutside(source)
      ? [
          '',
          `The drivers are outside ${shown('.')}; where they are elsewhere, add --use drivers=PATH; CI takes them from DRIVERS.`,
        ]
      : []),
    ...(errors > 0 ? ['', `The drivers have ${plural(errors, 'error')} that would stop a build.`] : []),
    '',
    'Next:',
    `  ${command} ${errors > 0 ? `check ${release}` : `build ${release}${out}`}`,
  ];
  return `${lines.join('\n')}\n`;
}
