import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { FurtherPackage } from '../../../pipeline/manifest/package-schema.ts';
import { readManifest } from '../../../pipeline/manifest/read.ts';
import { deb } from '../../../pipeline/package/deb.ts';
import type { Packager } from '../../../pipeline/package/define.ts';
import { releaseEpoch } from '../../../pipeline/package/metadata/changelog.ts';
import { readMetadata } from '../../../pipeline/package/metadata/metadata.ts';
import { substitutionVariables } from '../../../pipeline/package/metadata/substvars.ts';
import { writtenCopyright } from '../../../pipeline/package/metadata/written-copyright.ts';
import { packageStanza } from '../../../pipeline/package/rpm/relations.ts';
import { rpm } from '../../../pipeline/package/rpm.ts';
import { makeDebSetting, projectMetadataDir, unsignedDriver } from '../../builders/deb.ts';
import { lacksTool } from '../../builders/needs.ts';
import { problemsOf } from '../../builders/problems.ts';
import {
  collectRelease,
  makeRelease,
  temporaryFolder,
  type Values,
  writeRelease,
} from '../../builders/release.ts';
import { buildRepository } from '../../builders/repository.ts';
import { driverFolder } from '../../builders/tree.ts';

/** A release of somebody else, with all keys. */
const described = {
  name: 'acme-virtio-win',
  also: ['symbols', 'drivers'],
  maintainer: 'Acme Virtualization <virt@acme.example>',
  homepage: 'https://acme.example/virtio',
  section: 'non-free/misc',
  license: 'Apache-2.0',
  copyright: '2026 Acme GmbH',
  provides: ['acme-drivers'],
  conflicts: ['acme-drivers-old (<< 2.0)'],
  replaces: ['acme-drivers-old (<< 2.0)'],
  description: `The drivers that Acme builds for the guests of its hosts, from the sources of the
virtio-win project.

Made for:
 * Windows 11`,
  changelog: [
    {
      version: '0.1.0-2',
      date: '2026-11-20T12:00:00Z',
      changes: [
        'Build again, with the compiler that the build of the whole company uses from this month on.',
        'Fix a typo.',
      ],
    },
    { version: '0.1.0', date: '2026-11-19', changes: ['First release.'] },
  ],
};

/** What a person would write into `debian/` for the same packages. */
const control = `Source: acme-virtio-win
Section: non-free/misc
Priority: optional
Maintainer: Acme Virtualization <virt@acme.example>
Homepage: https://acme.example/virtio
Standards-Version: 4.6.2
Rules-Requires-Root: no

# Comments, more fields of the source and another order of fields make no difference.
Package: acme-virtio-win
Architecture: all
Multi-Arch: foreign
Provides: virtio-win-iso, acme-drivers
Depends: \${misc:Depends}
Conflicts: acme-drivers-old (<< 2.0)
Replaces: acme-drivers-old (<< 2.0)
Suggests: jq, libvirt-clients, qemu-system-x86, socat, virtinst
Description: Sample drivers that pvdisc makes itself, to try it on; they do nothing
 The drivers that Acme builds for the guests of its hosts, from the sources of
 the virtio-win project.
 .
 Made for:
  * Windows 11
 .
 A KVM guest reads the disc as a CD-ROM: "virtio-win attach GUEST" attaches it
 to a guest, "virtio-win --help" lists the other commands. README.txt on the
 disc and in /usr/share/doc/acme-virtio-win lists the folder for each Windows.
 .
 \${pvdisc:Signatures}

Package: acme-virtio-win-symbols
Architecture: all
Multi-Arch: foreign
Enhances: acme-virtio-win
Description: debug symbols of the Windows drivers in acme-virtio-win
 The debug symbols (.pdb) of the drivers in the package acme-virtio-win, on a
 disc of their own. A debugger reads them to show names instead of addresses;
 they are not needed to install or to run a driver.

Package: acme-virtio-win-drivers
Architecture: all
Multi-Arch: foreign
Suggests: osinfo-db
Enhances: acme-virtio-win
Description: Windows drivers of acme-virtio-win, as files
 The files of the drivers in the package acme-virtio-win, unpacked below
 /usr/share/virtio-win/drivers by driver and by Windows, for tools that take
 drivers from the host and not from a disc.
 .
 \${pvdisc:Signatures}
`;

const changelog = `acme-virtio-win (0.1.0-2) unstable; urgency=medium

  * Build again, with the compiler that the build of the whole company uses from
    this month on.
  * Fix a typo.

 -- Acme Virtualization <virt@acme.example>  Fri, 20 Nov 2026 12:00:00 +0000

acme-virtio-win (0.1.0-1) unstable; urgency=medium

  * First release.

 -- Acme Virtualization <virt@acme.example>  Thu, 19 Nov 2026 00:00:00 +0000
`;

const copyright = async () => `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: pvdisc-sample
Upstream-Contact: Acme Virtualization <virt@acme.example>
Source: https://acme.example/virtio
Comment:
 Files are named by their paths on the disc, whose folder LICENSES has the texts.

Files: *
Copyright:
 2026 Acme GmbH
 2026 pvdisc developers (host command, scripts, documents)
License: Apache-2.0 and BSD-3-Clause

Files:
 sampleblk/*
 i386/*
 amd64/*
 ARM64/*
Copyright: the holders that the version resources of these files name
License: BSD-3-Clause

License: Apache-2.0
 On Debian systems, the text is in /usr/share/common-licenses/Apache-2.0; LICENSES/Apache-2.0.txt on the
 disc has it too.

License: BSD-3-Clause
${(await readFile('drivers-manifest/licenses/BSD-3-Clause.txt', 'utf8')).trim().replace(/^/gm, ' ').replace(/^ *$/gm, ' .')}
`;

/** Packs the sample with other metadata, and returns the digests of its packages by name. */
async function packed(
  packageKeys: Values,
  metadata?: Readonly<Record<string, string>>,
  packager: Packager = deb,
) {
  const folder = await temporaryFolder('pvdisc-described-');
  const release = {
    ...parse(await readFile('drivers-manifest/releases/sample.yaml', 'utf8')),
    package: packageKeys,
  };
  await writeFile(join(folder, 'release.yaml'), stringify(release));
  if (metadata !== undefined) {
    await mkdir(join(folder, 'debian'));
    for (const [name, text] of Object.entries(metadata)) await writeFile(join(folder, 'debian', name), text);
    for (const kind of ['', '-symbols', '-drivers'])
      await copyFile(
        join(projectMetadataDir, `pvdisc-sample${kind}.lintian-overrides`),
        join(folder, 'debian', `acme-virtio-win${kind}.lintian-overrides`),
      );
  }
  const drivers = [unsignedDriver()];
  const packages = [
    { driver: 'sampleblk', target: drivers[0]?.target, inf: 'a.inf', files: [], missing: [] },
  ];
  const setting = await makeDebSetting(folder, {
    also: (packageKeys.also ?? []) as FurtherPackage[],
    drivers,
    tree: { files: [], packages } as never,
    iso: Buffer.from('disc'),
  });
  const manifest = await readManifest(join(folder, 'release.yaml'));
  await packager.prepare(manifest);
  const made = await packager.pack({ ...setting.input, manifest }, setting.context);
  const used = (await packager.metadata(manifest)).map((file) => file.slice(folder.length));
  return { digests: made.map(({ name, content }) => [name, content.sha256]), used };
}

test('the release and a folder debian/ that says the same give equal packages', async () => {
  const { digests, used } = await packed(described);
  expect(digests.map(([name]) => name)).toEqual(
    ['', '-symbols', '-drivers'].map((kind) => `acme-virtio-win${kind}_0.1.0-2_all.deb`),
  );
  const { name, also } = described;
  const folder = { control, changelog, copyright: await copyright() };
  const byHand = await packed({ name, also, metadata: 'debian' }, folder);
  expect(byHand.digests).toEqual(digests);
  expect(used).toEqual([]);
  expect(byHand.used).toContain('/debian/control');
});

test.skipIf(lacksTool('rpmbuild'))('so they do as rpm', async () => {
  const { digests } = await packed(described, undefined, rpm);
  expect(digests.map(([name]) => name)).toEqual(
    ['', '-symbols', '-drivers'].map((kind) => `acme-virtio-win${kind}-0.1.0-2.noarch.rpm`),
  );
  const { name, also } = described;
  const folder = { control, changelog, copyright: await copyright() };
  expect((await packed({ name, also, metadata: 'debian' }, folder, rpm)).digests).toEqual(digests);
});

test('few keys are enough, and another description makes another package', async () => {
  const { name, maintainer } = described;
  const short = { name, maintainer, changelog: described.changelog };
  const one = await packed(short);
  expect((await packed({ ...short, section: 'misc' })).digests).toEqual(one.digests);
  expect((await packed({ ...short, section: 'utils' })).digests).not.toEqual(one.digests);
});

test('text of a release holds no substitution variables', async () => {
  const text = `\${misc:Depends} \${x} \${`;
  const keys = { name: 'test-disc', maintainer: described.maintainer, changelog: described.changelog };
  const { manifest } = await makeRelease({
    release: { version: '0.1.0', title: text, package: { ...keys, description: text } },
  });
  const metadata = await readMetadata(manifest);
  const stanza = packageStanza(metadata, 'test-disc', substitutionVariables(''));
  expect(stanza.fields.get('description')?.value.split('\n').slice(0, 2)).toEqual([text, text]);
});

test('a release gives the priority of its disc, also with a folder of metadata', async () => {
  const { name, also } = described;
  const folder = { control, changelog, copyright: await copyright() };
  const keys = { name, also, metadata: 'debian' };
  const [first, second] = [await packed(keys, folder), await packed({ ...keys, priority: 7 }, folder)];
  expect(second.digests[0]).not.toEqual(first.digests[0]);
});

const about = { name: 'test-disc', maintainer: 'A B <a@b.example>' };

test('the changelog may be a file', async () => {
  const text = `test-disc (1.2.3-4) stable; urgency=low\n\n  * New.\n\n -- A <a@b.c>  Fri, 20 Nov 2026 12:00:00 +0000\n`;
  const options = { release: { package: { ...about, changelog: 'NEWS' } }, texts: { NEWS: text } };
  const { manifest, folder } = await makeRelease(options);
  expect(await readMetadata(manifest)).toMatchObject({ version: '1.2.3-4', changelog: text });
  expect(await deb.metadata(manifest)).toEqual([join(folder, 'NEWS')]);
  const gone = await makeRelease({ release: { package: { ...about, changelog: 'NEW' } } });
  expect(await problemsOf(readMetadata(gone.manifest), gone.folder)).toEqual([
    './release.yaml:12: package.changelog: there is no file ./NEW\n  hint: name a Debian changelog, list the entries here, or write git-tags',
  ]);
});

test('the newest entry has the version of the release', async () => {
  const changes = [{ version: '1.2.2', date: '2026-11-20', changes: ['x'] }];
  const { manifest, folder } = await makeRelease({ release: { package: { ...about, changelog: changes } } });
  expect(await problemsOf(readMetadata(manifest), folder)).toEqual([
    './release.yaml:12: package.changelog: the newest version is 1.2.2-1, but ./release.yaml:2: version is 1.2.3\n  hint: put an entry of version 1.2.3 first, or correct the release',
  ]);
});

test.each(['2026-02-30', '2026-13-01', '20 Nov 2026', '2026-11-20T25:00:00Z', '1969-12-31', '2206-11-20'])(
  '%s is no date',
  async (date) => {
    const changes = [{ version: '1.2.3', date, changes: ['x'] }];
    const { file, folder } = await writeRelease({ release: { package: { ...about, changelog: changes } } });
    expect(await problemsOf(readManifest(file), folder)).toEqual([
      expect.stringMatching(/must be a date such as 2026-11-20 or 2026-11-20T12:00:00Z/),
    ]);
  },
);

test('the changelog may come from git tags in the history of the commit', async () => {
  const options = { release: { package: { ...about, changelog: 'git-tags' } } };
  const { file } = await writeRelease(options);
  const { path, git } = await buildRepository({ 'release.yaml': await readFile(file, 'utf8') });
  const { manifest } = await makeRelease(options);
  const inside = { ...manifest, releaseFile: { ...manifest.releaseFile, file: join(path, 'release.yaml') } };
  expect(await problemsOf(readMetadata(inside), path)).toEqual([
    expect.stringMatching(
      /no git tag of version 1\.2\.3 .*\(there is no tag of a version\)\n {2}hint: type "git tag/,
    ),
  ]);
  const at = (date: string) => [
    '-c',
    `user.name=T`,
    '-c',
    'user.email=t@e.example',
    ...['tag', '--annotate'],
    date,
  ];
  process.env.GIT_COMMITTER_DATE = '2026-01-01T00:00:00Z';
  await git(...at('v1.2.2'), '--message', 'Older');
  process.env.GIT_COMMITTER_DATE = '2026-02-01T00:00:00Z';
  await git(...at('test-disc-1.2.3'), '--message', 'Newer\n\n- first item\n  goes on\n- second item');
  process.env.GIT_COMMITTER_DATE = '2026-03-01T00:00:00Z';
  await git(...at('v2.0'), '--message', 'Not yet released');
  await git(...at('nightly'), '--message', 'No version');
  delete process.env.GIT_COMMITTER_DATE;
  const { version, changelog: text } = await readMetadata(inside);
  expect({ version, text }).toEqual({
    version: '1.2.3-1',
    text: `test-disc (1.2.3-1) unstable; urgency=medium

  * Newer
  * first item goes on
  * second item

 -- A B <a@b.example>  Sun, 01 Feb 2026 00:00:00 +0000

test-disc (1.2.2-1) unstable; urgency=medium

  * Older

 -- A B <a@b.example>  Thu, 01 Jan 2026 00:00:00 +0000
`,
  });
  expect(await releaseEpoch(inside)).toBe(Date.UTC(2026, 1, 1) / 1000);
});

test('a release of one’s own without metadata is told what to add, not to change pvdisc', async () => {
  const { manifest, folder } = await makeRelease();
  const [problem = ''] = await problemsOf(readMetadata(manifest), folder);
  expect(problem).toMatch(
    /^\.\/release\.yaml:9: package: package test-disc has no metadata: .*\n {2}hint: add "maintainer/,
  );
});

test('files for Windows Setup have the licence of their driver', async () => {
  const { release, tree } = await collectRelease({
    files: driverFolder('Win11/amd64'),
    release: { setupDrivers: { targets: ['w11/amd64'] } },
  });
  expect(await writtenCopyright(release.manifest, tree)).toContain(
    '\n ARM64/*\n $WinPEDriver$/*/viostor/*\n',
  );
});
