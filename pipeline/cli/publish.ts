import { resolve } from 'node:path';
import { PipelineError } from '../core/errors.ts';
import { printableLines } from '../core/text.ts';
import { type AptOptions, publishToApt } from '../publish/apt-repository.ts';
import { publishText, sourcesText } from '../publish/host-lines.ts';
import { requireTools, tools } from '../system/tools.ts';
import type { Command, CommandIo } from './command.ts';
import { jsonText } from './report/json-text.ts';
import { userError } from './report-error.ts';
import { openScratchReporter } from './reporter.ts';
import { givenEpoch } from './run-context.ts';

interface PublishOptions {
  readonly releases: readonly string[];
  readonly apt: string;
  readonly key: string;
  readonly 'old-key': string | undefined;
  readonly 'release-key': string | undefined;
  readonly suite: string;
  readonly origin: string;
  readonly label: string | undefined;
  readonly 'valid-for': number | undefined;
  readonly url: string;
  readonly json: boolean;
}

/** `pvdisc publish`: add the packages of built releases to a signed apt repository. */
export const publishCommand: Command<PublishOptions> = (io) => ({
  command: 'publish <releases..>',
  describe: 'Add the packages of built releases to a signed apt repository',
  builder: (parser) =>
    parser
      .usage(
        `$0 publish --apt DIR --key ID <releases..>

Checks each release against its SHA256SUMS, puts its packages into DIR, and signs the indexes. Older versions stay.
The index that the suite has must have the same origin and label, and be signed by the key of --key,
or by that of --old-key after a change of key; a key that has expired is refused until it is extended.
With --release-key, each release must have a good signature by that key. Without it, a release with
no signature, or with one by another key than --key, is published and named; a bad signature stops.
A release that is given again restores its files in the pool where they are missing or damaged.
The pool must hold no other package of the suite than the index and the releases name: the index may
have been removed, or replaced by an older one. Whoever can write to DIR can still remove packages
unnoticed; docs/deploy.md says how to prevent it.
The folder can be served by any web server as it is, whatever the umask; hosts see all that is new at once, or nothing.
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
      .option('old-key', {
        type: 'string',
        requiresArg: true,
        describe: 'FILE: the public key that signed the suite so far, where --key is a new one',
      })
      .option('release-key', {
        type: 'string',
        requiresArg: true,
        describe: 'FILE: the public key that must have signed the SHA256SUMS of each release',
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
  await requireTools([tools['apt-ftparchive'], tools.gpg, tools.gpgv, tools.xz]);
  process.umask(process.umask(0o022) & 0o022); // a web server reads the repository as another user
  const reporter = openScratchReporter('publish', !options.json, io.process);
  const onWait = () => reporter.note(`another run is publishing to ${apt.root}; waiting for it to end`);
  const { GNUPGHOME: gnupgHome } = io.process.env;
  const published = await publishToApt(apt, {
    gnupgHome,
    epoch,
    signal: io.signal,
    reporter,
    onWait,
  })
    .catch((error: unknown) => {
      throw hintingAtApt(error);
    })
    .finally(reporter.close);
  const url = options.url.replace(/\/+$/, '');
  const sources = sourcesText(apt, published.keyName, url);
  const json = { folder: apt.root, suite: apt.suite, ...published, sources };
  io.process.stdout.write(options.json ? jsonText(json) : printableLines(publishText(apt, published, url)));
}

/** The hints of a full or read-only disk name `--out`, the option of most commands; both folders are written here. */
function hintingAtApt(error: unknown): unknown {
  const known = userError(error);
  if (known === undefined) return error;
  const problems = known.problems.map(({ hint, ...problem }) =>
    hint === undefined ? problem : { ...problem, hint: hint.replace(/--out$/, '--apt or TMPDIR') },
  );
  return new PipelineError(known.kind, problems, { cause: error });
}

function aptOptions({
  releases,
  apt,
  key,
  'old-key': oldKey,
  'release-key': releaseKey,
  suite,
  origin,
  label = origin,
  'valid-for': validFor,
  url,
}: PublishOptions): AptOptions {
  const isUrl = /^(?:https?|file):\/\/[\w.~:/@%+,=[\]-]+$/.test(url) && URL.canParse(url);
  if (!isUrl) throw badOption('--url', url, 'an http, https or file URL without query, quotes or blanks');
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
    ...(oldKey !== undefined && { oldKey: resolve(oldKey) }),
    ...(releaseKey !== undefined && { releaseKey: resolve(releaseKey) }),
    ...(validFor !== undefined && { validForDays: validFor }),
  };
}

function requireWord(option: string, text: string, pattern: RegExp, words: string): void {
  if (!pattern.test(text)) throw badOption(option, text, words);
}

function badOption(option: string, text: string, words: string): PipelineError {
  return new PipelineError('usage', {
    place: `${option} ${text}`,
    message: `must be ${words}`,
    hint: 'see pvdisc publish --help',
  });
}
