import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { parseControl, type Stanza } from '../../../pipeline/formats/deb/control.ts';
import { binaryControl } from '../../../pipeline/package/deb/binary-control.ts';
import type { DebMetadata } from '../../../pipeline/package/metadata/metadata.ts';
import { buildDeb } from '../../builders/deb.ts';
import { lacksTool } from '../../builders/needs.ts';
import { temporaryFolder } from '../../builders/release.ts';

const sourceStanza = `Source: pvdisc
Section: misc
Priority: optional
Maintainer: A Name <a@example.org>
Build-Depends: debhelper-compat (= 13)
Homepage: https://example.org/
`;

const binaryStanza = `package: my-drivers
Architecture: all
Description: drivers
 Text
 .
 \${pvdisc:Signatures}
provides: virtio-win-iso
Conflicts: virtio-win-iso
Depends: \${misc:Depends}
Recommends:
Suggests: libvirt-clients,
  qemu-system-x86 (>= 1)
    | qemu-kvm,
Priority: extra
Multi-Arch: foreign
`;

function metadata(
  source = sourceStanza,
  binary = binaryStanza,
  versions: Partial<DebMetadata> = {},
): DebMetadata & { binary: Stanza } {
  const controlFile = 'debian/control';
  const [first, second] = parseControl(`${source}\n${binary}`, controlFile);
  if (first === undefined || second === undefined) throw new Error('two stanzas are needed');
  return {
    controlFile,
    source: first,
    binary: second,
    sourceVersion: '0.1.0-1',
    version: '1.2-3',
    changelog: '',
    copyright: '',
    packages: new Map(),
    ...versions,
  };
}

function control(from: ReturnType<typeof metadata>, depends = ''): string {
  const variables = new Map([
    ['misc:Depends', depends],
    ['pvdisc:Signatures', 'Signed:\n * not at all'],
  ]);
  return binaryControl(from, from.binary, variables, 4321);
}

test('the stanza is completed from the source, in the order of dpkg, without empty fields', () => {
  expect(control(metadata())).toBe(`Package: my-drivers
Source: pvdisc (0.1.0-1)
Version: 1.2-3
Architecture: all
Maintainer: A Name <a@example.org>
Installed-Size: 4321
Suggests: libvirt-clients, qemu-system-x86 (>= 1) | qemu-kvm
Conflicts: virtio-win-iso
Provides: virtio-win-iso
Section: misc
Priority: extra
Multi-Arch: foreign
Homepage: https://example.org/
Description: drivers
 Text
 .
 Signed:
  * not at all
`);
});

test('build profiles are for those who build, and are left out as dpkg leaves them out', () => {
  const profiled = binaryStanza.replace('Priority:', 'Build-Profiles: <pkg.pvdisc.legacy>\nPriority:');
  expect(profiled).not.toBe(binaryStanza);
  expect(control(metadata(sourceStanza, profiled))).toBe(control(metadata()));
});

test('a variable that is not empty stays in its field', () => {
  expect(control(metadata(), 'a (>= 1), b')).toContain('\nDepends: a (>= 1), b\nSuggests: ');
});

test.each([
  ['another version', 'pvdisc', '0.1.0-1', 'Source: pvdisc (0.1.0-1)'],
  ['the same version', 'pvdisc', '1.2-3', 'Source: pvdisc'],
  ['the same name, another version', 'my-drivers', '0.1.0-1', 'Source: my-drivers (0.1.0-1)'],
  ['the same name and version', 'my-drivers', '1.2-3', undefined],
])('a source of %s is named as dpkg names it', (_what, name, sourceVersion, line) => {
  const text = control(metadata(sourceStanza.replace('pvdisc', name), binaryStanza, { sourceVersion }));
  expect(text.split('\n').find((candidate) => candidate.startsWith('Source:'))).toBe(line);
});

test.each([
  [
    'Architecture: all',
    'Architecture: any',
    'debian/control:9: the package is not "Architecture: all"\n  hint: write "Architecture: all", since the disc is the same on every host',
  ],
  [
    'Architecture: all\n',
    '',
    'debian/control:8: the package is not "Architecture: all"\n  hint: write "Architecture: all", since the disc is the same on every host',
  ],
  [
    'Description: drivers',
    'Description:',
    'debian/control:10: the description lacks a synopsis or a text\n  hint: see Debian Policy section 3.4',
  ],
  [
    'Multi-Arch: foreign',
    'Built-Using: x',
    'debian/control:22: a binary package cannot set the field Built-Using here\n  hint: remove it',
  ],
  [
    'Multi-Arch: foreign',
    'Version: 1',
    'debian/control:22: a binary package cannot set the field Version here\n  hint: remove it',
  ],
  [
    'pvdisc:Signatures',
    'shlibs:Depends',
    `debian/control:10: unknown substitution variable \${shlibs:Depends}\n  hint: known: misc:Depends, pvdisc:Signatures`,
  ],
])('%j written as %j is refused', (good, bad, message) => {
  expect(() => control(metadata(sourceStanza, binaryStanza.replace(good, bad)))).toThrow(message);
});

test('all that is missing is told at once', () => {
  const bare = metadata('Source: pvdisc\n', 'Package: my-drivers\n');
  expect(() => control(bare)).toThrow(
    expect.objectContaining({
      kind: 'input',
      problems: [
        expect.objectContaining({ place: 'debian/control:1', message: 'the source has no Maintainer' }),
        expect.objectContaining({ place: 'debian/control:1', message: 'the source has no Section' }),
        expect.objectContaining({ place: 'debian/control:1', message: 'the source has no Priority' }),
        expect.objectContaining({
          place: 'debian/control:3',
          message: 'the package is not "Architecture: all"',
        }),
        expect.objectContaining({
          place: 'debian/control:3',
          message: 'the description lacks a synopsis or a text',
        }),
      ],
    }),
  );
});

describe.skipIf(lacksTool('dpkg-gencontrol', 'dpkg-deb', 'zstd'))('dpkg-gencontrol', () => {
  test.each(['sample', 'virtio-win-legacy'])(
    'makes the same of the metadata and the files of %s',
    async (release) => {
      const folder = await temporaryFolder('pvdisc-gencontrol-');
      const { content, name } = await buildDeb(folder, { release, drivers: [] });
      const [packageName = '', version = ''] = name.split('_');
      const unpacked = join(folder, 'unpacked');
      await mkdir(unpacked);
      await execa('dpkg-deb', ['-x', content.file, unpacked]);
      const expected = await execa('dpkg-gencontrol', [
        `-p${packageName}`,
        `-v${version}`,
        `-P${unpacked}`,
        '-Vmisc:Depends=',
        '-Vpvdisc:Signatures=There is no driver on the disc.',
        '-O',
      ]);
      const made = await execa('dpkg-deb', ['-f', content.file]);
      expect(made.stdout).toBe(expected.stdout);
    },
  );
});
