import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { debianDate } from '../formats/deb/control.ts';
import { run } from '../system/exec.ts';
import { tools } from '../system/tools.ts';
import { indexArchs } from './indexes.ts';

/** The fields of a suite; dates are in milliseconds since 1970. */
export interface SuiteFacts {
  readonly suite: string;
  readonly origin: string;
  readonly label: string;
  readonly date: number;
  readonly validUntil?: number;
}

/** Writes `Release` beside the indexes in `folder` (Debian repository format: origin, date, and the digest of each index). */
export async function writeReleaseFile(
  folder: string,
  facts: SuiteFacts,
  signal: AbortSignal,
): Promise<void> {
  const fields: Readonly<Record<string, string>> = {
    Origin: facts.origin,
    Label: facts.label,
    Suite: facts.suite,
    Codename: facts.suite,
    Date: debianDate(facts.date / 1000),
    ...(facts.validUntil !== undefined && validUntil(facts.validUntil)),
    Architectures: indexArchs.join(' '),
    Components: 'main',
    'Acquire-By-Hash': 'true',
  };
  const release = Object.entries(fields).map(([name, value]) => `APT::FTPArchive::Release::${name}=${value}`);
  const unused = ['MD5', 'SHA1', 'SHA512'].map((name) => `APT::FTPArchive::${name}=false`);
  const patterns = ['Packages', 'Packages.gz', 'Packages.xz'].map(
    (name) => `APT::FTPArchive::Release::Patterns::=${name}`,
  );
  const options = [...release, ...unused, ...patterns, 'APT::FTPArchive::Release::Default-Patterns=false'];
  const args = [...options.flatMap((option) => ['-o', option]), 'release', '.'];
  const { stdout } = await run(tools['apt-ftparchive'], args, { cwd: folder, signal });
  await writeFile(join(folder, 'Release'), `${allIsInEachIndex}\n${stdout}`);
}

/** Every index holds the packages for all architectures, so that apt fetches only one (as with Debian's own archive). */
const allIsInEachIndex = 'No-Support-for-Architecture-all: Packages';

/** Without `ValidTime`, in seconds from now, apt-ftparchive leaves `Valid-Until` out. */
function validUntil(milliseconds: number): Readonly<Record<string, string>> {
  return { 'Valid-Until': debianDate(milliseconds / 1000), ValidTime: '1' };
}
