import type { KeyObject } from 'node:crypto';
import type { BundleWithDsseEnvelope } from '@sigstore/bundle';
import {
  billSuffix,
  bundleOf,
  pageName,
  provenanceSuffix,
  recordName,
  signatureName,
  sumsName,
} from '../attest/document-names.ts';
import { driverSignaturesName } from '../model/signing.ts';
import { bad, checksOf, good, notJudged } from './checks.ts';
import { type FolderDigests, readHashed } from './release-files.ts';
import type { Check } from './verification-schema.ts';

/**
 * Checks the signed provenance of a release: its payload must equal the provenance beside it, its subjects and documents must be
 * exactly the files of the folder, and the signature must match the public key, if one is given.
 */
export async function verifyAttestation(
  folder: string,
  key: KeyObject | undefined,
  digests: FolderDigests,
): Promise<Check[]> {
  const named = (suffix: string) => [...digests.keys()].find((name) => name.endsWith(suffix));
  const provenance = named(provenanceSuffix);
  const name = provenance === undefined ? undefined : bundleOf(provenance);
  if (provenance === undefined || name === undefined || !digests.has(name)) {
    const place = name ?? `${named(billSuffix)?.slice(0, -billSuffix.length) ?? '*'}${provenanceSuffix}`;
    return key === undefined ? [] : [bad(place, 'no signed provenance exists', hint)];
  }
  const found = digests.get(name);
  if (found === undefined || found.size > mostBytes)
    return [bad(name, `is not a regular file of at most ${mostBytes} bytes`, hint)];
  return checksOf(name, () => judgeBundle(folder, { name, provenance }, key, digests));
}

const keyHint = 'give the public key of the publisher: --attest-key FILE';
const hint = 'get the release again, with its signed provenance';
const mostBytes = 2 ** 26;

async function judgeBundle(
  folder: string,
  { name, provenance }: { readonly name: string; readonly provenance: string },
  key: KeyObject | undefined,
  digests: FolderDigests,
): Promise<Check[]> {
  const { readBundle, bundleProblem } = await import('./bundle.ts');
  const bundle = readBundle((await readHashed(folder, name, digests)).toString());
  if (typeof bundle === 'string') return [bad(name, bundle, hint)];
  const problems = await statementProblems(folder, { name, provenance }, bundle, digests);
  if (problems.length > 0) return problems;
  if (key === undefined)
    return [notJudged(name, `the signer of ${provenance} is unknown, since no key is given`, keyHint)];
  const problem = bundleProblem(bundle, key);
  return [
    problem === undefined
      ? good(name, `is a good signature by the given key for ${provenance} and all files it names`)
      : bad(name, problem, hint),
  ];
}

async function statementProblems(
  folder: string,
  { name, provenance }: { readonly name: string; readonly provenance: string },
  { content }: BundleWithDsseEnvelope,
  digests: FolderDigests,
): Promise<Check[]> {
  const { payload } = content.dsseEnvelope;
  if (
    digests.get(provenance)?.size !== payload.length ||
    !payload.equals(await readHashed(folder, provenance, digests))
  )
    return [bad(name, `its payload is not ${provenance}`, hint)];
  const statement = await readStatement(payload);
  if (statement === undefined) return [bad(name, 'its payload is not a provenance of pvdisc', hint)];
  const subjects = new Map(statement.subject.map((subject) => [subject.name, subject.digest.sha256]));
  const documents = new Map(
    statement.predicate.runDetails.byproducts.map((document) => [document.name, document.digest?.sha256]),
  );
  const inputs = new Map(
    statement.predicate.buildDefinition.resolvedDependencies
      .filter((input) => input.name === driverSignaturesName)
      .map((input) => [input.name, input.digest?.sha256]),
  );
  const changed = [...subjects, ...documents, ...inputs]
    .filter(([file, sha256]) => file === undefined || digests.get(file)?.sha256 !== sha256)
    .map(([file]) => bad(name, `its digest of ${file} does not match`, hint));
  const unsigned = [sumsName, signatureName, provenance, name];
  const added = [...digests.keys()]
    .filter((file) => !unsigned.includes(file))
    .filter((file) => !(isDocument(file) ? documents : subjects).has(file) && !inputs.has(file))
    .map((file) => bad(file, `is not signed: ${provenance} does not list it`, hint));
  return [...changed, ...added];
}

/** All other files of a release are discs or packages, and therefore subjects, or the signatures of the drivers, an input. */
function isDocument(file: string): boolean {
  return file === recordName || file === pageName || file.endsWith(billSuffix);
}

async function readStatement(payload: Buffer) {
  const { statementSchema } = await import('../attest/provenance.ts');
  try {
    return statementSchema.safeParse(JSON.parse(payload.toString())).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
