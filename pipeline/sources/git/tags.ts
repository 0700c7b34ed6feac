import { dirname } from 'node:path';
import { PipelineError } from '../../core/errors.ts';
import { requireTools, tools } from '../../system/tools.ts';
import { gitDirOf } from './find-repository.ts';
import { runGit } from './run-git.ts';

/** A tag of a version: when it was made, and what it says is new. */
export interface TaggedVersion {
  readonly tag: string;
  readonly version: string;
  /** Seconds since 1970 (UTC): of the tagger, or of the commit for a tag without a message. */
  readonly epoch: number;
  readonly changes: string[];
}

/** Returns the version tags in the history of the checked-out commit of a folder's repository, newest first; a version may follow one of `prefixes`. */
export async function taggedVersions(folder: string, prefixes: readonly string[]): Promise<TaggedVersion[]> {
  const gitDir = await repositoryOf(folder);
  await requireTools([tools.git]);
  const fields = ['%(refname:short)', '%(creatordate:unix)', '%(contents:subject)', '%(contents:body)'];
  const listed = await runGit(
    gitDir,
    [
      'for-each-ref',
      '--merged=HEAD',
      '--sort=-version:refname',
      `--format=${fields.join('%00')}%00%00`,
      'refs/tags',
    ],
    new AbortController().signal,
  );
  const found = listed.split('\0\0\n').flatMap((entry): TaggedVersion[] => {
    const [tag = '', epoch = '', subject = '', body = ''] = entry.split('\0');
    const version = tag.slice(prefixes.find((prefix) => tag.startsWith(prefix))?.length ?? 0);
    if (!/^\d[0-9A-Za-z.+~]*(?:-[0-9A-Za-z.+~]+)?$/.test(version)) return [];
    return [{ tag, version, epoch: Number(epoch), changes: changesOf(subject, body) }];
  });
  return found.sort((a, b) => b.epoch - a.epoch);
}

/** The list items of a message, else its paragraphs, as one line each; signatures are not part of it. */
function changesOf(subject: string, body: string): string[] {
  const text = body.replace(/-----BEGIN [A-Z ]+-----.*$/s, '');
  const items = text.split(/^\s*[*-]\s+|\n\s*\n/m).map((item) => item.replace(/\s+/g, ' ').trim());
  return [subject, ...items]
    .map((item) => item.replace(/\p{Cc}/gu, ' ').trim())
    .filter((item) => item !== '');
}

async function repositoryOf(folder: string): Promise<string> {
  for (let at = folder; ; at = dirname(at)) {
    const gitDir = await gitDirOf(at);
    if (gitDir !== undefined) return gitDir;
    if (dirname(at) === at)
      throw new PipelineError('input', {
        place: folder,
        message: 'is not in a git repository, whose tags the changelog takes',
        hint: 'type "git init" there and tag the release, or list the versions under "changelog"',
      });
  }
}
