import { PipelineError } from '../../../core/errors.ts';
import { wrapWords } from '../../../core/text.ts';
import type { ComparedSide, Comparison } from '../../../diff/comparison-schema.ts';
import { debianDate } from '../../../formats/deb/control.ts';
import { type Difference, titledGroups } from './difference.ts';

/** Who writes an entry, and when (seconds since 1970). */
export interface Writer {
  readonly name: string;
  readonly address: string;
  readonly epoch: number;
}

/** Returns an entry for `debian/changelog` (deb-changelog(5)). */
export function changelogEntry({ old, new: now }: Comparison, found: Difference, writer: Writer): string {
  const was = old.version === undefined ? '' : ` (before: ${old.version})`;
  const changes = titledGroups(found).flatMap(({ title, groups }) =>
    groups.map(({ driver, version, windows }) => `${title}: ${driver} ${version} for ${windows}.`),
  );
  const items = [
    `Drivers of ${now.version ?? now.input}${was}.`,
    ...found.lost.map((line) => `Lost: ${line}.`),
    ...found.gained.map((line) => `Gained: ${line}.`),
    ...changes,
    ...(found.groups.length === 0 ? ['The drivers are the same.'] : []),
  ];
  const lines = items.flatMap((item) =>
    wrapWords(item.split(' '), width - 4).map((line, index) => `${index === 0 ? '  * ' : '    '}${line}`),
  );
  return entry(now, lines, writer);
}

/** Returns an entry for `debian/NEWS` about what is lost; empty when nothing is. */
export function newsEntry({ old, new: now }: Comparison, { lost }: Difference, writer: Writer): string {
  if (lost.length === 0) return '';
  const before = old.version === undefined ? 'the version before' : `version ${old.version}`;
  const paragraph = (text: string) => wrapWords(text.split(' '), width - 2).map((line) => `  ${line}`);
  const lines = [
    ...paragraph(`The discs of this package no longer have some of the drivers of ${before}:`),
    '',
    ...lost.flatMap((line) =>
      wrapWords(`${line}.`.split(' '), width - 6).map(
        (text, index) => `${index === 0 ? '    - ' : '      '}${text}`,
      ),
    ),
    '',
    ...paragraph(
      `Drivers that are installed in guests stay there. To install one of these in a guest, use a disc of ${before}.`,
    ),
  ];
  return entry(now, lines, writer);
}

/** The width of lines in Debian changelogs. */
const width = 78;

function entry(side: ComparedSide, lines: readonly string[], { name, address, epoch }: Writer): string {
  const date = debianDate(epoch);
  const heading = `${packageAndVersion(side)} UNRELEASED; urgency=medium`;
  return `${[heading, '', ...lines, '', ` -- ${name} <${address}>  ${date}`].join('\n')}\n`;
}

function packageAndVersion({ input, name, version }: ComparedSide): string {
  if (
    name === undefined ||
    version === undefined ||
    !/^[a-z0-9][a-z0-9+.-]+$/.test(name) ||
    !/^[0-9][0-9A-Za-z.+~-]*$/.test(version)
  )
    throw new PipelineError('usage', {
      place: input,
      message: 'does not say the package and version that the entry is for',
      hint: 'name the disc NAME-VERSION.iso, or give a .deb, a release.json or the folder of a release as NEW',
    });
  return `${name} (${version.includes('-') ? version : `${version}-1`})`;
}
