import type { RunContext } from '../core/context.ts';
import type { Limits } from '../core/limits.ts';
import { quoted } from '../core/refusal.ts';
import { plural } from '../core/text.ts';
import { withRandomAccess } from '../formats/random-access.ts';
import { type RpmFacts, type RpmFile, readRpm } from '../formats/rpm/index.ts';
import type { TarEntry } from '../formats/tar/read.ts';
import { driverFamilies } from '../formats/windows/driver-family.ts';
import type { ReleaseRecord } from '../model/record.ts';
import { rpmScripts } from '../package/rpm/host-format.ts';
import { ghosts } from '../package/rpm/spec.ts';
import { bad, checksOf, good, notJudged } from './checks.ts';
import { discRecordProblems, recordProblems } from './packaged-discs.ts';
import { type PackagedFile, readRpmFiles } from './read-package.ts';
import type { Check } from './verification-schema.ts';

/** Checks an RPM package as rpm installs it: its digests, its files against its header, `.disc` records and the record of the release, if any. */
export async function verifyRpm(
  file: string,
  name: string,
  limits: Limits,
  record: ReleaseRecord | undefined,
  context: RunContext,
): Promise<Check[]> {
  return checksOf(name, async () => {
    const subject = { place: 'verify', name };
    context.reporter.progress({ item: name });
    const facts = await withRandomAccess(file, (rpm) => readRpm(rpm, subject));
    const damaged = digestProblems(facts, name);
    if (damaged.length > 0) return damaged;
    const isText = (path: string) => path.endsWith('.disc');
    const { files, entries } = await readRpmFiles(file, facts, subject, limits, isText, context);
    const about = { place: name, name: facts.name, version: `${facts.version}-${facts.release}` };
    const problems = [
      ...identityProblems(facts, name),
      ...facts.files.flatMap((listed) => listedProblems(listed, files, name)),
      ...payloadProblems(entries, facts, name),
      ...discRecordProblems(files, about, name),
      ...(record === undefined ? [] : recordProblems(files, record, name)),
    ];
    if (problems.length > 0) return problems;
    const fits = `digests, owners and modes are as pvdisc writes them; ${plural(files.size, 'file')} checked against the header and .disc records`;
    if (record !== undefined) return [good(name, `${fits}, and against the record`)];
    return [good(name, fits), onlyOutside(facts, name)];
  });
}

function digestProblems({ digests }: RpmFacts, name: string): Check[] {
  return Object.entries(digests).flatMap(([part, { stated, found }]) => {
    if (stated === found) return [];
    if (stated === '') return [bad(name, `states no sha256 of its ${part}`)];
    return [bad(name, `its ${part} has sha256 ${found}, but it states ${stated}`)];
  });
}

function identityProblems({ arch, epoch, scripts }: RpmFacts, name: string): Check[] {
  const strange = [...scripts.keys()].filter((section) => !rpmScripts.some((known) => known === section));
  return [
    ...(arch === 'noarch' ? [] : [bad(name, `is for the architecture ${quoted(arch)}, expected noarch`)]),
    ...(epoch === undefined
      ? []
      : [bad(name, `has the epoch ${epoch}, which packages of pvdisc do not have`)]),
    ...strange.map((section) =>
      bad(name, `has the script %${section}, which packages of pvdisc do not have`),
    ),
  ];
}

/** Bits of a file's type in its mode (inode(7)), and the modes of each type: of discs, other files and commands. */
const typeMask = 0o170000;
const knownModes: readonly number[] = [0o040755, 0o100444, 0o100644, 0o100755];
const links: ReadonlySet<string> = new Set(
  driverFamilies.flatMap((family) =>
    (['disc', 'drivers'] as const).flatMap((kind) => ghosts({ kind, family })),
  ),
);

/** Judges what the header lists, which rpm installs. */
function listedProblems(
  { path, mode, owner, sha256, target, isGhost }: RpmFile,
  files: ReadonlyMap<string, PackagedFile>,
  name: string,
): Check[] {
  const place = `${name}/${path}`;
  const owned = owner === 'root:root' ? [] : [bad(place, `belongs to ${quoted(owner)}, expected root:root`)];
  if (isGhost) {
    const isLink = links.has(`/${path}`) && target.startsWith('/etc/alternatives/virtio-win');
    return isLink ? owned : [bad(place, 'is a ghost that no alternative of pvdisc makes')];
  }
  if (!knownModes.includes(mode))
    return [bad(place, `has the type and mode ${mode.toString(8)}, which packages of pvdisc do not have`)];
  if (!path.startsWith('usr/share/'))
    return [bad(place, 'is outside usr/share/, the folder of all files in packages of pvdisc')];
  if ((mode & typeMask) === 0o040000) return owned;
  const found = files.get(path);
  if (found === undefined) return [bad(place, 'is missing; the header lists it')];
  if (found.sha256 === sha256) return owned;
  return [bad(place, `has sha256 ${found.sha256}, but the header has ${sha256}`)];
}

/** The payload has what the header lists, with the same modes. */
function payloadProblems(entries: readonly TarEntry[], { files }: RpmFacts, name: string): Check[] {
  const listed = new Map(files.filter(({ isGhost }) => !isGhost).map(({ path, mode }) => [path, mode]));
  return entries.flatMap(({ path, mode }) => {
    const expected = listed.get(path);
    if (expected === undefined) return [bad(`${name}/${path}`, 'is in the payload, but not in the header')];
    if (mode === (expected & ~typeMask)) return [];
    const modes = `${mode.toString(8)} in the payload, but ${(expected & ~typeMask).toString(8)} in the header`;
    return [bad(`${name}/${path}`, `has mode ${modes}`)];
  });
}

/** What a package alone cannot prove. */
function onlyOutside({ scripts }: RpmFacts, name: string): Check {
  const run = scripts.size === 0 ? '' : ` and its scripts (${[...scripts.keys()].sort().join(', ')})`;
  return notJudged(
    name,
    `its header${run}, and files changed together with them: only a signed SHA256SUMS proves them`,
    'verify the folder of the release with --key',
  );
}
