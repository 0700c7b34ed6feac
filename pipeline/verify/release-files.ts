import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ZodError } from 'zod';
import {
  artifactsOf,
  bundleOf,
  isBundle,
  recordName,
  signatureName,
  sumsName,
} from '../attest/document-names.ts';
import type { ReleaseDocument } from '../attest/documents.ts';
import { PipelineError } from '../core/errors.ts';
import { byCodeUnit } from '../core/order.ts';
import { plural } from '../core/text.ts';
import { checksumsText, parseReleaseSums, sha256Of } from '../formats/sums.ts';
import { type ReleaseRecord, recordSchema } from '../model/record.ts';
import type { PageTarget } from '../page/view.ts';
import { hashOpened } from '../system/files.ts';
import { ownVersion } from '../system/own.ts';
import { openPlainFile, readPlainFile } from '../system/path-kind.ts';
import { bad, checksOf, good } from './checks.ts';
import type { Check } from './verification-schema.ts';

/** Digests of a release's files by name; undefined for anything but a regular file. */
export type FolderDigests = ReadonlyMap<
  string,
  { readonly sha256: string; readonly size: number } | undefined
>;

/** Checks of the files of a release; `record` is missing if it is unreadable. */
export interface VerifiedFiles {
  readonly checks: readonly Check[];
  readonly digests: FolderDigests;
  readonly record?: ReleaseRecord;
}

/** Hashes all files of a release once, and checks the checksums, the record and the documents derived from it. */
export async function verifyReleaseFiles(folder: string, signal: AbortSignal): Promise<VerifiedFiles> {
  const digests = await digestFiles(folder, signal);
  const sums = await checksOf(sumsName, () => checkSums(folder, digests));
  const found: { record?: ReleaseRecord } = {};
  const record = await checksOf(recordName, async () => {
    found.record = await readRecord(folder, digests);
    return checkRecord(found.record, digests);
  });
  const { record: read } = found;
  if (read === undefined) return { checks: [...sums, ...record], digests };
  const isReadable = !sums.some(({ verdict, place }) => verdict === 'bad' && place === sumsName);
  const documents = await checksOf(sumsName, () => checkDocuments(folder, read, digests, isReadable));
  return { checks: [...sums, ...record, ...documents], digests, record: read };
}

async function digestFiles(folder: string, signal: AbortSignal): Promise<FolderDigests> {
  const digests = new Map<string, { sha256: string; size: number } | undefined>();
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => byCodeUnit(a.name, b.name))) {
    const opened = await openPlainFile(join(folder, entry.name), 'refuse');
    digests.set(entry.name, 'handle' in opened ? await hashOpened(opened.handle, signal) : undefined);
  }
  return digests;
}

async function checkSums(folder: string, digests: FolderDigests): Promise<Check[]> {
  const text = await readHashed(folder, sumsName, digests);
  const sums = parseReleaseSums(text.toString('utf8'), join(folder, sumsName));
  const names = sums.map(({ name }) => name);
  const named = new Set([...names, ...names.map(bundleOf), sumsName, signatureName]);
  const problems = [
    ...sums.flatMap(({ name, sha256 }) => digestProblem(name, sha256, digests, sumsName)),
    ...[...digests.keys()]
      .filter((name) => !named.has(name))
      .map((name) =>
        bad(
          name,
          `is not in ${sumsName}${isBundle(name) ? ', nor is the provenance that it signs' : ': it was added later'}`,
        ),
      ),
  ];
  return problems.length > 0
    ? problems
    : [good(sumsName, `the digests of ${plural(sums.length, 'file')} match`)];
}

function digestProblem(name: string, sha256: string, digests: FolderDigests, says: string): Check[] {
  if (!digests.has(name)) return [bad(name, `is missing; ${says} lists it`)];
  const found = digests.get(name);
  if (found === undefined) return [bad(name, 'is not a regular file')];
  if (found.sha256 === sha256) return [];
  return [bad(name, `has sha256 ${found.sha256}, but ${says} has ${sha256}`, changedHint)];
}

const changedHint = 'it was changed or damaged after the build: download it again, or build it again';

/** Far more than the record of a disc with 20,000 files. */
const mostBytes = 2 ** 26;

async function readRecord(folder: string, digests: FolderDigests): Promise<ReleaseRecord> {
  const parsed = recordSchema.safeParse(
    parseJson((await readHashed(folder, recordName, digests)).toString()),
  );
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.') ?? '';
  throw refused(
    recordName,
    `is not a record that pvdisc ${await ownVersion()} supports: ${place}: ${issue?.message}`,
  );
}

/** Reads a document of a release again; throws unless its bytes are those that were hashed, since others may write to the folder. */
export async function readHashed(folder: string, name: string, digests: FolderDigests): Promise<Buffer> {
  if (!digests.has(name)) throw refused(name, 'is missing');
  const read = await readPlainFile(join(folder, name), mostBytes, 'refuse');
  if ('problem' in read) throw refused(name, read.problem);
  if (sha256Of(read.bytes) === digests.get(name)?.sha256) return read.bytes;
  throw refused(name, 'changed while it was verified');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refused(recordName, `is not valid JSON: ${(error as Error).message}`);
  }
}

function refused(place: string, message: string): PipelineError {
  return new PipelineError('input', { place, message, hint: changedHint });
}

function checkRecord(record: ReleaseRecord, digests: FolderDigests): Check[] {
  const artifacts = artifactsOf(record);
  const problems = artifacts.flatMap(({ name, sha256, size }) => {
    const problem = digestProblem(name, sha256, digests, recordName);
    const found = digests.get(name);
    if (problem.length > 0 || found === undefined || found.size === size) return problem;
    return [bad(name, `has ${found.size} bytes, but ${recordName} has ${size}`, changedHint)];
  });
  const names = artifacts.map(({ name }) => name).join(', ');
  return problems.length > 0 ? problems : [good(recordName, `is valid and matches ${names}`)];
}

/** Compares the documents with those generated from the record; another version of pvdisc may generate others. */
async function checkDocuments(
  folder: string,
  record: ReleaseRecord,
  digests: FolderDigests,
  withSums: boolean,
): Promise<Check[]> {
  const documents = await madeAgain(record);
  if (documents === undefined)
    return [bad(recordName, 'cannot be turned into a bill of materials and provenance', changedHint)];
  const others = documents.filter(({ name }) => name !== sumsName);
  const madeBy = record.tools.find(({ name }) => name === 'pvdisc')?.version;
  const checks: Check[] = [];
  for (const { name, text } of others) {
    if (digests.get(name) === undefined) checks.push(bad(name, 'is missing or not a regular file'));
    else if ((await readHashed(folder, name, digests)).toString() === text)
      checks.push(good(name, name === recordName ? 'has the format of pvdisc' : 'matches the record'));
    else if (name === recordName || madeBy === (await ownVersion()))
      checks.push(bad(name, 'does not match the record', changedHint));
    else checks.push(otherVersion(name, madeBy));
  }
  const known = others.map(({ name }) => ({ name, sha256: digests.get(name)?.sha256 ?? '' }));
  const sums = checksumsText([...artifactsOf(record), ...known]);
  if (!withSums) return checks;
  if ((await readHashed(folder, sumsName, digests)).toString() !== sums)
    checks.push(
      bad(
        sumsName,
        'does not list exactly the files of the record, or in another format than pvdisc writes',
        changedHint,
      ),
    );
  return checks;
}

function otherVersion(name: string, madeBy = 'unknown'): Check {
  return {
    verdict: 'not-judged',
    place: name,
    message: `written by pvdisc ${madeBy} in a different format; only the digest was checked`,
    hint: `verify with pvdisc ${madeBy}`,
  };
}

const lastPage = { record: '', page: '' };

/** Makes the page of a record once, however many of its files are verified. */
async function pageOf(record: ReleaseRecord, targets: readonly PageTarget[]): Promise<string> {
  const key = sha256Of(JSON.stringify(record));
  if (lastPage.record !== key) {
    const { releasePage } = await import('../page/release-page.ts');
    Object.assign(lastPage, { record: key, page: releasePage(record, { targets }) });
  }
  return lastPage.page;
}

/** Releases of older versions have neither `targets` nor a page. */
export async function madeAgain(record: ReleaseRecord): Promise<ReleaseDocument[] | undefined> {
  const { releaseDocuments } = await import('../attest/documents.ts');
  try {
    if (record.targets === undefined) return releaseDocuments(record);
    return releaseDocuments(record, await pageOf(record, record.targets));
  } catch (error) {
    if (error instanceof ZodError) return undefined;
    throw error;
  }
}
