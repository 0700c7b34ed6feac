import { resolve } from 'node:path';
import { PipelineError } from '../core/errors.ts';
import { printableLines } from '../core/text.ts';
import { publishToApt } from '../publish/apt-repository.ts';
import { aptCommands, dnfCommands, publishText, repoText, sourcesText } from '../publish/host-lines.ts';
import type { RepositoryOptions } from '../publish/repository.ts';
import { publishToDnf } from '../publish/rpm-repository.ts';
import { createrepo, requireTools, tools } from '../system/tools.ts';
import type { Command, CommandIo } from './command.ts';
import { jsonText } from './report/json-text.ts';
import { userError } from './report-error.ts';
import { openScratchReporter } from './reporter.ts';
import { givenEpoch } from './run-context.ts';

interface PublishOptions {
  readonly releases: readonly string[];
  readonly apt: string | undefined;
  readonly rpm: string | undefined;
  readonly key: string;
  readonly 'old-key': string | undefined;
  readonly 'release-key': string | undefined;
  readonly suite: string;
  readonly origin: string;
  readonly label: string | undefined;
  readonly 'valid-for': string | undefined;
  readonly url: string | undefined;
  readonly json: boolean;
}

export const publishCommand: Command<PublishOptions> = (io) => ({
  command: 'publish <releases..>',
  describe: 'Add the packages of built releases to a signed apt or dnf repository',
  builder: (parser) =>
    parser
      .usage(
        `$0 publish --apt|--rpm DIR --key ID <releases..>

Checks each release against its SHA256SUMS, adds its packages to DIR and signs the indexes: those for
apt with --apt, those for dnf with --rpm. Older
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
        describe: 'DIR: root folder of a repository for apt; created if missing',
      })
      .option('rpm', {
        type: 'string',
        requiresArg: true,
        describe: 'DIR: root folder of a repository for dnf; created if missing',
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
        describe: 'Origin field of the index, for apt pinning; also names the key files',
      })
      .option('label', {
        type: 'string',
        requiresArg: true,
        describe: 'Label field of the Release file of apt; default: the origin',
      })
      .option('valid-for', {
        type: 'string',
        requiresArg: true,
        describe: 'DAYS: hosts with apt refuse the indexes after this time; default: never',
      })
      .option('url', {
        type: 'string',
        requiresArg: true,
        describe: 'URL of the repository, for the instructions that are printed [default: an example]',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print one JSON document' })
      .example('$0 publish --apt /srv/apt --key me@example.org dist/pvdisc-sample-0.1.0', ''),
  handler: (options) => runPublish(options, io),
});

async function runPublish(options: PublishOptions, io: CommandIo): Promise<void> {
  const target = targetOf(options);
  const repository = repositoryOptions(options, target.root);
  const url = (options.url ?? target.url).replace(/\/+$/, '');
  requireUrl(url);
  const epoch = givenEpoch(io.process.env);
  await requireTools([...target.tools, tools.gpg, tools.gpgv]);
  process.umask(process.umask(0o022) & 0o022); // a web server reads the repository as another user
  const reporter = openScratchReporter('publish', !options.json, io.process);
  const onWait = () => reporter.note(`waiting for another run that publishes to ${repository.root}`);
  const { GNUPGHOME: gnupgHome } = io.process.env;
  const published = await target
    .publish(repository, { gnupgHome, epoch, signal: io.signal, reporter, onWait })
    .catch((error: unknown) => {
      throw hintingAt(target.option, error);
    })
    .finally(reporter.close);
  const { root: folder, suite } = repository;
  const sources = target.sources(repository, published.keyName, url);
  const commands = target.commands(repository, published.keyName, url);
  const json = { folder, suite, ...published, sources };
  io.process.stdout.write(
    options.json ? jsonText(json) : printableLines(publishText(repository, published, commands)),
  );
}

const kinds = {
  apt: {
    option: '--apt',
    url: 'https://apt.example.org',
    tools: [tools['apt-ftparchive'], tools.xz],
    publish: publishToApt,
    sources: sourcesText,
    commands: aptCommands,
  },
  rpm: {
    option: '--rpm',
    url: 'https://rpm.example.org',
    tools: [createrepo],
    publish: publishToDnf,
    sources: repoText,
    commands: dnfCommands,
  },
} as const;

/** Returns what to do for the one kind of repository that is asked for. */
function targetOf({ apt, rpm }: PublishOptions) {
  if (apt !== undefined && rpm === undefined) return { ...kinds.apt, root: resolve(apt) };
  if (rpm !== undefined && apt === undefined) return { ...kinds.rpm, root: resolve(rpm) };
  throw new PipelineError('usage', {
    place: 'publish',
    message:
      apt === undefined ? 'which repository? --apt or --rpm is missing' : 'takes --apt or --rpm, not both',
    hint: 'run it once for each repository: pvdisc publish --apt DIR …, pvdisc publish --rpm DIR …',
  });
}

/** Replaces `--out` in the hints about full or read-only disks by the folders that this command writes to. */
function hintingAt(option: string, error: unknown): unknown {
  const known = userError(error);
  if (known === undefined) return error;
  const problems = known.problems.map(({ hint, ...problem }) =>
    hint === undefined ? problem : { ...problem, hint: hint.replace(/--out$/, `${option} or TMPDIR`) },
  );
  return new PipelineError(known.kind, problems, { cause: error });
}

function requireUrl(url: string): void {
  const isUrl = /^(?:https?|file):\/\/[\w.~:/@%+,=[\]-]+$/.test(url) && URL.canParse(url);
  if (!isUrl) throw badOption('--url', url, 'an http, https or file URL without query, quotes or spaces');
}

function repositoryOptions(
  {
    releases,
    key,
    'old-key': oldKey,
    'release-key': releaseKey,
    suite,
    origin,
    label = origin,
    'valid-for': validFor,
    rpm,
  }: PublishOptions,
  root: string,
): RepositoryOptions {
  requireMatch('--suite', suite, /^[a-z0-9][a-z0-9.+-]*$/, 'lower-case letters, digits, ".", "+" and "-"');
  for (const [option, text] of [
    ['--origin', origin],
    ['--label', label],
  ] as const) {
    requireMatch(option, text, /^[A-Za-z0-9][A-Za-z0-9 .+-]*$/, 'letters, digits, spaces, ".", "+" and "-"');
  }
  if (validFor !== undefined && rpm !== undefined)
    throw badOption('--valid-for', validFor, 'left out with --rpm, since dnf knows no such date');
  if (validFor !== undefined)
    requireMatch('--valid-for', validFor, /^[1-9]\d{0,3}$/, 'a number of days from 1 to 9999');
  return {
    root,
    releases: [...new Set(releases.map((folder) => resolve(folder)))],
    key,
    suite,
    origin,
    label,
    ...(oldKey !== undefined && { oldKey: resolve(oldKey) }),
    ...(releaseKey !== undefined && { releaseKey: resolve(releaseKey) }),
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
