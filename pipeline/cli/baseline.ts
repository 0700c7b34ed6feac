import { basename, dirname, join } from 'node:path';
import { recordName } from '../attest/document-names.ts';
import { PipelineError } from '../core/errors.ts';
import { parseJson } from '../core/parse-json.ts';
import { replaceFiles } from '../driver-build/replace-files.ts';
import { type Baseline, baselineOf, baselineSchema } from '../model/baseline.ts';
import { recordSchema } from '../model/record.ts';
import { pathKind, readPlainFile } from '../system/path-kind.ts';
import { jsonLine } from './report/json-text.ts';

const mostBytes = 2 ** 26;

/** Reads known findings: a file of `--write-baseline`, the record of a build, or the folder that holds the record. */
export async function readBaseline(given: string): Promise<Baseline> {
  const place = `--baseline ${given}`;
  const kind = await pathKind(given);
  if (kind === 'missing')
    throw new PipelineError('usage', {
      place,
      message: 'no such file or folder',
      hint: 'write one with pvdisc check RELEASE --write-baseline, or give the folder of an earlier build',
    });
  const file = kind === 'folder' ? join(given, recordName) : given;
  const read = await readPlainFile(file, mostBytes);
  if ('problem' in read)
    throw refused(place, kind === 'folder' ? `${recordName}: ${read.problem}` : read.problem);
  const document = parseJson(read.bytes.toString());
  if (document === undefined) throw refused(place, 'is not JSON');
  const baseline = baselineSchema.safeParse(document);
  if (baseline.success) return baseline.data;
  const record = recordSchema.safeParse(document);
  if (record.success) return baselineOf(record.data.name, record.data.findings);
  const isRecord = typeof document === 'object' && document !== null && 'iso' in document;
  const [issue] = (isRecord ? record : baseline).error.issues;
  const at = issue?.path.join('.') ?? '';
  throw refused(
    place,
    `is no ${isRecord ? 'record' : 'baseline'} that pvdisc reads: ${at === '' ? '' : `${at}: `}${issue?.message}`,
  );
}

function refused(place: string, message: string): PipelineError {
  const hint = 'give a file that --write-baseline wrote, or release.json of an earlier build, or its folder';
  return new PipelineError('input', { place, message, hint });
}

/** Returns the file of `--write-baseline`: the one given, that of `--baseline`, or one beside the release file; throws where another file would be lost. */
export async function baselineFile(
  written: string,
  baseline: string | undefined,
  release: string,
): Promise<string> {
  const beside = join(dirname(release), `${basename(release).replace(/\.ya?ml$/i, '')}.baseline.json`);
  const own = baseline !== undefined && (await isBaselineFile(baseline)) ? baseline : beside;
  const file = written === '' ? own : written;
  if ((await pathKind(file)) === 'missing' || (await isBaselineFile(file))) return file;
  throw new PipelineError('usage', {
    place: written === '' ? '--write-baseline' : `--write-baseline ${written}`,
    message: `${written === '' ? `${file} ` : ''}exists and is no baseline, so it is not overwritten`,
    hint: 'name another file',
  });
}

async function isBaselineFile(file: string): Promise<boolean> {
  if ((await pathKind(file)) !== 'file') return false;
  const read = await readPlainFile(file, mostBytes);
  return 'bytes' in read && baselineSchema.safeParse(parseJson(read.bytes.toString())).success;
}

/** Writes a baseline with one line for each entry, so that changes are easy to read. */
export async function writeBaseline(
  file: string,
  { schemaVersion, release, findings }: Baseline,
): Promise<void> {
  const entries = findings.map((entry) => `\n    ${jsonLine(entry)}`).join(',');
  const text = `{
  "schemaVersion": ${schemaVersion},
  "release": ${jsonLine(release)},
  "findings": [${entries}${entries === '' ? '' : '\n  '}]
}
`;
  await replaceFiles(new Map([[file, Buffer.from(text)]]));
}
