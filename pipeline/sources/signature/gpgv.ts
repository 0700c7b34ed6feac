import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { PipelineError } from '../../errors.ts';
import { readToolOutput } from '../../host/tool-output.ts';
import { tools } from '../../host/tools.ts';

/** A detached signature and what it must fit; `workDir` is a folder for the keyring. */
export interface SignedFile {
  readonly file: string;
  readonly signature: string;
  readonly keyring: Buffer;
  readonly workDir: string;
}

/**
 * Returns what is wrong with a file's detached OpenPGP signature, by gpgv with the given keys and no others; undefined
 * when it is good. A key or signature that has expired or was revoked is not good, although gpgv ends with 0 then.
 */
export async function signatureProblem(
  { file, signature, keyring, workDir }: SignedFile,
  signal: AbortSignal,
): Promise<string | undefined> {
  const home = await mkdtemp(join(workDir, 'gpgv-'));
  const keys = join(home, 'keyring.gpg');
  await writeFile(keys, keyring);
  const args = ['--homedir', home, '--status-fd', '1', '--keyring', keys, '--', signature, file];
  let status = '';
  try {
    const failure = (words: string) => new PipelineError('input', { place: tools.gpgv.name, message: words });
    await readToolOutput(tools.gpgv, args, { signal, failure }, async (bytes) => {
      status = await text(bytes);
    });
  } catch (error) {
    if (!(error instanceof PipelineError) || error.kind !== 'input') throw error;
    return error.problems[0]?.message;
  }
  const words = status.split('\n').map((line) => line.split(' ')[1]);
  const bad = words.find((word) => word !== undefined && notGood.includes(word));
  if (bad !== undefined) return `gpgv says ${bad}`;
  return words.includes('GOODSIG') && words.includes('VALIDSIG') ? undefined : 'gpgv found no good signature';
}

/** Words of GnuPG's doc/DETAILS, "Format of the --status-fd output". */
const notGood = ['BADSIG', 'EXPSIG', 'EXPKEYSIG', 'REVKEYSIG'];
