import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { PipelineError } from '../core/errors.ts';
import { printableLines } from '../core/text.ts';
import { publishToApt } from '../publish/apt-repository.ts';
import { publishText } from '../publish/host-lines.ts';
import { aptSteps, dnfSteps, repoText, sourcesText } from '../publish/host-steps.ts';
import type { RepositoryOptions } from '../publish/repository.ts';
import { publishToDnf } from '../publish/rpm-repository.ts';
import { createrepo, requireTools, tools } from '../system/tools.ts';
import type { CommandIo } from './command.ts';
import { badOption, type PublishOptions } from './publish-options.ts';
import { jsonText } from './report/json-text.ts';
import { userError } from './report-error.ts';
import { openScratchReporter } from './reporter.ts';
import { givenEpoch } from './run-context.ts';

/** Options of `publish --apt` and `publish --rpm`. */
type PublishPackagesOptions = PublishOptions & { readonly key: string };

const kinds = {
  apt: {
    option: '--apt',
    exampleUrl: 'https://apt.example.org',
    tools: [tools['apt-ftparchive'], tools.xz],
    publish: publishToApt,
    sources: sourcesText,
    steps: aptSteps,
    install: 'sudo apt install',
  },
  rpm: {
    option: '--rpm',
    exampleUrl: 'https://rpm.example.org',
    tools: [createrepo],
    publish: publishToDnf,
    sources: repoText,
    steps: dnfSteps,
    install: 'sudo dnf install',
  },
} as const;

/** Adds the packages of releases to a repository for apt or dnf. */
export async function publishPackages(options: PublishPackagesOptions, io: CommandIo): Promise<void> {
  const kind = options.apt === undefined ? kinds.rpm : kinds.apt;
  const repository = repositoryOptions(options);
  const epoch = givenEpoch(io.process.env);
  await requireTools([...kind.tools, tools.gpg, tools.gpgv]);
  process.umask(process.umask(0o022) & 0o022); // a web server reads the repository as another user
  const reporter = openScratchReporter('publish', !options.json, io.process);
  const onWait = () => reporter.note(`waiting for another run that publishes to ${repository.root}`);
  const { GNUPGHOME: gnupgHome } = io.process.env;
  const published = await kind
    .publish(repository, { gnupgHome, epoch, signal: io.signal, reporter, onWait })
    .catch((error: unknown) => {
      throw hintingAt(kind.option, repository.root, error);
    })
    .finally(reporter.close);
  const { root: folder, suite, url = kind.exampleUrl } = repository;
  const { keyName } = published;
  const sources = kind.sources(repository, keyName, url);
  const use = { url, steps: kind.steps(repository, keyName, url), install: kind.install };
  const json = { folder, suite, ...published, sources };
  io.process.stdout.write(
    options.json ? jsonText(json) : printableLines(publishText(repository, published, use)),
  );
}

/** Adds to the hints about full or read-only disks how to choose the folders that this command writes to, and names them where the error has no path. */
function hintingAt(option: string, root: string, error: unknown): unknown {
  const known = userError(error);
  if (known === undefined) return error;
  const { syscall, path } = error as NodeJS.ErrnoException;
  const isPlaceless = syscall !== undefined && path === undefined;
  const problems = known.problems.map(({ hint, ...problem }) => ({
    ...problem,
    ...(isPlaceless && { place: `${root} or ${tmpdir()}` }),
    ...(hint !== undefined && { hint: hint.replace(/ folder$/, ` folder with ${option} or TMPDIR`) }),
  }));
  return new PipelineError(known.kind, problems, { cause: error });
}

function repositoryOptions({
  releases,
  apt,
  rpm = '',
  key,
  'old-key': oldKey,
  'release-key': releaseKey,
  suite,
  origin,
  label = origin,
  'valid-for': validFor,
  url,
}: PublishPackagesOptions): RepositoryOptions {
  const isUrl =
    url === undefined || (/^(?:https?|file):\/\/[\w.~:/@%+,=[\]-]+$/.test(url) && URL.canParse(url));
  if (!isUrl) throw badOption('--url', url, 'an http, https or file URL without query, quotes or spaces');
  requireMatch('--suite', suite, /^[a-z0-9][a-z0-9.+-]*$/, 'lower-case letters, digits, ".", "+" and "-"');
  for (const [option, text] of [
    ['--origin', origin],
    ['--label', label],
  ] as const) {
    requireMatch(option, text, /^[A-Za-z0-9][A-Za-z0-9 .+-]*$/, 'letters, digits, spaces, ".", "+" and "-"');
  }
  if (validFor !== undefined && apt === undefined)
    throw badOption('--valid-for', validFor, 'left out with --rpm, since dnf knows no such date');
  if (validFor !== undefined)
    requireMatch('--valid-for', validFor, /^[1-9]\d{0,3}$/, 'a number of days from 1 to 9999');
  return {
    root: resolve(apt ?? rpm),
    releases: [...new Set(releases.map((folder) => resolve(folder)))],
    key,
    suite,
    origin,
    label,
    ...(oldKey !== undefined && { oldKey: resolve(oldKey) }),
    ...(releaseKey !== undefined && { releaseKey: resolve(releaseKey) }),
    ...(url !== undefined && { url: url.replace(/\/+$/, '') }),
    ...(validFor !== undefined && { validForDays: Number(validFor) }),
  };
}

function requireMatch(option: string, text: string, pattern: RegExp, expected: string): void {
  if (!pattern.test(text)) throw badOption(option, text, expected);
}
