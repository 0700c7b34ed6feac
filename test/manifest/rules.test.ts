import { expect, test } from 'vitest';
import { readManifest } from '../../pipeline/manifest/read.ts';
import { problemsOf } from '../builders/problems.ts';
import { makeRelease, type ReleaseOptions, type Values, writeRelease } from '../builders/release.ts';

const known = {
  driver: '  hint: known: NetKVM, viostor',
  os: '  hint: did you mean "w10"? known: 2k22, w10, w11, w7',
  source: '  hint: known: drivers',
  target:
    '  hint: did you mean "w10/x86"? known: 2k22/amd64, w10/amd64, w10/x86, w11/ARM64, w11/amd64, w7/x86',
};
const noTarget = '\n  hint: add it to targets.yaml, or check its spelling';
const row = {
  os: 'w10',
  arch: 'x86',
  folder: 'A/x86',
  version: '10.0.1',
  product: 'server',
  decoration: 'NTx86.10.0',
  windows: 'W',
};

const cases: readonly [rule: string, options: ReleaseOptions, problems: string[]][] = [
  [
    'the label fits into 32 characters',
    { release: { name: 'a'.repeat(30) } },
    [
      `./release.yaml:1: name: the volume label "${'a'.repeat(30)}-1.2.3" has 36 characters, ISO 9660 allows 32\n  hint: set a shorter "label"`,
    ],
  ],
  [
    "a driver's file has its name",
    { drivers: { viostor: { name: 'vioblk' } } },
    [
      './drivers/viostor.yaml:1: name: driver "vioblk" is declared in viostor.yaml\n  hint: rename the file to vioblk.yaml',
    ],
  ],
  [
    'drivers differ in more than case',
    { drivers: { netkvm: { inf: ['x.inf'] } } },
    ['./drivers/netkvm.yaml:1: name: differs from driver "NetKVM" only in case'],
  ],
  [
    'a target stands once',
    { targets: [row, { ...row, folder: 'B/x86' }] },
    ['./targets.yaml:9: targets.1: target w10/x86 occurs twice'],
  ],
  [
    'one Windows for each architecture has drivers for Windows Setup',
    { release: { setupDrivers: { targets: ['w10/x86', 'w11/amd64', 'w7/x86'] } } },
    [
      './release.yaml:15: setupDrivers.targets.2: "w7/x86" is for the architecture of "w10/x86"; Windows Setup must never find two versions of one driver\n  hint: choose one of them',
    ],
  ],
  [
    'drivers for Xen have another name than those for KVM',
    { release: { family: 'xenpv', name: 'virtio-win', package: { name: 'xenpv-win' } } },
    [
      './release.yaml:1: name: is the name of drivers for KVM, and these are for Xen\n  hint: choose another name',
    ],
  ],
  [
    'drivers use targets that there are',
    {
      drivers: {
        NetKVM: { without: [{ target: 'w12/amd64', reason: 'r' }] },
        viostor: { folders: { 'Win10/x86': ['w10/x86', 'w12/x86'] } },
      },
    },
    [
      `./drivers/NetKVM.yaml:7: without.0.target: no target w12/amd64${noTarget}`,
      `./drivers/viostor.yaml:10: folders.Win10/x86.1: no target w12/x86${noTarget}`,
    ],
  ],
  [
    'every licence has its text',
    {
      drivers: { viostor: { license: 'GPL-9' } },
      fileLicenses: [{ file: '*.dll', license: 'LicenseRef-X', what: 'x' }],
      release: { files: [{ source: 'drivers', from: 'a', to: 'b', license: 'MIT' }] },
    },
    [
      './drivers/viostor.yaml:3: license: there is no text of licence "GPL-9"\n  hint: write it to licenses/GPL-9.txt',
      './licenses.yaml:3: files.0.license: there is no text of licence "LicenseRef-X"\n  hint: write it to licenses/LicenseRef-X.txt',
      './release.yaml:15: files.0.license: there is no text of licence "MIT"\n  hint: write it to licenses/MIT.txt',
    ],
  ],
  [
    'select names what there is',
    { release: { select: { drivers: { include: ['viostor', 'foo'] }, os: { exclude: ['w13'] } } } },
    [
      `./release.yaml:15: select.drivers.include.1: no driver "foo"\n${known.driver}`,
      `./release.yaml:18: select.os.exclude.0: no OS "w13"\n${known.os}`,
    ],
  ],
  [
    'folders names what there is',
    { release: { folders: [{ driver: 'x', source: 'y', folder: 'z', targets: ['w13/x86'] }] } },
    [
      `./release.yaml:12: folders.0.driver: no driver "x"\n${known.driver}`,
      `./release.yaml:13: folders.0.source: no source "y"\n${known.source}`,
      `./release.yaml:16: folders.0.targets.0: no target "w13/x86"\n${known.target}`,
    ],
  ],
  [
    'prefer names what there is',
    { release: { prefer: [{ driver: 'x', source: 'y', targets: ['w13/x86'], reason: 'r' }] } },
    [
      `./release.yaml:12: prefer.0.driver: no driver "x"\n${known.driver}`,
      `./release.yaml:13: prefer.0.source: no source "y"\n${known.source}`,
      `./release.yaml:15: prefer.0.targets.0: no target "w13/x86"\n${known.target}`,
    ],
  ],
  [
    'ignored and files name sources that there are',
    {
      release: {
        ignored: [{ pattern: '*', source: 'x', reason: 'r' }],
        files: [{ source: 'y', from: 'a', to: 'b' }],
      },
    },
    [
      `./release.yaml:13: ignored.0.source: no source "x"\n${known.source}`,
      `./release.yaml:16: files.0.source: no source "y"\n${known.source}`,
    ],
  ],
  [
    'a preference says what wins',
    { release: { prefer: [{ driver: 'viostor', reason: 'r' }] } },
    [
      './release.yaml:12: prefer.0: names neither a source nor a folder\n  hint: add "source" or "folder": which one wins',
    ],
  ],
  [
    'the label of the disc of symbols fits too',
    { release: { name: 'a'.repeat(26), package: { name: 'test-disc', also: ['drivers', 'symbols'] } } },
    [
      `./release.yaml:11: package.also: the volume label "${'a'.repeat(26)}-1.2.3-pdb" of the symbols' disc has 36 characters, ISO 9660 allows 32\n  hint: set a shorter "label"`,
    ],
  ],
  [
    'a misspelt driver has a near name',
    { release: { select: { drivers: { include: ['viostr'] } } } },
    [
      './release.yaml:14: select.drivers.include.0: no driver "viostr"\n  hint: did you mean "viostor"? known: NetKVM, viostor',
    ],
  ],
  [
    'a driver of one’s own has an INF of its own',
    {
      release: { drivers: 'mine' },
      texts: {
        'mine/other.yaml': 'name: other\ntitle: t\ninf: [VIOSTOR.inf]\nlicense: BSD-3-Clause\n',
      },
    },
    [
      './mine/other.yaml:3: inf.0: VIOSTOR.inf is an INF of driver "viostor" too\n  hint: name the driver "viostor" to replace that one, or rename the INF',
    ],
  ],
  [
    'the metadata of packages are in the release or in a folder, not in both',
    {
      release: {
        package: { name: 'test-disc', metadata: 'debian', maintainer: 'A B <a@b.example>', section: 'misc' },
      },
    },
    ['maintainer', 'section'].map(
      (key, index) =>
        `./release.yaml:${12 + index}: package.${key}: is not read, since the metadata of the packages are in the folder "debian"\n  hint: remove it, or remove "metadata" to describe the packages here`,
    ),
  ],
  [
    'a release that describes its packages has a maintainer and a changelog',
    { release: { package: { name: 'test-disc', description: 'Drivers.' } } },
    [
      './release.yaml:9: package: has no "maintainer"\n  hint: add who makes the packages: "Name <name@example.org>"',
      './release.yaml:9: package: has no "changelog"\n  hint: add the versions, newest first: entries with version, date and changes, or git-tags',
    ],
  ],
  [
    'a package has a licence with a text, and a title that is a synopsis',
    {
      release: {
        title: 'x'.repeat(80),
        package: {
          name: 'test-disc',
          maintainer: 'A B <a@b.example>',
          license: 'BSD-3-Claus',
          changelog: 'git-tags',
        },
      },
    },
    [
      './release.yaml:12: package.license: there is no text of licence "BSD-3-Claus"\n  hint: did you mean "BSD-3-Clause"? write it to licenses/BSD-3-Claus.txt',
      './release.yaml:3: title: has 80 characters; the synopsis of a package has at most 79\n  hint: shorten it; "description" in "package" takes the rest',
    ],
  ],
];

test.each(cases)('%s', async (_rule, options, problems) => {
  const { file, folder } = await writeRelease(options);
  expect(await problemsOf(readManifest(file), folder)).toEqual(problems);
});

test('problems of several rules are told together', async () => {
  const several = [cases[0], cases[2], cases[6]].map((entry) => entry?.[1] ?? {});
  const { file, folder } = await writeRelease({
    drivers: Object.assign({}, ...several.map(({ drivers }) => drivers)),
    release: Object.assign({}, ...several.map(({ release }) => release)) as Values,
  });
  expect(await problemsOf(readManifest(file), folder)).toHaveLength(4);
});

test('a label of 32 characters is good, and so is a manifest that uses every table', async () => {
  const { manifest } = await makeRelease({
    drivers: { viostor: { folders: { odd: ['w7/x86'] }, without: [{ target: 'w11/ARM64', reason: 'r' }] } },
    release: {
      label: 'a'.repeat(32),
      select: { drivers: { exclude: ['NetKVM'] }, os: { include: ['w10'] }, arch: { include: ['ARM64'] } },
      folders: [{ driver: 'viostor', source: 'drivers', folder: 'x', targets: ['w10/x86'] }],
      prefer: [{ driver: 'viostor', source: 'drivers', targets: ['w10/x86'], reason: 'r' }],
      ignored: [{ pattern: '*', source: 'drivers', reason: 'r' }],
      files: [{ source: 'drivers', from: 'a', to: 'b', license: 'BSD-3-Clause' }],
    },
    fileLicenses: [{ file: '*.dll', license: 'BSD-3-Clause', what: 'x' }],
  });
  expect(manifest.label).toHaveLength(32);
});
