import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import type { RunContext } from '../core/context.ts';
import { withDeadline } from '../core/deadline.ts';
import { PipelineError } from '../core/errors.ts';
import { defaultLimits, startBudget } from '../core/limits.ts';
import { refusal, type Subject } from '../core/refusal.ts';
import { startPathRegister } from '../core/safe-path.ts';
import { parseDigests } from '../formats/sums.ts';
import { listFiles, openFile } from '../system/files.ts';
import { guarded } from '../system/guard.ts';
import { nearbyHint, pathKind, pathWords } from '../system/path-kind.ts';
import { defineSource, type SourceRequest } from './define.ts';
import { pathField } from './fields.ts';

/** A folder on disk, used in place. */
export const directory = defineSource({
  type: 'directory',
  summary: 'a folder on disk, used in place, such as your own driver build',
  schema: z.strictObject({
    type: z.literal('directory').describe('A folder on disk, used in place'),
    path: pathField.describe("The folder, from the release file's folder"),
    digests: pathField
      .optional()
      .describe(
        "A checksum list as sha256sum writes it, from the release file's folder; every file must match it",
      ),
  }),
  tools: [],
  pin: ({ digests }): Record<string, string> => (digests === undefined ? {} : { digests }),
  lists: ({ digests }) => (digests === undefined ? [] : [digests]),
  open: (spec, request, context) =>
    guarded(request.place, context.signal, async () => {
      const named = request.override ?? resolve(request.baseDir, spec.path);
      const subject = { place: request.place, name: request.override ?? spec.path };
      await requireFolder(named, subject, request);
      const root = await realpath(named);
      const paths = await withDeadline(subject, request.limits ?? defaultLimits, context, (timed) =>
        listSafePaths(root, subject, request, timed),
      );
      const files = paths.map((path) => (request.skip(path) ? { path } : { path, file: join(root, path) }));
      if (spec.digests === undefined) return { files };
      const digestsFile = resolve(request.baseDir, spec.digests);
      const handle = await openFile(digestsFile);
      const text = await handle
        .readFile({ encoding: 'utf8', signal: context.signal })
        .finally(() => handle.close());
      return { files, digests: parseDigests(text, { place: request.place, name: spec.digests }) };
    }),
});

async function listSafePaths(
  root: string,
  subject: Subject,
  { limits = defaultLimits }: SourceRequest,
  { signal }: RunContext,
): Promise<string[]> {
  const register = startPathRegister(subject, limits);
  const budget = startBudget(subject, limits);
  const files = await listFiles(root, () => {
    signal.throwIfAborted();
    budget.countEntry();
  });
  return files.map(({ path, size }) => {
    budget.countBytes(size);
    register.addFile(path);
    return path;
  });
}

async function requireFolder(root: string, subject: Subject, request: SourceRequest): Promise<void> {
  const kind = await pathKind(root);
  if (kind === 'folder') return;
  const message = kind === 'missing' ? 'no such folder' : `${pathWords[kind]}, expected a folder`;
  const near = kind === 'missing' ? await nearbyHint(root) : '';
  if (request.override === undefined)
    throw refusal(subject, message, `${near}paths start from the folder of the release file`);
  throw new PipelineError('usage', {
    place: `--use ${request.id}=${request.override}`,
    message,
    hint: `${near}give the folder that stands in for ${request.place}`,
  });
}
