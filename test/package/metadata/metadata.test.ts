import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FurtherPackage } from '../../../pipeline/manifest/package-schema.ts';
import { releasePlace } from '../../../pipeline/manifest/read.ts';
import { deb } from '../../../pipeline/package/deb.ts';
import { releaseEpoch } from '../../../pipeline/package/metadata/changelog.ts';
import { readMetadata } from '../../../pipeline/package/metadata/metadata.ts';
import { debChangelog, debMetadata, makeDebSetting } from '../../builders/deb.ts';
import { problemsOf } from '../../builders/problems.ts';
import { temporaryFolder } from '../../builders/release.ts';
import type { Tree } from '../../builders/tree.ts';

async function setting(
  changes: Readonly<Record<string, string | undefined>> = {},
  also: readonly FurtherPackage[] = [],
) {
  const folder = await temporaryFolder('pvdisc-metadata-');
  const texts = Object.entries({ ...debMetadata('1.0-1'), ...changes });
  const metadata: Tree = Object.fromEntries(
    texts.flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])),
  );
  const { manifest } = await makeDebSetting(folder, { version: '1.0', metadata, also });
  return { folder, manifest };
}

test('the metadata of a release is read', async () => {
  const { manifest } = await setting({ 'pvdisc-sample.lintian-overrides': 'some-tag\n' });
  expect(await readMetadata(manifest)).toMatchObject({
    controlFile: join(manifest.metadataDir, 'control'),
    version: '1.0-1',
    sourceVersion: '0.1.0-1',
    changelog: debChangelog('pvdisc-sample', '1.0-1'),
    copyright: 'Copyright: me\n',
  });
  const own = (await readMetadata(manifest)).packages.get('pvdisc-sample');
  expect(own?.overrides).toBe('some-tag\n');
  expect(own?.binary.fields.get('description')?.value).toMatch(/^sample drivers\n/);
});

test('overrides need not be there', async () => {
  const { manifest } = await setting();
  expect((await readMetadata(manifest)).packages.get('pvdisc-sample')).not.toHaveProperty('overrides');
});

test.each(['1.0-1ubuntu1', '1.0-0.1', '1.0-1~bpo12+1'])(
  '%s is a version of the package for release 1.0',
  async (version) => {
    const { manifest } = await setting({ 'pvdisc-sample.changelog': debChangelog('pvdisc-sample', version) });
    expect((await readMetadata(manifest)).version).toBe(version);
  },
);

test.each([
  ['pvdisc-sample', '1.0'],
  ['pvdisc-sample', '1.0-'],
  ['pvdisc-sample', '1.0-rc1-1'],
  ['pvdisc-sample', '1.0.1-1'],
  ['pvdisc-sample', '1:1.0-1'],
  ['another-package', '1.0-1'],
])(
  'a newest changelog entry %s %s does not fit the release, and both files are named',
  async (name, version) => {
    const { manifest, folder } = await setting({ 'pvdisc-sample.changelog': debChangelog(name, version) });
    expect(await problemsOf(deb.prepare(manifest), folder)).toEqual([
      `./debian/pvdisc-sample.changelog:1: the newest entry is ${name} ${version}, but ${releasePlace(manifest, 'version')} says pvdisc-sample 1.0\n` +
        '  hint: add an entry "pvdisc-sample (1.0-1)" at the top of the changelog, or correct the release',
    ]);
  },
);

test('all files that are missing are told at once, each with what it is for', async () => {
  const { manifest, folder } = await setting({
    control: undefined,
    changelog: undefined,
    copyright: undefined,
  });
  expect(await problemsOf(deb.prepare(manifest), folder)).toEqual([
    './debian/control: no such file\n  hint: it describes the source and each binary package (deb-src-control(5))',
    './debian/changelog: no such file\n  hint: its newest entry gives the version, Debian revision and date of the source; create it with dch(1)',
    './debian/copyright: no such file\n  hint: every Debian package carries its copyright and licenses (DEP-5)',
  ]);
});

test('a package without a stanza is told, with those that have one', async () => {
  const { manifest, folder } = await setting({ control: 'Source: pvdisc\n\nPackage: a\n\nPackage: b\n' });
  expect(await problemsOf(deb.prepare(manifest), folder)).toEqual([
    `./debian/control: has no stanza for package pvdisc-sample, which ${releasePlace(manifest, 'package', 'name')} requires\n` +
      '  hint: add a "Package: pvdisc-sample" stanza, or use one of these in the release: a, b',
  ]);
});

test.each([
  ['', './debian/control:1'],
  ['\nPackage: pvdisc-sample\n', './debian/control:2'],
])('a control file %j has no source', async (control, place) => {
  const { manifest, folder } = await setting({ control });
  expect(await problemsOf(deb.prepare(manifest), folder)).toEqual([
    `${place}: does not begin with a source stanza\n  hint: put a "Source: <name>" stanza first`,
  ]);
});

test('what the stanza lacks is told before any work', async () => {
  const { manifest, folder } = await setting({
    control: debMetadata('1.0-1').control.replace('Architecture: all\n', ''),
  });
  expect(await problemsOf(deb.prepare(manifest), folder)).toEqual([
    './debian/control:6: the package is not "Architecture: all"\n  hint: write "Architecture: all", since the disc is the same on every host',
  ]);
});

test('a file that is none, or too big, is told', async () => {
  const { manifest, folder } = await setting({ 'copyright/x': '', copyright: undefined });
  expect(await problemsOf(deb.prepare(manifest), folder)).toEqual([
    // Newer Node.js adds the path.
    expect.stringMatching(
      /^\.\/debian\/copyright: cannot be read: EISDIR: illegal operation on a directory, read( '.*')?$/,
    ),
  ]);
  const big = await setting({ copyright: ' '.repeat(4 * 1024 * 1024 + 1) });
  expect(await problemsOf(deb.prepare(big.manifest), big.folder)).toEqual([
    './debian/copyright: cannot be read: has 4194305 bytes, more than the limit of 4194304',
  ]);
});

test('the date of a release is that of its newest changelog entry', async () => {
  const { manifest } = await setting({
    'pvdisc-sample.changelog': debChangelog('pvdisc-sample', '9-9', 'Thu, 01 Jan 1970 00:01:40 +0000'),
  });
  expect(await releaseEpoch(manifest)).toBe(100);
});

test('a release without a changelog has no date', async () => {
  const { manifest, folder } = await setting({ 'pvdisc-sample.changelog': undefined, changelog: undefined });
  expect(await problemsOf(releaseEpoch(manifest), folder)).toEqual([
    './debian/changelog: no such file\n  hint: its newest entry gives the version, Debian revision and date of the source; create it with dch(1)',
  ]);
});

test('a release without a changelog of its own has the version and date of the source', async () => {
  const changelog = debChangelog('pvdisc', '1.0-7', 'Thu, 01 Jan 1970 00:01:40 +0000');
  const { manifest } = await setting({ 'pvdisc-sample.changelog': undefined, changelog });
  expect(await readMetadata(manifest)).toMatchObject({ version: '1.0-7', sourceVersion: '1.0-7', changelog });
  expect(await releaseEpoch(manifest)).toBe(100);
});

test('where the changelog of the source does not fit the release either, both and the way out are named', async () => {
  const { manifest, folder } = await setting({ 'pvdisc-sample.changelog': undefined });
  expect(await problemsOf(deb.prepare(manifest), folder)).toEqual([
    `./debian/changelog:1: the newest entry is pvdisc 0.1.0-1, but ${releasePlace(manifest, 'version')} says pvdisc-sample 1.0\n` +
      '  hint: add an entry "pvdisc-sample (1.0-1)" to its own changelog, ./debian/pvdisc-sample.changelog, or use the same version for both',
  ]);
});

test('packages that the release asks for need stanzas too, and all that lack one are told', async () => {
  const { manifest, folder } = await setting({}, ['symbols', 'drivers']);
  expect(await problemsOf(deb.prepare(manifest), folder)).toEqual(
    ['pvdisc-sample-symbols', 'pvdisc-sample-drivers'].map(
      (name) =>
        `./debian/control: has no stanza for package ${name}, which ${releasePlace(manifest, 'package', 'also')} requires\n` +
        `  hint: add a "Package: ${name}" stanza or remove it from the release`,
    ),
  );
});
