import { dirname } from 'node:path';
import { discsFolder } from '../model/host-paths.ts';
import { type ReleaseRecord, recordedDiscs } from '../model/record.ts';
import { bad } from './checks.ts';
import { discProblems, readDiscRecord } from './disc-records.ts';
import type { PackagedFile } from './read-package.ts';
import type { Check } from './verification-schema.ts';

type PackagedFiles = ReadonlyMap<string, PackagedFile>;

/** What a package says of itself; `version` has its revision. */
export interface PackageIdentity {
  readonly place: string;
  readonly name: string;
  readonly version: string;
}

/** Compares the discs of a package with the `.disc` records beside them, and these with the package. */
export function discRecordProblems(data: PackagedFiles, about: PackageIdentity, name: string): Check[] {
  const records = [...data].filter(([path]) => dirname(path) === discsFolder && path.endsWith('.disc'));
  const named = new Set<string>();
  const problems = records.flatMap(([path, { text = '' }]) => {
    const record = readDiscRecord(text, `${name}/${path}`);
    if ('verdict' in record) return [record];
    named.add(record.disc);
    return [
      ...fieldProblem('Package', about.name, record.packageName, path, about),
      ...fieldProblem('Version', about.version, record.packageVersion, path, about),
      ...discProblems(record, data.get(`${discsFolder}/${record.disc}`), path),
    ];
  });
  const unnamed = discsOf(data).filter(([disc]) => !named.has(disc));
  return [...problems, ...unnamed.map(([disc]) => bad(`${name}/${disc}`, 'has no .disc record'))];
}

function fieldProblem(
  field: string,
  value: string,
  recorded: string,
  says: string,
  { place }: PackageIdentity,
): Check[] {
  return value === recorded ? [] : [bad(place, `has ${field} ${value}, but ${says} has ${recorded}`)];
}

function discsOf(data: PackagedFiles): [string, PackagedFile][] {
  return [...data].flatMap(([path, file]): [string, PackagedFile][] => {
    const disc = /^usr\/share\/virtio-win\/([^/]+\.iso)$/.exec(path)?.[1];
    return disc === undefined ? [] : [[disc, file]];
  });
}

const unpackedDriver = /^usr\/share\/virtio-win\/releases\/[^/]+\/drivers\/(?:by-driver|loadable)\/(.+)$/;

/** Finds discs by name and unpacked drivers by their path on the disc. */
export function recordProblems(data: PackagedFiles, record: ReleaseRecord, name: string): Check[] {
  const recorded = recordedDiscs(record);
  const discs = new Map(recorded.map((disc) => [disc.name, disc.sha256]));
  const files = new Map(recorded.flatMap((disc) => disc.files.map(({ path, sha256 }) => [path, sha256])));
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
