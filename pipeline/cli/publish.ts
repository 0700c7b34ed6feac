import { resolve } from 'node:path';
import { PipelineError } from '../errors.ts';
import { requireTools, tools } from '../host/tools.ts';
import { type AptOptions, publishToApt } from '../publish/apt-repository.ts';
import { publishText, sourcesText } from '../publish/host-lines.ts';
import { printableLines } from '../report/columns.ts';
import type { Command, CommandIo } from './command.ts';
import { openScratchReporter } from './reporter.ts';
import { givenEpoch } from './run-context.ts';

interface PublishOptions {
  readonly releases: readonly string[];
  readonly apt: string;
  readonly key: string;
  readonly suite: string;
  readonly origin: string;
  readonly label: string | undefined;
  readonly 'valid-for': number | undefined;
  readonly url: string;
  readonly json: boolean;
}

/** `pvdisc publish`: add the packages of built releases to a signed apt repository. */
export const publish: Command<PublishOptions> = (io) => ({
  command: 'publish <releases..>',
  describe: 'Add the packages of built releases to a signed apt repository',
  builder: (parser) =>
    parser
      .usage(
        `$0 publish --apt DIR --key ID <releases..>

Checks each release against its SHA256SUMS, puts its packages into DIR, and signs the indexes. Older versions stay.
The folder can be served by any web server as it is; hosts see all that is new at once, or nothing.
The date of the indexes is now, since hosts take none that is older than the one they have; SOURCE_DATE_EPOCH overrides that.`,
      )
      .positional('releases', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'Folders of built releases, such as dist/pvdisc-sample-0.1.0',
      })
      .option('apt', {
        type: 'string',
        requiresArg: true,
        demandOption: true,
        describe: 'Root folder of the repository; made where it is missing',
      })
      .option('key', {
        type: 'string',
        requiresArg: true,
        demandOption: true,
        describe: 'Fingerprint, id or address of the secret key in your gpg keyring (GNUPGHOME)',
      })
      .option('suite', { type: 'string', requiresArg: true, default: 'stable', describe: 'Suite to add to' })
      .option('origin', {
        type: 'string',
        requiresArg: true,
        default: 'pvdisc',
        describe: 'Who publishes, for apt pinning; also the name of the key files',
      })
      .option('label', {
        type: 'string',
        requiresArg: true,
        describe: 'What it is; as the origin unless told',
      })
      .option('valid-for', {
        type: 'number',
        requiresArg: true,
        describe: 'DAYS after which hosts refuse the indexes, unless published again; never unless told',
      })
      .option('url', {
        type: 'string',
        requiresArg: true,
        default: 'https://apt.example.org',
        describe: 'Where hosts find the folder, for what is printed at the end',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print one JSON document instead' })
      .example('$0 publish --apt /srv/apt --key me@example.org dist/pvdisc-sample-0.1.0', ''),
  handler: (options) => runPublish(options, io),
});

async function runPublish(options: PublishOptions, io: CommandIo): Promise<void> {
  const apt = aptOptions(options);
  const epoch = givenEpoch(io.process.env);
  await requireTools([tools['apt-ftparchive'], tools.gpg, tools.xz]);
  const reporter = openScratchReporter('publish', !options.json, io.process);
  const onWait = () => reporter.note(`another run is publishing to ${apt.root}; waiting for it to end`);
  const { GNUPGHOME: gnupgHome } = io.process.env;
  const published = await publishToApt(apt, {
    gnupgHome,
    epoch,
    signal: io.signal,
    reporter,
    onWait,
  }).finally(reporter.close);
  const url = options.url.replace(/\/+$/, '');
  const sources = sourcesText(apt, published.keyName, url);
  const json = { folder: apt.root, suite: apt.suite, ...published, sources };
  io.process.stdout.write(
    options.json ? `${JSON.stringify(json, null, 2)}\n` : printableLines(publishText(apt, published, url)),
  );
}

function aptOptions({
  releases,
  apt,
  key,
  suite,
  origin,
  label = origin,
  'valid-for': validFor,
}: PublishOptions): AptOptions {
  requireWord('--suite', suite, /^[a-z0-9][a-z0-9.+-]*$/, 'lower-case letters, digits, ".", "+" and "-"');
  for (const [option, text] of [
    ['--origin', origin],
    ['--label', label],
  ] as const) {
    requireWord(option, text, /^[A-Za-z0-9][A-Za-z0-9 .+-]*$/, 'letters, digits, spaces, ".", "+" and "-"');
  }
  if (validFor !== undefined)
    requireWord('--valid-for', String(validFor), /^[1-9]\d{0,3}$/, 'a whole number of days, at most 9999');
  return {
    root: resolve(apt),
    releases: [...new Set(releases.map((folder) => resolve(folder)))],
    key,
    suite,
    origin,
    label,
    ...(validFor !== undefined && { validForDays: validFor }),
  };
}

function requireWord(option: string, text: string, pattern: RegExp, words: string): void {
  if (pattern.test(text)) return;
  throw new PipelineError('usage', {
    place: `${option} ${text}`,
    message: `must be ${words}`,
    hint: 'see pvdisc publish --help',
  });
}
