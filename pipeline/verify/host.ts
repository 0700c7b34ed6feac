import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { byCodeUnit } from '../core/order.ts';
import { driverFamilies } from '../formats/windows/driver-family.ts';
import { discsFolder, familyLinks } from '../model/host-paths.ts';
import { hashFile } from '../system/files.ts';
import { isPlainFile, readPlainFile } from '../system/path-kind.ts';
import { type Alternative, type Choice, verifyAlternative } from './alternative.ts';
import { bad, checksOf, good, notJudged } from './checks.ts';
import { type DiscRecord, discProblems, readDiscRecord } from './disc-records.ts';
import { type InstalledPackage, infoFolder, readInstalled, systemRoot } from './dpkg-sums.ts';
import { unjudgedReleases, verifyInstalled } from './installed.ts';
import type { Check } from './verification-schema.ts';

const mostRecordBytes = 2 ** 22;

/**
 * Checks the files that packages install in /usr/share/virtio-win: each disc against its `.disc` record, the links to the chosen
 * disc and drivers, and all files against the checksums of dpkg, if any.
 */
export async function verifyHost(folder: string, signal: AbortSignal): Promise<Check[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const sorted = entries.sort((a, b) => byCodeUnit(a.name, b.name));
  const discs = sorted.filter((entry) => entry.isFile() && isDisc(entry.name)).map(({ name }) => name);
  const digests = new Map<string, { sha256: string; size: number }>();
  for (const name of discs) digests.set(name, await hashFile(join(folder, name), signal));

  const root = await systemRoot(folder);
  const packages = root === undefined ? undefined : await readInstalled(root);
  const why = packages === undefined ? noDpkg(folder, root) : undefined;
  const installed = installedPaths(packages ?? []);
  const records: DiscRecord[] = [];
  const checks: Check[] = [];
  for (const { name: place } of sorted.filter(({ name }) => name.endsWith('.disc'))) {
    checks.push(
      ...(await checksOf(place, async () => {
        const record = await readRecordFile(folder, place);
        if ('verdict' in record) return [record];
        records.push(record);
        const problems = discProblems(record, digests.get(record.disc), place);
        if (problems.length > 0) return problems;
        const right = good(record.disc, `matches sha256 and size in ${place}`);
        return installed.has(place) ? [right] : [right, unvouched(place, record, why)];
      })),
    );
  }
  const named = new Set(records.map(({ disc }) => disc));
  const system = { folder, root: root ?? '', hasDpkg: packages !== undefined };
  checks.push(
    ...discs
      .filter((name) => !named.has(name) && !installed.has(name))
      .map((name) => notJudged(name, `has no .disc record: ${why ?? strange}`)),
    ...sorted
      .filter(({ name }) => !isOurs(name) && ![...installed].some((path) => path.startsWith(`${name}/`)))
      .map(({ name }) => notJudged(name, `its origin is unknown: ${why ?? strange}`)),
    ...(await familyChecks(records, await driverFolders(folder), system)),
    ...(packages === undefined
      ? await unjudgedReleases(folder, why ?? strange)
      : await verifyInstalled(folder, packages, signal)),
  );
  if (checks.length > 0) return checks;
  return [notJudged(discsFolder, 'no files of a package found: no disc, no record, no drivers')];
}

const links = Object.values(familyLinks);

function isDisc(name: string): boolean {
  return name.endsWith('.iso') && !links.some(({ disc }) => disc === name);
}

/** Returns whether another check covers the file. */
function isOurs(name: string): boolean {
  return /\.(?:iso|disc)$/.test(name) || name === 'releases' || links.some(({ drivers }) => drivers === name);
}

function noDpkg(folder: string, root: string | undefined): string {
  if (root === undefined) return `${folder} does not end in ${discsFolder}, so its dpkg database is unknown`;
  return `there is no ${infoFolder(root)} with checksums of dpkg`;
}

const strange = 'no package of dpkg contains it';

function installedPaths(packages: readonly InstalledPackage[]): ReadonlySet<string> {
  return new Set(packages.flatMap(({ sums }) => [...(sums?.keys() ?? [])]));
}

async function readRecordFile(folder: string, place: string): Promise<DiscRecord | Check> {
  const file = join(folder, place);
  if (!(await isPlainFile(file))) return bad(place, 'is not a regular file');
  const read = await readPlainFile(file, mostRecordBytes);
  return 'problem' in read ? bad(place, read.problem) : readDiscRecord(read.bytes.toString('utf8'), place);
}

function unvouched(place: string, { packageName }: DiscRecord, why = strange): Check {
  const message = `files of its package were not compared with dpkg: ${why}`;
  return notJudged(place, message, `dpkg --verify ${packageName}`);
}

/** Checks the two links of each family. A disc of symbols is never an alternative. */
async function familyChecks(
  records: readonly DiscRecord[],
  folders: readonly DriversFolder[],
  system: Pick<Alternative, 'folder' | 'root' | 'hasDpkg'>,
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const each of driverFamilies) {
    const discs = records.filter(({ kind, family }) => kind !== 'symbols' && family === each);
    const links = familyLinks[each];
    const disc = {
      name: links.disc,
      group: links.disc,
      what: 'driver disc with a .disc record',
      choices: discs.map(
        ({ disc }): Choice => ({ path: disc, words: `${disc}, a disc with a .disc record` }),
      ),
    };
    const drivers = {
      name: links.drivers,
      group: links.driversName,
      what: 'folder of drivers below releases',
      choices: folders.filter(({ family }) => family === each).map(({ path }) => ({ path, words: path })),
    };
    checks.push(
      ...(await verifyAlternative({ ...disc, ...system })),
      ...(await verifyAlternative({ ...drivers, ...system })),
    );
  }
  return checks;
}

interface DriversFolder {
  readonly path: string;
  readonly family: string;
}

/** Returns the folders of unpacked drivers; each holds the `.disc` record of its release. */
async function driverFolders(folder: string): Promise<DriversFolder[]> {
  const names = await readdir(join(folder, 'releases')).catch(() => []);
  const found: DriversFolder[] = [];
  for (const name of names.sort(byCodeUnit)) {
    const path = `releases/${name}/drivers`;
    const entries = await readdir(join(folder, path)).catch(() => undefined);
    if (entries === undefined) continue;
    const place = entries.find((entry) => entry.endsWith('.disc'));
    const record = place === undefined ? undefined : await readRecordFile(join(folder, path), place);
    found.push({ path, family: record !== undefined && 'family' in record ? record.family : 'virtio' });
  }
  return found;
}
