import type * as z from 'zod';
import { PipelineError } from '../core/errors.ts';
import { parseJson } from '../core/parse-json.ts';
import { type Inspection, inspectionSchema } from '../inspect/inspection-schema.ts';
import { type ReleaseRecord, recordSchema } from '../model/record.ts';
import { readPlainFile } from '../system/path-kind.ts';

/** 64 MiB; the inspection of the largest disc has about 8 MiB. */
const maxDocumentBytes = 2 ** 26;

/** Reads the record of a build, or the JSON output of `pvdisc inspect`. */
export async function readDocument(path: string, place: string): Promise<ReleaseRecord | Inspection> {
  const read = await readPlainFile(path, maxDocumentBytes);
  if ('problem' in read) throw refused(place, read.problem);
  const document = parseJson(read.bytes.toString());
  if (document === undefined) throw refused(place, 'begins like JSON, but is not valid JSON');
  const isInspection = typeof document === 'object' && document !== null && 'packages' in document;
  const parsed = (isInspection ? inspectionSchema : recordSchema).safeParse(document);
  if (parsed.success) return parsed.data;
  throw unreadable(place, document, parsed.error, isInspection ? 'an inspection' : 'the record of a build');
}

/** Keys are only added within a schema version, so a document whose only fault is unknown keys comes from a newer pvdisc. */
function unreadable(place: string, document: unknown, { issues }: z.ZodError, what: string): PipelineError {
  const version = typeof document === 'object' && document !== null && 'schemaVersion' in document;
  const number = version ? document.schemaVersion : undefined;
  const keys = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
  const isNewer = typeof number === 'number' && number > 1;
  if (isNewer || issues.every(({ code }) => code === 'unrecognized_keys')) {
    const found = isNewer
      ? `schemaVersion ${number}`
      : `unknown keys (${[...new Set(keys)].slice(0, 5).join(', ')})`;
    return refused(
      place,
      `is from a newer pvdisc: it has ${found}`,
      'update pvdisc, or give the disc or the package',
    );
  }
  const [issue] = issues;
  const at = issue?.path.join('.') ?? '';
  return refused(place, `is not ${what}: ${at === '' ? '' : `${at}: `}${issue?.message}`);
}

function refused(place: string, message: string, hint = expected): PipelineError {
  return new PipelineError('input', { place, message, hint });
}

const expected =
  'give a release.json, the output of pvdisc inspect --format json, a disc, a package or a folder';
