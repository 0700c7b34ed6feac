import { PipelineError } from '../../core/errors.ts';
import { placeAtLine } from '../../core/place.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { describesPackages } from '../../manifest/names.ts';
import { metadataFiles, readText } from './metadata-files.ts';
import { writtenChangelog } from './written-changelog.ts';

/** Heading and trailer of an entry in a Debian changelog. */
export interface ChangelogEntry {
  readonly package: string;
  readonly version: string;
  readonly distribution: string;
  /** Seconds since 1970 (UTC). */
  readonly epoch: number;
  /** Line of its heading. */
  readonly line: number;
}

/** `isOwn`: the changelog belongs to the release, not to the source package. */
export interface Changelog {
  readonly file: string;
  readonly text: string;
  readonly isOwn: boolean;
  readonly newest: ChangelogEntry;
}

/** Reads `<package>.changelog` of a release, or the changelog of the source if there is none. */
export async function readChangelog(manifest: Manifest): Promise<Changelog> {
  const found = await findChangelog(manifest);
  if (found !== undefined) return found;
  const { sourceChangelog } = metadataFiles(manifest);
  throw new PipelineError('input', {
    place: sourceChangelog,
    message: 'no such file',
    hint: changelogPurpose,
  });
}

/** Like `readChangelog`, but returns undefined if there is no changelog. */
export async function findChangelog(manifest: Manifest): Promise<Changelog | undefined> {
  if (describesPackages(manifest)) {
    const { file, text } = await writtenChangelog(manifest);
    return { file, text, isOwn: true, newest: newestEntry(text, file) };
  }
  const { ownChangelog, sourceChangelog } = metadataFiles(manifest);
  for (const file of [ownChangelog, sourceChangelog]) {
    const text = await readText(file);
    if (text !== undefined)
      return { file, text, isOwn: file === ownChangelog, newest: newestEntry(text, file) };
  }
  return undefined;
}

/** Returns whether the newest entry has the version `<version>-<Debian revision>` and, in its own changelog, the package of the release. */
export function isOfRelease({ release }: Manifest, { isOwn, newest }: Changelog): boolean {
  const prefix = `${release.version}-`;
  const revision = newest.version.slice(prefix.length);
  const fits = newest.version.startsWith(prefix) && /^[0-9A-Za-z.+~]+$/.test(revision);
  return fits && (!isOwn || newest.package === release.package.name);
}

export const changelogPurpose =
  'its newest entry gives the version, Debian revision and date of the source; create it with dch(1)';

/** Returns the date of the newest changelog entry in seconds since 1970 (UTC), the date of a build without SOURCE_DATE_EPOCH. */
export async function releaseEpoch(manifest: Manifest): Promise<number> {
  return (await readChangelog(manifest)).newest.epoch;
}

/** Parses the newest entry of a Debian changelog (deb-changelog(5)). */
export function newestEntry(text: string, file: string): ChangelogEntry {
  const lines = text.split('\n').map((line) => line.trimEnd());
  const start = lines.findIndex((line) => line !== '');
  const heading = headingPattern.exec(lines[start] ?? '');
  if (heading === null) {
    throw problem(
      file,
      Math.max(start, 0),
      'is not a heading ("package (version) distribution; urgency=medium")',
    );
  }
  const end = lines.findIndex((line, index) => index > start && line !== '' && !line.startsWith('  '));
  const trailer = trailerPattern.exec(lines[end] ?? '');
  if (trailer === null) {
    const message = `does not end the entry from line ${start + 1} (" -- Name <address>  date", two spaces before the date)`;
    throw problem(file, end === -1 ? lines.length - 1 : end, message);
  }
  if (lines.slice(start + 1, end).every((line) => line === '')) {
    throw problem(file, start, 'this entry lists no changes');
  }
  const [, name = '', version = '', distribution = ''] = heading;
  const epoch = parseDate(trailer[1] ?? '');
  if (epoch === undefined) {
    throw problem(
      file,
      end,
      `"${trailer[1]}" is not a valid date ("Fri, 20 Nov 2026 12:00:00 +0000", with the right day of the week)`,
    );
  }
  return { package: name, version, distribution: distribution.trim(), epoch, line: start + 1 };
}

const headingPattern =
  /^([a-z0-9][a-z0-9+.-]+) \(([0-9][0-9A-Za-z.+~:-]*)\)((?: [A-Za-z0-9+.-]+)+); *[A-Za-z-]+=[^ ].*$/;
const trailerPattern = /^ -- [^<>]*<[^<>]*> {2}(.+)$/;
const datePattern =
  /^([A-Z][a-z]{2}), ([ 0-3]?\d) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})$/;
const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Parses an RFC 5322 date into seconds since 1970; undefined for an impossible date such as 31 April. */
function parseDate(text: string): number | undefined {
  const match = datePattern.exec(text);
  if (match === null) return undefined;
  const [, dayName = '', day, monthName = '', ...rest] = match;
  const [year = 0, hour = 0, minute = 0, second = 0] = rest.slice(0, 4).map(Number);
  const [sign, zoneHours, zoneMinutes] = rest.slice(4);
  const month = months.indexOf(monthName);
  const local = new Date(Date.UTC(year, month, Number(day), hour, minute, second));
  const isReal =
    month !== -1 && local.getUTCDate() === Number(day) && hour < 24 && minute < 60 && second < 60;
  if (!isReal || days[local.getUTCDay()] !== dayName || Number(zoneMinutes) > 59) return undefined;
  const offset = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60;
  return local.getTime() / 1000 - (sign === '-' ? -offset : offset);
}

function problem(file: string, index: number, message: string): PipelineError {
  return new PipelineError('input', {
    place: placeAtLine(file, index + 1),
    message,
    hint: 'see deb-changelog(5); dch(1) writes valid entries',
  });
}
