import { resolve } from 'node:path';
import { PipelineError } from '../core/errors.ts';
import { printableLines } from '../core/text.ts';
import { type AptOptions, publishToApt } from '../publish/apt-repository.ts';
import { publishText } from '../publish/host-lines.ts';
import { sourcesText } from '../publish/host-steps.ts';
import { requireTools, tools } from '../system/tools.ts';
import type { CommandIo } from './command.ts';
import { badOption, exampleUrl, type PublishOptions } from './publish-options.ts';
import { jsonText } from './report/json-text.ts';
import { userError } from './report-error.ts';
import { openScratchReporter } from './reporter.ts';
import { givenEpoch } from './run-context.ts';

/** Options of `publish --apt`. */
export type PublishAptOptions = PublishOptions & { readonly apt: string; readonly key: string };

/** Adds the packages of releases to an apt repository. */
export async function publishApt(options: PublishAptOptions, io: CommandIo): Promise<void> {
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
}: PublishAptOptions): AptOptions {
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
