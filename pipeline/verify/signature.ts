import { join } from 'node:path';
import { signatureName, sumsName } from '../attest/documents.ts';
import type { RunContext } from '../core/context.ts';
import { withDeadline } from '../core/deadline.ts';
import type { Limits } from '../core/limits.ts';
import { signatureProblem } from '../sources/signature/gpgv.ts';
import { readKeyring } from '../sources/signature/keyring.ts';
import { isPlainFile } from '../system/plain-file.ts';
import { requireTools, tools } from '../system/tools.ts';
import { bad, checksOf, good, notJudged } from './checks.ts';
import type { Check } from './verification-schema.ts';

/** Checks the signature of a release's sums with the public keys in a file, within the time limit; without one it is not judged. */
export async function verifySignature(
  folder: string,
  { key, limits }: { readonly key: string | undefined; readonly limits: Limits },
  context: RunContext,
): Promise<Check[]> {
  const file = join(folder, sumsName);
  const signature = join(folder, signatureName);
  const isPlain = await isPlainFile(signature);
  if (isPlain === false) return [bad(signatureName, 'is no plain file', againHint)];
  if (key === undefined) {
    const fact = isPlain ? 'was not judged, since no key was given' : 'there is no signature';
    const means = 'whoever changed all files together is not found out';
    return [notJudged(signatureName, `${fact}: ${means}`, isPlain ? keyHint : undefined)];
  }
  await requireTools([tools.gpgv]);
  const keyring = await readKeyring(key, { place: '--key', name: key }, keyHint);
  if (!isPlain)
    return [bad(signatureName, 'there is no signature', 'get the release again, with its signature')];
  if (!(await isPlainFile(file))) return [bad(signatureName, `there is no ${sumsName} that it could fit`)];
  return checksOf(signatureName, async () => {
    const subject = { place: 'verify', name: signatureName };
    const problem = await withDeadline(subject, limits, context, ({ signal, workDir }) =>
      signatureProblem({ file, signature, keyring, workDir }, signal),
    );
    if (problem !== undefined)
      return [bad(signatureName, `is not a good signature by ${key}: ${problem}`, againHint)];
    return [good(signatureName, `is a good signature by ${key}`)];
  });
}

const keyHint = 'give the public key of who made the release: --key FILE';
const againHint = 'get the release again';
