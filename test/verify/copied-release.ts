import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReleaseRecord } from '../../pipeline/model/record.ts';
import { madeAgain } from '../../pipeline/verify/release-files.ts';
import {
  type Check,
  type Verification,
  verificationSchema,
} from '../../pipeline/verify/verification-schema.ts';
import { builtSample } from '../builders/built-release.ts';
import { pvdisc } from '../builders/command.ts';
import { temporaryFolder } from '../builders/release.ts';

/** A copy of the built sample that a test may damage; removed after the test. */
export async function copySample(): Promise<{ folder: string; record: ReleaseRecord }> {
  const { folder: built, record } = await builtSample();
  const folder = join(await temporaryFolder('pvdisc-verify-'), 'release');
  await cp(built, folder, { recursive: true });
  return { folder, record };
}

/** Rewrites the documents of a release like an attacker who wants to hide a change. */
export async function writeDocuments(folder: string, record: ReleaseRecord): Promise<void> {
  for (const { name, text } of (await madeAgain(record)) ?? []) await writeFile(join(folder, name), text);
}

/** Runs `pvdisc verify --format json`; throws on any other output. */
export async function verified(input: string, ...options: readonly string[]): Promise<Verification> {
  const { exitCode, stdout, stderr } = await pvdisc(['verify', input, '--format', 'json', ...options]);
  if (stderr !== '') throw new Error(stderr);
  const result = verificationSchema.parse(JSON.parse(stdout));
  if (exitCode !== (result.good ? 0 : 1)) throw new Error(`exit code ${exitCode}, good: ${result.good}`);
  return result;
}

/** The distinct places of failed checks. */
export function badPlaces({ checks }: { readonly checks: readonly Check[] }): string[] {
  return [...new Set(checks.filter(({ verdict }) => verdict === 'bad').map(({ place }) => place))];
}

/** Runs work with some bytes of a file changed, then restores them. */
export async function withBytes(
  file: string,
  offset: number,
  change: (bytes: Buffer) => void,
  work: () => Promise<void>,
): Promise<void> {
  const whole = await readFile(file);
  const changed = Buffer.from(whole);
  change(changed.subarray(offset));
  await writeFile(file, changed);
  try {
    await work();
  } finally {
    await writeFile(file, whole);
  }
}
