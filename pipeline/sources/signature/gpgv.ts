import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { PipelineError } from '../../core/errors.ts';
import { signaturePackets } from '../../formats/openpgp/openpgp.ts';
import { readPlainFile } from '../../system/path-kind.ts';
import { readToolOutput } from '../../system/tool-output.ts';
import { tools } from '../../system/tools.ts';
import { clearSignedProblem } from './clear-signed.ts';

/** A detached signature, its file and the accepted keys; `workDir` is a folder for the keyring. */
export interface SignedFile {
  readonly file: string;
  readonly signature: string;
  readonly keyring: Buffer;
  readonly workDir: string;
}

/** Far more than a file with a few signatures needs. */
export const mostSignatureBytes = 64 * 1024;

/**
 * Returns what is wrong with a file's detached OpenPGP signature, checked by gpgv with only the given keys; undefined
 * when it is good. Rejects, although gpgv accepts them: a key or signature that has expired or was revoked, a digest
 * that can be forged, a date in the future, and trailing or leading data in the signature's file.
 */
export async function signatureProblem(signed: SignedFile, signal: AbortSignal): Promise<string | undefined> {
  return (await judgeSignature(signed, signal)).problem;
}

/** What is wrong with a signature; `isOthers` when it is intact, but made only by keys that were not given. */
export interface GpgVerdict {
  readonly problem?: string;
  readonly isOthers: boolean;
}

/** Checks a file's detached OpenPGP signature as `signatureProblem` does. */
export async function judgeSignature(
  { file, signature, keyring, workDir }: SignedFile,
  signal: AbortSignal,
): Promise<GpgVerdict> {
  const read = await readPlainFile(signature, mostSignatureBytes);
  const packets = 'problem' in read ? { problem: `its file ${read.problem}` } : signaturePackets(read.bytes);
  if ('problem' in packets) return { problem: packets.problem, isOthers: false };
  const home = await mkdtemp(join(workDir, 'gpgv-'));
  const signed = join(home, 'signature.sig');
  await writeFile(signed, packets.bytes);
  return runGpgv(home, keyring, ['--', signed, file], signal);
}

/** Far more than the `InRelease` of a suite needs. */
const mostClearSignedBytes = 2 ** 20;

/**
 * Returns the text of a clear-signed file as gpgv writes it for a good signature by one of the given keys, or
 * what is wrong with it. Applies the same rules as `signatureProblem`.
 */
export async function readClearSigned(
  { file, keyring, workDir }: Omit<SignedFile, 'signature'>,
  signal: AbortSignal,
): Promise<{ readonly text: string } | { readonly problem: string }> {
  const read = await readPlainFile(file, mostClearSignedBytes);
  if ('problem' in read) return { problem: `it ${read.problem}` };
  const unclear = clearSignedProblem(read.bytes);
  if (unclear !== undefined) return { problem: unclear };
  const home = await mkdtemp(join(workDir, 'gpgv-'));
  const [signed, output] = [join(home, 'signed.asc'), join(home, 'text')];
  await writeFile(signed, read.bytes);
  const { problem } = await runGpgv(home, keyring, ['--output', output, '--', signed], signal);
  return problem === undefined ? { text: await readFile(output, 'utf8') } : { problem };
}

async function runGpgv(
  home: string,
  keyring: Buffer,
  operands: readonly string[],
  signal: AbortSignal,
): Promise<GpgVerdict> {
  const keys = join(home, 'keyring.gpg');
  await writeFile(keys, keyring);
  const args = ['--homedir', home, '--status-fd', '1', '--keyring', keys, ...operands];
  let status = '';
  try {
    const failure = (message: string) => new PipelineError('input', { place: tools.gpgv.name, message });
    await readToolOutput(tools.gpgv, args, { signal, failure }, async (bytes) => {
      status = await text(bytes);
    });
  } catch (error) {
    if (!(error instanceof PipelineError) || error.kind !== 'input') throw error;
    const isOthers = onlyLacksKeys(status);
    if (!isOthers || !/ GOODSIG /.test(status))
      return { problem: error.problems[0]?.message ?? 'gpgv failed', isOthers };
  }
  const problem = statusProblem(status, Date.now());
  return problem === undefined ? { isOthers: false } : { problem, isOthers: false };
}

/** Reads the lines of GnuPG's doc/DETAILS, "Format of the --status-fd output"; `now` in milliseconds. */
function statusProblem(status: string, now: number): string | undefined {
  const lines = status.split('\n').map((line) => line.split(' ').slice(1));
  const keywords = lines.map(([keyword]) => keyword);
  const bad = keywords.find((keyword) => keyword !== undefined && Object.hasOwn(notGood, keyword));
  if (bad !== undefined) return `${notGood[bad]}: gpgv reports ${bad}`;
  const valid = lines.filter(([word]) => word === 'VALIDSIG');
  if (!keywords.includes('GOODSIG') || valid.length === 0) return 'gpgv found no good signature';
  return valid.flatMap((fields) => validProblem(fields, now) ?? [])[0];
}

/** gpgv fails when one of several signatures is by an unknown key, although the others may be good. */
function onlyLacksKeys(status: string): boolean {
  const errors = status.split('\n').filter((line) => / (?:ERRSIG|BADSIG|FAILURE|NODATA) /.test(line));
  return errors.length > 0 && errors.every((line) => / ERRSIG (?:\S+ ){5}9(?: |$)/.test(line));
}

const notGood: Readonly<Record<string, string>> = {
  BADSIG: 'the file or the signature was changed',
  EXPSIG: 'the signature has expired',
  EXPKEYSIG: 'the key has expired',
  REVKEYSIG: 'the key was revoked',
};

/** Fields: fingerprint, date, seconds since 1970, expiry, version, reserved, public-key algorithm, hash algorithm, class, primary key. */
function validProblem(fields: readonly string[], now: number): string | undefined {
  const [, , , made = '', , , , , digest = ''] = fields;
  if (!strongDigests.has(digest))
    return `its digest is ${weakDigests[digest] ?? `of type ${digest}`}, for which others can forge a matching file`;
  if (!/^\d{1,10}$/.test(made)) return `gpgv reports the invalid date ${made}`;
  const date = Number(made) * 1000;
  return date > now + clockSkew
    ? `it is dated ${new Date(date).toISOString()}, which is in the future`
    : undefined;
}

/** Clocks of two machines may differ by a few minutes. */
const clockSkew = 5 * 60 * 1000;

/** Hash algorithms of RFC 9580 section 9.5: SHA-2 and SHA-3. gpgv's `--weak-digest` would also refuse keys with a SHA-1 self-signature. */
const strongDigests: ReadonlySet<string> = new Set(['8', '9', '10', '11', '12', '14']);
const weakDigests: Readonly<Record<string, string>> = { 1: 'MD5', 2: 'SHA-1', 3: 'RIPEMD-160' };
