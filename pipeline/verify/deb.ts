import { dirname } from 'node:path';
import type { RunContext } from '../core/context.ts';
import type { Limits } from '../core/limits.ts';
import { plural } from '../core/text.ts';
import { parseControl, type Stanza } from '../formats/deb/control.ts';
import { readSums } from '../formats/sums.ts';
import { discsFolder } from '../model/host-paths.ts';
import type { ReleaseRecord } from '../model/record.ts';
import { bad, checksOf, good, notJudged } from './checks.ts';
import { requireDebMembers, structureProblems } from './deb-structure.ts';
import { discProblems, readDiscRecord } from './disc-records.ts';
import { type DebFiles, type PackagedFile, readPackagedFiles } from './read-deb.ts';
import type { Check } from './verification-schema.ts';

/** Checks the structure of a package, and its files against md5sums, `.disc` records and the record of the release, if any. */
export async function verifyDeb(
  file: string,
  name: string,
  limits: Limits,
  record: ReleaseRecord | undefined,
  context: RunContext,
): Promise<Check[]> {
  return checksOf(name, async () => {
    const subject = { place: 'verify', name };
    context.reporter.progress({ item: name });
    await requireDebMembers(file, subject);
    const isText = (path: string) => path === 'md5sums' || path === 'control' || path.endsWith('.disc');
    const files = await readPackagedFiles(file, subject, limits, isText, context);
    const problems = [
      ...structureProblems(files, name),
      ...md5Problems(files, name),
      ...discRecordProblems(files, name),
      ...(record === undefined ? [] : recordProblems(files, record, name)),
    ];
    if (problems.length > 0) return problems;
    const fits = `members, owners and modes are as pvdisc writes them; ${plural(files.data.size, 'file')} checked against md5sums and .disc records`;
    if (record !== undefined) return [good(name, `${fits}, and against the record`)];
    return [good(name, fits), ...onlyOutside(files, name)];
  });
}

/** Lists what a package alone cannot prove. */
function onlyOutside({ control }: DebFiles, name: string): Check[] {
  const scripts = [...control.keys()].filter((path) => path !== 'control' && path !== 'md5sums').sort();
  const run = scripts.length === 0 ? '' : ` and its scripts (${scripts.join(', ')})`;
  const together = 'files changed together with md5sums and .disc records';
  const outside = 'only a signed SHA256SUMS proves them';
  const hint = 'verify the folder of the release with --key';
  return [
    notJudged(name, `the fields of its control file${run}: ${outside}`, hint),
    notJudged(name, `${together}: ${outside}`, hint),
  ];
}

function md5Problems({ control, data }: DebFiles, name: string): Check[] {
  const text = control.get('md5sums')?.text;
  if (text === undefined) return [bad(name, 'has no md5sums')];
  const sums = new Map<string, string>();
  for (const listed of readSums(text, 'md5sum')) {
    if (listed.digest === undefined) return [bad(name, 'its md5sums has an invalid line')];
    sums.set(listed.path, listed.digest);
  }
  return [
    ...[...sums].flatMap(([path, md5]) => {
      const found = data.get(path);
      if (found === undefined) return [bad(`${name}/${path}`, 'is missing; md5sums lists it')];
      return found.md5 === md5
        ? []
        : [bad(`${name}/${path}`, `has md5 ${found.md5}, but md5sums has ${md5}`)];
    }),
    ...[...data.keys()]
      .filter((path) => !sums.has(path))
      .map((path) => bad(`${name}/${path}`, 'is not in md5sums')),
  ];
}

function discRecordProblems({ data, control }: DebFiles, name: string): Check[] {
  const [about] = parseControl(control.get('control')?.text ?? '', `${name}/control`);
  const records = [...data].filter(([path]) => dirname(path) === discsFolder && path.endsWith('.disc'));
  const named = new Set<string>();
  const problems = records.flatMap(([path, { text = '' }]) => {
    const record = readDiscRecord(text, `${name}/${path}`);
    if ('verdict' in record) return [record];
    named.add(record.disc);
    return [
      ...fieldProblem('Package', about, record.packageName, path, name),
      ...fieldProblem('Version', about, record.packageVersion, path, name),
      ...discProblems(record, data.get(`${discsFolder}/${record.disc}`), path),
    ];
  });
  const unnamed = discsOf(data).filter(([disc]) => !named.has(disc));
  return [...problems, ...unnamed.map(([disc]) => bad(`${name}/${disc}`, 'has no .disc record'))];
}

function fieldProblem(
  field: string,
  about: Stanza | undefined,
  recorded: string,
  says: string,
  name: string,
): Check[] {
  const value = about?.fields.get(field.toLowerCase())?.value;
  if (value === recorded) return [];
  return [bad(`${name}/control`, `has ${field} ${value ?? 'missing'}, but ${says} has ${recorded}`)];
}

function discsOf(data: DebFiles['data']): [string, PackagedFile][] {
  return [...data].flatMap(([path, file]): [string, PackagedFile][] => {
    const disc = /^usr\/share\/virtio-win\/([^/]+\.iso)$/.exec(path)?.[1];
    return disc === undefined ? [] : [[disc, file]];
  });
}

const unpackedDriver = /^usr\/share\/virtio-win\/releases\/[^/]+\/drivers\/(?:by-driver|loadable)\/(.+)$/;

/** Finds discs by name and unpacked drivers by their path on the disc. */
function recordProblems({ data }: DebFiles, { iso, symbols }: ReleaseRecord, name: string): Check[] {
  const discs = new Map(
    [iso, ...(symbols === undefined ? [] : [symbols])].map((disc) => [disc.name, disc.sha256]),
  );
  const files = new Map([...iso.files, ...(symbols?.files ?? [])].map(({ path, sha256 }) => [path, sha256]));
  const compare = (path: string, sha256: string, recorded: string | undefined) =>
    sha256 === recorded
      ? []
      : [bad(`${name}/${path}`, `has sha256 ${sha256}, but the record has ${recorded ?? 'none'}`)];
  return [
    ...discsOf(data).flatMap(([disc, { sha256 }]) => compare(disc, sha256, discs.get(disc))),
    ...[...data].flatMap(([path, { sha256 }]) => {
      const driver = unpackedDriver.exec(path)?.[1];
      return driver === undefined ? [] : compare(path, sha256, files.get(driver));
    }),
  ];
}
