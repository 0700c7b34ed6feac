import { resolve } from 'node:path';
import * as z from 'zod';
import { PipelineError } from '../../core/errors.ts';
import { parseJson } from '../../core/parse-json.ts';
import { refusal, type Subject } from '../../core/refusal.ts';
import { guarded } from '../../system/guard.ts';
import { readPlainFile } from '../../system/path-kind.ts';
import { tools } from '../../system/tools.ts';
import { defineSource } from '../define.ts';
import { pathField, sha256Field } from '../fields.ts';
import { findPinnedFile } from '../pinned-file.ts';
import { compareReturned } from './compare.ts';
import { type SubmissionRecord, submissionSchema } from './submission-schema.ts';

const mostRecordBytes = 2 ** 24;

/** The archive that Microsoft returns for a submission, with each file at the paths that it has on the disc. */
export const submission = defineSource({
  type: 'submission',
  summary: 'what Microsoft signed of a `pvdisc submission`, checked against what was sent',
  schema: z.strictObject({
    type: z.literal('submission').describe('What Microsoft signed of a pvdisc submission'),
    path: pathField.describe("The archive that Microsoft returned, from the release file's folder"),
    record: pathField.describe('The record (.json) that pvdisc submission wrote beside the cabinet'),
    sha256: sha256Field.optional(),
  }),
  tools: [tools.xz, tools.zstd],
  pin: ({ record, sha256 }): Record<string, string> => ({ record, ...(sha256 !== undefined && { sha256 }) }),
  lists: ({ record }) => [record],
  open: (spec, request, context) =>
    guarded(request.place, context.signal, async () => {
      const { archiveFormats, unpack } = await import('../archive/unpack.ts');
      const pinned = await findPinnedFile(spec, request, context);
      const recordSubject = { place: request.place, name: spec.record };
      const record = await readRecord(resolve(request.baseDir, spec.record), recordSubject);
      const accepted = { formats: archiveFormats, expected: 'a zip or tar archive' };
      const all = { ...request, skip: () => false };
      const tree = await unpack(pinned, undefined, accepted, all, context);
      const { files, problems } = await compareReturned(tree, record, context.signal);
      if (problems.length > 0)
        throw new PipelineError(
          'input',
          problems.map((problem) => ({
            place: `${request.place}: ${problem.path}`,
            message: problem.message,
            hint: 'take the archive and the record of the same submission, as they are',
          })),
        );
      return { ...tree, files };
    }),
});

async function readRecord(file: string, subject: Subject): Promise<SubmissionRecord> {
  const hint = 'pvdisc submission writes it beside the cabinet';
  const read = await readPlainFile(file, mostRecordBytes);
  if ('problem' in read) throw refusal(subject, read.problem, hint);
  const parsed = submissionSchema.safeParse(parseJson(read.bytes.toString('utf8')));
  if (!parsed.success) throw refusal(subject, 'is no record of a submission', hint);
  return parsed.data;
}
