import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { newestEntry } from '../../../pipeline/package/metadata/changelog.ts';
import { projectMetadataDir } from '../../builders/deb.ts';
import { lacksTool } from '../../builders/needs.ts';

const heading = 'pvdisc-sample (0.1.0-1) unstable; urgency=medium';
const trailer = ' -- A Name <a@example.org>  Fri, 20 Nov 2026 12:00:00 +0000';

function read(text: string) {
  return newestEntry(text, 'debian/changelog');
}

function dated(date: string) {
  return read(`${heading}\n\n  * Change.\n\n -- A Name <a@example.org>  ${date}\n`);
}

test('the newest entry is read, those below it are not', () => {
  const text = `\n${heading}\n\n  [ A Name ]\n  * Change,\n    on two lines.\n\n${trailer}\n\nolder, broken\n`;
  expect(read(text)).toEqual({
    package: 'pvdisc-sample',
    version: '0.1.0-1',
    distribution: 'unstable',
    epoch: 1795176000,
    line: 2,
  });
});

test.each([
  ['Fri, 20 Nov 2026 13:30:00 +0130', 1795176000],
  ['Fri, 20 Nov 2026 04:00:00 -0800', 1795176000],
  ['Sat, 21 Nov 2026 01:00:00 +1300', 1795176000],
  ['Thu,  1 Jan 1970 00:00:00 +0000', 0],
  ['Thu, 1 Jan 1970 00:00:01 +0000', 1],
  ['Thu, 29 Feb 2024 23:59:59 +0000', 1709251199],
])('the date %s is %d seconds since 1970', (date, epoch) => {
  expect(dated(date).epoch).toBe(epoch);
});

test.each([
  ['Thu, 20 Nov 2026 12:00:00 +0000', 'the wrong day of the week'],
  ['Tue, 31 Nov 2026 12:00:00 +0000', 'a day that November does not have'],
  ['Sun, 29 Feb 2026 12:00:00 +0000', 'a leap day of no leap year'],
  ['Fri, 20 Nov 2026 24:00:00 +0000', 'an hour that no day has'],
  ['Fri, 20 Nov 2026 12:00:00 +0060', 'a zone that no hour has'],
  ['Fri, 20 Nov 2026 12:00:00', 'no zone'],
  ['Fri, 20 Nov 2026 12:00:00 UTC', 'a zone by name'],
  ['Fri, 20 nov 2026 12:00:00 +0000', 'a month in lower case'],
  ['20 Nov 2026 12:00:00 +0000', 'no day of the week'],
  ['2026-11-20T12:00:00Z', 'another format'],
  ['Fri, 20 Nov 26 12:00:00 +0000', 'a short year'],
])('the date %s is refused: %s', (date) => {
  expect(() => dated(date)).toThrow(
    `debian/changelog:5: "${date}" is not a valid date ("Fri, 20 Nov 2026 12:00:00 +0000", with the right day of the week)`,
  );
});

const notAHeading = 'is not a heading ("package (version) distribution; urgency=medium")';
const noTrailer =
  'does not end the entry from line 1 (" -- Name <address>  date", two spaces before the date)';

test.each([
  ['an empty file', '', `debian/changelog:1: ${notAHeading}`],
  ['no heading', `\n  * Change.\n\n${trailer}\n`, `debian/changelog:2: ${notAHeading}`],
  ['no version', `x unstable; urgency=low\n\n  * C.\n\n${trailer}\n`, `debian/changelog:1: ${notAHeading}`],
  ['no distribution', `x (1-1); urgency=low\n\n  * C.\n\n${trailer}\n`, `debian/changelog:1: ${notAHeading}`],
  ['no urgency', `x (1-1) unstable\n\n  * C.\n\n${trailer}\n`, `debian/changelog:1: ${notAHeading}`],
  [
    'a name in capitals',
    `X (1-1) unstable; urgency=low\n\n  * C.\n\n${trailer}\n`,
    `debian/changelog:1: ${notAHeading}`,
  ],
  ['no trailer', `${heading}\n\n  * C.\n`, `debian/changelog:4: ${noTrailer}`],
  [
    'another heading before the trailer',
    `${heading}\n\n  * C.\n\n${heading}\n`,
    `debian/changelog:5: ${noTrailer}`,
  ],
  [
    'one space before the date',
    `${heading}\n\n  * C.\n\n${trailer.replace('>  ', '> ')}\n`,
    `debian/changelog:5: ${noTrailer}`,
  ],
  [
    'no address',
    `${heading}\n\n  * C.\n\n -- A Name  Fri, 20 Nov 2026 12:00:00 +0000\n`,
    `debian/changelog:5: ${noTrailer}`,
  ],
  ['no change', `${heading}\n\n\n${trailer}\n`, 'debian/changelog:1: this entry lists no changes'],
])('%s is refused', (_what, text, message) => {
  expect(() => read(text)).toThrow(`${message}\n  hint: see deb-changelog(5); dch(1) writes valid entries`);
});

describe.skipIf(lacksTool('dpkg-parsechangelog'))('dpkg-parsechangelog', () => {
  test.each(['changelog', 'virtio-win-legacy.changelog'])('agrees on %s', async (name) => {
    const file = join(projectMetadataDir, name);
    const { stdout } = await execa('dpkg-parsechangelog', ['-l', file]);
    const fields = Object.fromEntries(stdout.split('\n').map((line) => line.split(/: ?(.*)/)));
    const entry = newestEntry(await readFile(file, 'utf8'), file);
    expect(entry).toMatchObject({
      package: fields.Source,
      version: fields.Version,
      distribution: fields.Distribution,
      epoch: Number(fields.Timestamp),
    });
  });
});
