import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as z from 'zod';
import type { RunContext } from '../../core/context.ts';
import { withDeadline } from '../../core/deadline.ts';
import { PipelineError } from '../../core/errors.ts';
import { defaultLimits } from '../../core/limits.ts';
import { refusal } from '../../core/refusal.ts';
import { plural, someOf } from '../../core/text.ts';
import { exists } from '../../system/files.ts';
import { guarded } from '../../system/guard.ts';
import { tools } from '../../system/tools.ts';
import { startExtraction } from '../archive/extraction.ts';
import { defineSource, type SourceRequest, type SourceTree } from '../define.ts';
import { folderField, pathField, urlField } from '../fields.ts';
import { exportFiles } from './export-files.ts';
import { fetchCommit } from './fetch-commit.ts';
import { gitDirOf, hasCommit } from './find-repository.ts';
import { listCommit, parseListing, requireSameListing, type TreeEntry } from './list-commit.ts';
import { checkPlainFolder, releaseRoot } from './plain-folder.ts';

const schema = z.strictObject({
  type: z.literal('git').describe('A folder of one commit of a git repository'),
  url: urlField(['https', 'http', 'ssh', 'git', 'file']).describe('Address that git fetches the commit from'),
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}$/, 'must be the full id of a commit, 40 lower-case hexadecimal digits')
    .describe('Full id of the commit, 40 lower-case hexadecimal digits'),
  folder: folderField.optional(),
  listing: pathField
    .optional()
    .describe(
      "What `git ls-tree -r COMMIT:FOLDER` prints, as a file, from the release file's folder; lets --use name a plain folder",
    ),
});
type GitSpec = z.output<typeof schema>;

/** A folder of one commit of a git repository; the commit's id covers every byte. */
export const git = defineSource({
  type: 'git',
  summary: 'a folder of one commit of a git repository',
  schema,
  tools: [tools.git],
  pin: ({ url, commit, folder }): Record<string, string> => ({
    url,
    commit,
    ...(folder !== undefined && { folder }),
  }),
  lists: ({ listing }) => (listing === undefined ? [] : [listing]),
  open: (spec, request, context) =>
    guarded(request.place, context.signal, async () => {
      const { override } = request;
      const subject = { place: request.place, name: override ?? spec.url };
      const timed = <Result>(read: (context: RunContext) => Promise<Result>) =>
        withDeadline(subject, request.limits ?? defaultLimits, context, read);
      if (override === undefined) {
        const gitDir = await fetchCommit(spec, request, context);
        return timed((inTime) => exportCommit(gitDir, spec, request, inTime));
      }
      await requireFolder(override, request);
      const gitDir = await gitDirOf(override);
      if (gitDir === undefined) return timed((inTime) => usePlainFolder(override, spec, request, inTime));
      if (await hasCommit(gitDir, spec.commit, context.signal))
        return timed((inTime) => exportCommit(gitDir, spec, request, inTime));
      throw refusal(
        subject,
        `this repository does not have commit ${spec.commit}`,
        `fetch it there: git -C ${override} fetch ${spec.url} ${spec.commit}`,
      );
    }),
});

async function exportCommit(
  gitDir: string,
  spec: GitSpec,
  request: SourceRequest,
  context: RunContext,
): Promise<SourceTree> {
  const subject = { place: request.place, name: request.override ?? spec.url };
  const extraction = startExtraction({ subject }, request, context);
  const source = { gitDir, commit: spec.commit, folder: spec.folder };
  const entries = await listCommit(source, extraction);
  if (spec.listing !== undefined) {
    requireSameListing(await readListing(spec.listing, request), entries, {
      place: request.place,
      name: spec.listing,
    });
  }
  return exportFiles(source, entries, extraction);
}

async function usePlainFolder(
  path: string,
  { folder, listing, commit }: GitSpec,
  request: SourceRequest,
  { signal, reporter }: RunContext,
): Promise<SourceTree> {
  const subject = { place: request.place, name: path };
  if (listing === undefined) {
    throw refusal(
      subject,
      `a plain folder cannot be checked against commit ${commit}, since the source has no listing`,
      'give a git checkout or bare repository that has the commit',
    );
  }
  const entries = await readListing(listing, request);
  const tree = await checkPlainFolder({
    root: await releaseRoot(path, folder),
    listing: entries,
    subject,
    skip: request.skip,
    limits: request.limits ?? defaultLimits,
    signal,
  });
  const found = new Set(tree.files.map((file) => file.path));
  const absent = entries.map((entry) => entry.path).filter((name) => !found.has(name) && !request.skip(name));
  if (absent.length > 0)
    reporter.note(`${path} lacks ${plural(absent.length, 'file')} of commit ${commit}: ${someOf(absent)}`);
  return tree;
}

async function readListing(listing: string, { baseDir, place }: SourceRequest): Promise<TreeEntry[]> {
  const subject = { place, name: listing };
  const file = resolve(baseDir, listing);
  if (!(await exists(file))) {
    throw refusal(
      subject,
      'no such file',
      'write it: git ls-tree -r COMMIT:FOLDER > FILE, beside the release',
    );
  }
  return parseListing(await readFile(file, 'utf8'), subject);
}

async function requireFolder(override: string, { id, place }: SourceRequest): Promise<void> {
  if ((await exists(override)) && (await stat(override)).isDirectory()) return;
  throw new PipelineError('usage', {
    place: `--use ${id}=${override}`,
    message: 'no such folder',
    hint: `give a git checkout, a bare repository or a plain folder that stands in for ${place}`,
  });
}
