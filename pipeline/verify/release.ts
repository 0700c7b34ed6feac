import { join } from 'node:path';
import { contentProblems, type Mastering } from '../assemble/read-back.ts';
import { signatureName, sumsName } from '../attest/document-names.ts';
import { copySums } from '../attest/read-sums.ts';
import type { RunContext } from '../core/context.ts';
import { withDeadline } from '../core/deadline.ts';
import type { Limits } from '../core/limits.ts';
import { plural } from '../core/text.ts';
import { readIso } from '../formats/iso9660/index.ts';
import { formatOf } from '../formats/magic.ts';
import { type ReleaseRecord, recordedDiscs } from '../model/record.ts';
import { signatureProblem } from '../sources/signature/gpgv.ts';
import { readKeyring } from '../sources/signature/keyring.ts';
import { readHead } from '../system/files.ts';
import { isPlainFile } from '../system/path-kind.ts';
import { requireTools, tools } from '../system/tools.ts';
import { verifyAttestation } from './attestation.ts';
import { besideChecks } from './beside.ts';
import { bad, checksOf, good, notJudged } from './checks.ts';
import { verifyDeb } from './deb.ts';
import { verifyOci } from './oci.ts';
import type { VerifyOptions } from './options.ts';
import { verifyReleaseFiles } from './release-files.ts';
import { verifyRpm } from './rpm.ts';
import { verifySigning } from './signing.ts';
import type { Check } from './verification-schema.ts';

/** Checks the folder of a release: signatures, checksums, record, documents, and the contents of all discs and packages. */
export async function verifyRelease(
  folder: string,
  options: VerifyOptions,
  context: RunContext,
): Promise<Check[]> {
  const { attestKey, limits } = options;
  const { checks: signature, signed } = await verifySignature(folder, options, context);
  const { checks: files, record, digests } = await verifyReleaseFiles(folder, context.signal);
  const isOther = signed !== undefined && signed !== digests.get(sumsName)?.sha256;
  const checks = isOther ? [...files, bad(sumsName, 'changed while it was verified', againHint)] : files;
  const attestation = await verifyAttestation(folder, attestKey, digests);
  const contents: Check[] = [];
  if (record === undefined) return [...signature, ...attestation, ...checks];
  const mastering = record.kind === 'passthrough' ? 'foreign' : 'own';
  for (const disc of recordedDiscs(record)) {
    const file = join(folder, disc.name);
    if (digests.get(disc.name) !== undefined)
      contents.push(...(await verifyDisc(file, disc, mastering, limits, context)));
  }
  contents.push(...(await verifySigning(folder, record, digests, limits, context)));
  for (const { format, name } of record.artifacts) {
    const file = join(folder, name);
    const verifyPackage = verifiersOf[format];
    if (verifyPackage !== undefined && digests.get(name) !== undefined)
      contents.push(...(await verifyPackage(file, name, limits, record, context)));
  }
  return [...signature, ...attestation, ...checks, ...contents];
}

/** Checks the inside of packages, by format; of others only the digest is checked. */
const verifiersOf: Readonly<Record<string, typeof verifyDeb>> = {
  deb: verifyDeb,
  oci: verifyOci,
  rpm: verifyRpm,
};

type Context = Pick<RunContext, 'signal' | 'reporter'>;

/** Compares the label of a disc and the paths, digests, sizes and extents of its files with the record. */
async function verifyDisc(
  file: string,
  { name, label, files }: ReleaseRecord['iso'],
  mastering: Mastering,
  limits: Limits,
  context: Context,
): Promise<Check[]> {
  return checksOf(name, async () => {
    const subject = { place: 'verify', name };
    if (formatOf(await readHead(file)) !== 'iso') return [bad(name, 'is not an ISO')];
    const iso = await readIso(file, { subject, limits, signal: context.signal });
    const besides = besideChecks(iso.beside, name, true);
    const found = await contentProblems(file, files, iso, context, mastering);
    const problems = found.map(({ place, message }) => bad(`${name}/${place}`, message));
    if (iso.label !== label) {
      problems.push(bad(name, `has label ${JSON.stringify(iso.label)}, expected ${label}`));
    }
    if (problems.length > 0) return [...problems, ...besides];
    const once = mastering === 'own' ? ', each content stored once' : '';
    return [...besides, good(name, `label and ${plural(files.length, 'file')} match the record${once}`)];
  });
}

/** The checks of a signature; `signed` is the digest of the sums that it was verified with. */
interface JudgedSignature {
  readonly checks: readonly Check[];
  readonly signed?: string;
}

/** Checks the signature of SHA256SUMS with the public keys in a file, if given. */
async function verifySignature(
  folder: string,
  { key, limits }: { readonly key: string | undefined; readonly limits: Limits },
  context: RunContext,
): Promise<JudgedSignature> {
  const isPlain = await isPlainFile(join(folder, signatureName));
  if (isPlain === false) return { checks: [bad(signatureName, 'is not a regular file', againHint)] };
  if (key === undefined) {
    const fact = isPlain ? 'not checked, since no key is given' : 'no signature exists';
    const means = 'a change of all files together is not detected';
    return { checks: [notJudged(signatureName, `${fact}: ${means}`, isPlain ? keyHint : undefined)] };
  }
  await requireTools([tools.gpgv]);
  const keyring = await readKeyring(key, { place: '--key', name: key }, keyHint);
  const missing = bad(signatureName, 'no signature exists', 'download the release again, with its signature');
  if (!isPlain) return { checks: [missing] };
  if (!(await isPlainFile(join(folder, sumsName))))
    return { checks: [bad(signatureName, `there is no ${sumsName} for it`)] };
  const judged: { signed?: string } = {};
  const checks = await checksOf(signatureName, async () => {
    const subject = { place: 'verify', name: signatureName };
    const { file, signature, sha256 } = await copySums(folder, context.workDir);
    if (signature === undefined) return [missing];
    judged.signed = sha256;
    const problem = await withDeadline(subject, limits, context, ({ signal, workDir }) =>
      signatureProblem({ file, signature, keyring, workDir }, signal),
    );
    if (problem !== undefined)
      return [bad(signatureName, `is not a good signature by ${key}: ${problem}`, againHint)];
    return [good(signatureName, `is a good signature by ${key}`)];
  });
  return { checks, ...judged };
}

const keyHint = 'give the public key of the publisher: --key FILE';

const againHint = 'download the release again';
