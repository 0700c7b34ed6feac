import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { recordName } from '../attest/document-names.ts';
import { PipelineError } from '../core/errors.ts';
import { parseJson } from '../core/parse-json.ts';
import { type ReleaseRecord, recordSchema } from '../model/record.ts';
import { readPlainFile } from '../system/path-kind.ts';

/** 64 MiB; the record of the largest disc has about 2 MiB. */
const maxRecordBytes = 2 ** 26;

/** Reads the record of a built release from its folder or its `release.json`. */
export async function readRecord(input: string, hint?: string): Promise<ReleaseRecord> {
  const isFolder = (await stat(input).catch(() => undefined))?.isDirectory() ?? false;
  const file = isFolder ? join(input, recordName) : input;
  const read = await readPlainFile(file, maxRecordBytes, 'refuse');
  if ('problem' in read) throw notARecord(file, read.problem, hint);
  const record = recordSchema.safeParse(parseJson(read.bytes.toString()));
  if (!record.success) throw notARecord(file, 'is not the record of a build', hint);
  return record.data;
}

export function notARecord(
  place: string,
  message: string,
  hint = 'give the folder of a built release, or its release.json',
): PipelineError {
  return new PipelineError('input', { place, message, hint });
}
