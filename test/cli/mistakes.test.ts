import { expect, test } from 'vitest';
import { reasonToFillIn } from '../../pipeline/manifest/release-schema.ts';
import { pvdisc } from '../builders/command.ts';
import { type ReleaseOptions, type Values, writeRelease } from '../builders/release.ts';
import { driverFolder } from '../builders/tree.ts';

const files = driverFolder('Win11/amd64');
const maintainer = 'Acme <virt@acme.example>';
const changelog = [{ version: '1.2.3', date: '2026-11-20', changes: ['First release.'] }];

/** A release with other keys in `package`. */
function packaged(keys: Values): ReleaseOptions {
  return { files, release: { package: { name: 'test-disc', maintainer, changelog, ...keys } } };
}

/** A release with other keys. */
function keyed(release: Values): ReleaseOptions {
  return { files, release };
}

const raw = (text: string): ReleaseOptions => ({ files, texts: { 'release.yaml': text } });

/** What a person types, and the place, the fact and the next step of the answer; `RELEASE` and `FOLDER` are those of the release. */
const mistakes: readonly [
  what: string,
  args: readonly string[],
  exitCode: number,
  answer: RegExp,
  release?: ReleaseOptions,
][] = [
  ['a misspelt command', ['biuld', 'RELEASE'], 2, /biuld.*\n {2}hint: did you mean pvdisc build\?/],
  ['no command', [], 2, /pvdisc.*\n {2}hint: /],
  ['no release', ['build'], 2, /release.*missing[\s\S]*\n {2}hint: /],
  [
    'a misspelt option',
    ['build', 'RELEASE', '--compresion', 'x'],
    2,
    /--compresion.*\n {2}hint: did you mean --compression/,
  ],
  [
    'a choice that there is not',
    ['build', 'RELEASE', '--compression', 'zst'],
    2,
    /compression[\s\S]*\n {2}hint: .*zstd/,
  ],
  [
    'a file that is not there',
    ['build', 'none.yaml'],
    1,
    /none\.yaml: no such file\n {2}hint: check the path/,
  ],
  [
    'a misspelt release of pvdisc',
    ['build', 'virtio-wim'],
    1,
    /^virtio-wim: .*\n {2}hint: did you mean "virtio-win"\?/,
  ],
  [
    'a misspelt file',
    ['build', 'FOLDER/relese.yml'],
    1,
    /relese\.yml: no such file\n {2}hint: did you mean "release\.yaml"\? check the path/,
  ],
  ['a folder as release', ['build', 'FOLDER'], 1, /is not a file\n {2}hint: name a YAML file/],
  [
    'broken YAML',
    ['build', 'RELEASE'],
    1,
    /release\.yaml:3: not valid YAML: .*\n {2}hint: /,
    raw('name: x\nb: [1, 2\n'),
  ],
  ['a text as release', ['build', 'RELEASE'], 1, /release\.yaml:1: .*\n {2}hint: /, raw('hello\n')],
  [
    'a misspelt key',
    ['build', 'RELEASE'],
    1,
    /suorces: unknown key\n {2}hint: did you mean "sources"/,
    keyed({ suorces: {} }),
  ],
  [
    'a misspelt key of a package',
    ['build', 'RELEASE'],
    1,
    /package\.maintaner: unknown key\n {2}hint: did you mean "maintainer"/,
    packaged({ maintaner: 'x' }),
  ],
  [
    'a number as version',
    ['build', 'RELEASE'],
    1,
    /version: must be text.*\n {2}hint: put it in quotes/,
    keyed({ version: 1 }),
  ],
  [
    'a misspelt type of source',
    ['build', 'RELEASE'],
    1,
    /sources\.drivers\.type: must be one of .*\n {2}hint: did you mean "directory"/,
    keyed({ sources: { drivers: { type: 'directry', path: 'x' } } }),
  ],
  [
    'a misspelt driver',
    ['build', 'RELEASE'],
    1,
    /no driver "viostr"\n {2}hint: did you mean "viostor"\?/,
    keyed({ select: { drivers: { include: ['viostr'] } } }),
  ],
  [
    'an unknown Windows',
    ['build', 'RELEASE'],
    1,
    /no OS "w12"\n {2}hint: did you mean "w1\d"\?/,
    keyed({ select: { os: { include: ['w12'] } } }),
  ],
  [
    'a source folder that is not there',
    ['check', 'RELEASE'],
    1,
    /sources\.drivers.*no such folder\n {2}hint: paths start from the folder of the release file/,
    keyed({ sources: { drivers: { type: 'directory', path: 'gone' } } }),
  ],
  [
    'a misspelt source folder',
    ['check', 'RELEASE'],
    1,
    /sources\.drivers: driverz: no such folder\n {2}hint: did you mean "drivers"\? paths start from/,
    keyed({ sources: { drivers: { type: 'directory', path: 'driverz' } } }),
  ],
  [
    'a misspelt source file',
    ['check', 'RELEASE'],
    1,
    /sources\.drivers: notes\.zip: no such file\n {2}hint: did you mean "note\.zip"\? paths start from/,
    { ...keyed({ sources: { drivers: { type: 'archive', path: 'notes.zip' } } }), texts: { 'note.zip': '' } },
  ],
  [
    'a misspelt source of --use',
    ['check', 'RELEASE', '--use', 'driver=x'],
    2,
    /--use driver=x: .*\n {2}hint: its sources: drivers/,
    keyed({}),
  ],
  [
    '--use without a source',
    ['check', 'RELEASE', '--use', 'x'],
    2,
    /--use x: .*\n {2}hint: for example --use drivers=/,
    keyed({}),
  ],
  [
    'no maintainer',
    ['build', 'RELEASE'],
    1,
    /package: has no "maintainer"\n {2}hint: add who makes the packages/,
    packaged({ maintainer: undefined }),
  ],
  [
    'a maintainer without an address',
    ['build', 'RELEASE'],
    1,
    /package\.maintainer: must be a name and an address.*\n {2}hint: /,
    packaged({ maintainer: 'Acme' }),
  ],
  [
    'no changelog',
    ['build', 'RELEASE'],
    1,
    /package: has no "changelog"\n {2}hint: add the versions, newest first/,
    packaged({ changelog: undefined }),
  ],
  [
    'no metadata at all',
    ['build', 'RELEASE'],
    1,
    /package: package test-disc has no metadata.*\n {2}hint: add "maintainer/,
    keyed({}),
  ],
  [
    'metadata twice',
    ['build', 'RELEASE'],
    1,
    /package\.maintainer: is not read.*"debian"\n {2}hint: remove it/,
    packaged({ metadata: 'debian' }),
  ],
  [
    'a changelog of another version',
    ['build', 'RELEASE'],
    1,
    /package\.changelog: the newest version is 1\.2\.2-1.*\n {2}hint: put an entry of version 1\.2\.3 first/,
    packaged({ changelog: [{ version: '1.2.2', date: '2026-11-20', changes: ['x'] }] }),
  ],
  ...['check', 'plan'].map((command): (typeof mistakes)[number] => [
    `a changelog of another version, for ${command}`,
    [command, 'RELEASE'],
    1,
    /package\.changelog: the newest version is 0\.9-1.*\n {2}hint: put an entry of version 1\.2\.3 first/,
    packaged({ changelog: [{ version: '0.9', date: '2026-11-20', changes: ['x'] }] }),
  ]),
  [
    'a misspelt key of a changelog',
    ['build', 'RELEASE'],
    1,
    /changelog\.0\.chnages: unknown key\n {2}hint: did you mean "changes"\?/,
    packaged({ changelog: [{ version: '1.2.3', date: '2026-11-20', chnages: ['x'] }] }),
  ],
  [
    'a number as version of a changelog',
    ['build', 'RELEASE'],
    1,
    /changelog\.0\.version: must be text, not a number\n {2}hint: put it in quotes/,
    packaged({ changelog: [{ version: 1, date: '2026-11-20', changes: ['x'] }] }),
  ],
  [
    'a date that there is not',
    ['build', 'RELEASE'],
    1,
    /changelog\.0\.date: must be a date such as.*\n {2}hint: /,
    packaged({ changelog: [{ version: '1.2.3', date: '2026-02-30', changes: ['x'] }] }),
  ],
  [
    'a misspelt licence',
    ['build', 'RELEASE'],
    1,
    /package\.license: .*"BSD-3-Claus"\n {2}hint: did you mean "BSD-3-Clause"\?/,
    packaged({ license: 'BSD-3-Claus' }),
  ],
  [
    'the reason that init wrote, folded',
    ['check', 'RELEASE'],
    1,
    /unsigned: still is the text that pvdisc init wrote: say why\n/,
    keyed({ unsigned: `${reasonToFillIn}\n` }),
  ],
  [
    'a licence without a text, and no folder for it',
    ['build', 'RELEASE'],
    1,
    /package\.license: .*"LicenseRef-Acme"\n {2}hint: name a folder with licenses\/LicenseRef-Acme\.txt under "drivers"/,
    keyed({ manifest: undefined, ...packaged({ license: 'LicenseRef-Acme' }).release }),
  ],
  [
    'tags without a repository',
    ['build', 'RELEASE'],
    1,
    /is not in a git repository.*\n {2}hint: type "git init"/,
    packaged({ changelog: 'git-tags' }),
  ],
  [
    'a file of no driver',
    ['check', 'RELEASE'],
    1,
    /drivers: notes\.txt: belongs to no driver.*\n {2}hint: ship it .*"ignored" with a reason/,
    { files: { ...files, 'notes.txt': 'x' } },
  ],
  [
    'a build without catalogs',
    ['build', 'RELEASE'],
    1,
    /names "viostor\.cat", which is not in its folder.*\n {2}hint: make it \(pvdisc catalog FOLDER\), or.*"unsigned: REASON"/,
    { ...packaged({}), files: driverFolder('Win11/amd64', { inf: { catalog: 'viostor.cat' } }) },
  ],
  [
    'offline, with a source from the network',
    ['check', 'RELEASE', '--offline'],
    4,
    /sources\.drivers.*\n {2}hint: .*--use/,
    keyed({
      sources: {
        drivers: { type: 'http', url: 'https://example.org/x.zip', sha256: 'a'.repeat(64), size: 1 },
      },
    }),
  ],
  [
    'a misspelt rule',
    ['check', 'RELEASE', 'inf/mising-file'],
    2,
    /inf\/mising-file.*\n {2}hint: .*inf\/missing-file/,
    keyed({}),
  ],
  [
    'a misspelt folder of drivers',
    ['check', 'RELEASE'],
    1,
    /release\.yaml:\d+: drivers: no such folder: .*driverz\n {2}hint: did you mean "drivers"\? /,
    keyed({ drivers: 'driverz' }),
  ],
  [
    'a misspelt format of packages',
    ['build', 'RELEASE'],
    1,
    /package\.formats\.1: must be one of .*\n {2}hint: did you mean "rpm"\?/,
    packaged({ formats: ['deb', 'rmp'] }),
  ],
  [
    'a misspelt format of packages in the option',
    ['build', 'RELEASE', '--formats', 'deb,rmp'],
    2,
    /--formats deb,rmp: "rmp" is not one of .*\n {2}hint: did you mean rpm\?/,
    packaged({}),
  ],
  ['init without a build', ['init', 'FOLDER/new'], 2, /--from.*[\s\S]*\n {2}hint: /],
  [
    'init from a build that is not there',
    ['init', 'FOLDER/new', '--from', 'gone', '--maintainer', maintainer],
    1,
    /gone: no such file or folder\n {2}hint: give a folder, an archive or a disc\n/,
  ],
  [
    'init with a reason that is a blank',
    ['init', 'FOLDER/new', '--from', 'FOLDER/drivers', '--unsigned', ' '],
    2,
    /--unsigned .*: must say why\n {2}hint: see pvdisc init --help/,
  ],
];

test('there are thirty mistakes', () => {
  expect(mistakes.length).toBeGreaterThanOrEqual(30);
});

test.each(mistakes)(
  '%s is answered with place, fact and next step',
  async (_what, args, exitCode, answer, options = { files }) => {
    const { file, folder } = await writeRelease(options);
    const given = args.map((word) => word.replace('RELEASE', file).replace('FOLDER', folder));
    const out = args[0] === 'build' ? ['--out', `${folder}/dist`] : [];
    const { exitCode: found, stderr } = await pvdisc([...given, ...out], { SOURCE_DATE_EPOCH: '1800000000' });
    expect({ exitCode: found, stderr }).toEqual({ exitCode, stderr: expect.stringMatching(answer) });
    expect(stderr).not.toMatch(/node_modules|\n\s+at /);
  },
);
