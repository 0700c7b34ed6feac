import { resolve } from 'node:path';
import { PipelineError } from '../core/errors.ts';
import { printableLines } from '../core/text.ts';
import { type AptOptions, publishToApt } from '../publish/apt-repository.ts';
import { publishText } from '../publish/host-lines.ts';
import { sourcesText } from '../publish/host-steps.ts';
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
  readonly 'valid-for': string | undefined;
  readonly url: string;
  readonly json: boolean;
}

/** Stands in the printed instructions for the URL that was not given. */
const exampleUrl = 'https://apt.example.org';

export const publishCommand: Command<PublishOptions> = (io) => ({
  command: 'publish <releases..>',
  describe: 'Add the packages of built releases to a signed apt repository',
  builder: (parser) =>
    parser
      .usage(
        `$0 publish --apt DIR --key ID <releases..>

Checks each release against its SHA256SUMS, adds its packages to DIR and signs the indexes. Older
versions stay. Hosts see either the whole update or none of it. Any web server can serve DIR,
whatever the umask. The current index must have the same origin and label, and be signed by --key,
or by --old-key after a change of keys; an expired key is refused until it is extended. With
--release-key, each release must have a good signature by that key. Without it, a release that is
unsigned, or signed by another key than --key, is published with a note. A bad signature is an
error. Publishing a release again restores missing or damaged files in the pool. A package in the
pool that neither the index of the suite nor a release lists is an error: the index may have been
removed or replaced by an older one. Whoever can write to DIR can still remove packages unnoticed;
docs/deploy.md describes how to prevent that. The indexes are dated now, since hosts refuse an
older index than theirs; SOURCE_DATE_EPOCH overrides this.`,
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
        describe: 'DIR: root folder of the repository; created if missing',
      })
      .option('key', {
        type: 'string',
        requiresArg: true,
        demandOption: true,
        describe: 'ID: secret key in your GnuPG keyring (fingerprint, key id or address)',
      })
      .option('old-key', {
        type: 'string',
        requiresArg: true,
        describe: 'FILE: public key that signed the suite until now, if --key is new',
      })
      .option('release-key', {
        type: 'string',
        requiresArg: true,
        describe: 'FILE: require SHA256SUMS of each release to be signed by this public key',
      })
      .option('suite', { type: 'string', requiresArg: true, default: 'stable', describe: 'Suite to add to' })
      .option('origin', {
        type: 'string',
        requiresArg: true,
        default: 'pvdisc',
        describe: 'Origin field of the Release file, for apt pinning; also names the key files',
      })
      .option('label', {
        type: 'string',
        requiresArg: true,
        describe: 'Label field of the Release file; default: the origin',
      })
      .option('valid-for', {
        type: 'string',
        requiresArg: true,
        describe: 'DAYS: hosts refuse the indexes after this time; default: never',
      })
      .option('url', {
        type: 'string',
        requiresArg: true,
        default: exampleUrl,
        describe: 'URL of the repository, for the instructions that are printed and those in its index.html',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print one JSON document' })
      .example('$0 publish --apt /srv/apt --key me@example.org dist/pvdisc-sample-0.1.0', ''),
  handler: (options) => runPublish(options, io),
});

async function runPublish(options: PublishOptions, io: CommandIo): Promise<void> {
  const apt = aptOptions(options);
  const epoch = givenEpoch(io.process.env);
  await requireTools([tools['apt-ftparchive'], tools.gpg, tools.gpgv, tools.xz]);
  process.umask(process.umask(0o022) & 0o022); // a web server reads the repository as another user
  const reporter = openScratchReporter('publish', !options.json, io.process);
  const onWait = () => reporter.note(`waiting for another run that publishes to ${apt.root}`);
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

/** Replaces `--out` in the hints about full or read-only disks by the folders that this command writes to. */
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
  if (!isUrl) throw badOption('--url', url, 'an http, https or file URL without query, quotes or spaces');
  requireMatch('--suite', suite, /^[a-z0-9][a-z0-9.+-]*$/, 'lower-case letters, digits, ".", "+" and "-"');
  for (const [option, text] of [
    ['--origin', origin],
    ['--label', label],
  ] as const) {
    requireMatch(option, text, /^[A-Za-z0-9][A-Za-z0-9 .+-]*$/, 'letters, digits, spaces, ".", "+" and "-"');
  }
  if (validFor !== undefined)
    requireMatch('--valid-for', validFor, /^[1-9]\d{0,3}$/, 'a number of days from 1 to 9999');
  return {
    root: resolve(apt),
    releases: [...new Set(releases.map((folder) => resolve(folder)))],
    key,
    suite,
    origin,
    label,
    ...(oldKey !== undefined && { oldKey: resolve(oldKey) }),
    ...(releaseKey !== undefined && { releaseKey: resolve(releaseKey) }),
    ...(url !== exampleUrl && { url: url.replace(/\/+$/, '') }),
    ...(validFor !== undefined && { validForDays: Number(validFor) }),
  };
}

function requireMatch(option: string, text: string, pattern: RegExp, expected: string): void {
  if (!pattern.test(text)) throw badOption(option, text, expected);
}

function badOption(option: string, text: string, expected: string): PipelineError {
  return new PipelineError('usage', {
    place: `${option} ${text}`,
    message: `must be ${expected}`,
    hint: 'see pvdisc publish --help',
  });
}
