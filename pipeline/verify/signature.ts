import { join } from 'node:path';
import { signatureName, sumsName } from '../attest/documents.ts';
import type { RunContext } from '../context.ts';
import { exists } from '../host/files.ts';
import { requireTools, tools } from '../host/tools.ts';
import { signatureProblem } from '../sources/signature/gpgv.ts';
import { readKeyring } from '../sources/signature/keyring.ts';
import { bad, good, notJudged } from './checks.ts';
import type { Check } from './verification-schema.ts';

/** Checks the signature of a release's sums with the public keys in a file; without one it is not judged. */
export async function verifySignature(
  folder: string,
  key: string | undefined,
  { signal, workDir }: Pick<RunContext, 'signal' | 'workDir'>,
): Promise<Check[]> {
  const file = join(folder, sumsName);
  const signature = join(folder, signatureName);
  const isSigned = await exists(signature);
  if (key === undefined) {
    const fact = isSigned ? 'was not judged, since no key was given' : 'there is no signature';
    const means = 'whoever changed all files together is not found out';
    return [notJudged(signatureName, `${fact}: ${means}`, isSigned ? keyHint : undefined)];
  }
  if (!isSigned)
    return [bad(signatureName, 'there is no signature', 'get the release again, with its signature')];
  if (!(await exists(file))) return [bad(signatureName, `there is no ${sumsName} that it could fit`)];
  await requireTools([tools.gpgv]);
  const keyring = await readKeyring(key, { place: '--key', name: key });
  const problem = await signatureProblem({ file, signature, keyring, workDir }, signal);
  if (problem !== undefined)
    return [bad(signatureName, `is not a good signature by ${key}: ${problem}`, 'get the release again')];
  return [good(signatureName, `is a good signature by ${key}`)];
}

const keyHint = 'give the public key of who made the release: --key FILE';
