import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readManifest, releasePlace } from '../../pipeline/manifest/read.ts';
import { problemsOf } from '../builders/problems.ts';
import { makeRelease, type ReleaseOptions, writeRelease } from '../builders/release.ts';

test('a manifest holds the release with its defaults, its drivers by name, its targets and where texts lie', async () => {
  const { manifest, folder } = await makeRelease();
  expect(manifest.release).toMatchObject({
    name: 'test-disc',
    profile: 'full',
    ignored: [],
    select: {},
    accept: [],
  });
  expect(manifest.label).toBe('test-disc-1.2.3');
  expect(manifest.drivers.map(({ name, boot }) => [name, boot])).toEqual([
    ['NetKVM', false],
    ['viostor', true],
  ]);
  expect(manifest.targets.map(({ os, arch }) => `${os}/${arch}`)).toContain('2k22/amd64');
  expect([...manifest.licenseFiles]).toEqual([['BSD-3-Clause', join(folder, 'licenses/BSD-3-Clause.txt')]]);
  expect(manifest.metadataDir).toBe(join(process.cwd(), 'debian'));
  expect(releasePlace(manifest, 'sources', 'drivers')).toBe(`${folder}/release.yaml:6: sources.drivers`);
});

test('a release may give its label and its folder of Debian metadata, from its own folder', async () => {
  const { manifest, folder } = await makeRelease({
    release: { label: 'DISC_1', package: { name: 'disc', metadata: 'my-debian' } },
  });
  expect({ label: manifest.label, metadata: manifest.metadataDir }).toEqual({
    label: 'DISC_1',
    metadata: join(folder, 'my-debian'),
  });
});

test('without "manifest" a release uses the drivers that come with pvdisc', async () => {
  const { manifest } = await makeRelease({ release: { manifest: undefined } });
  expect(manifest.licenseFiles.get('Apache-2.0')).toBe(
    join(process.cwd(), 'drivers-manifest/licenses/Apache-2.0.txt'),
  );
  expect(manifest.drivers.map(({ name }) => name)).toContain('viogpudo');
});

test('problems of all files are told at once, each with file, line and key', async () => {
  const told = await problems({
    release: { colour: 'red', profile: 'thin' },
    drivers: { viostor: { boot: 'yes', licence: 'x' }, NetKVM: { inf: [] } },
    targets: [{ os: 'w 10', arch: 'x64' }],
    fileLicenses: [{ file: '*.dll' }],
  });
  const allowed = (name: string) => `
  hint: see what is allowed: pvdisc schema ${name}`;
  const add = (name: string) => `
  hint: add it; see pvdisc schema ${name}`;
  const unknown = (name: string) =>
    `
  hint: remove it, or check its spelling against the schema (pvdisc schema ${name})`;
  expect(told).toEqual([
    `./release.yaml:12: profile: must be one of slim, full${allowed('release')}`,
    `./release.yaml:11: colour: unknown key${unknown('release')}`,
    `./targets.yaml:2: targets.0.os: must be letters, digits and single dots between them${allowed('targets')}`,
    `./targets.yaml:3: targets.0.arch: must be one of x86, amd64, ARM64${allowed('targets')}`,
    `./targets.yaml:2: targets.0.windows: is missing${add('targets')}`,
    `./targets.yaml:2: targets.0.version: is missing${add('targets')}`,
    `./targets.yaml:2: targets.0.product: must be one of workstation, server${allowed('targets')}`,
    `./targets.yaml:2: targets.0.decoration: is missing${add('targets')}`,
    `./targets.yaml:2: targets.0.folder: is missing${add('targets')}`,
    `./licenses.yaml:2: files.0.license: is missing${add('licenses')}`,
    `./licenses.yaml:2: files.0.what: is missing${add('licenses')}`,
    `./drivers/NetKVM.yaml:4: inf: must have at least 1 item${allowed('driver')}`,
    `./drivers/viostor.yaml:6: boot: must be true or false, not text${allowed('driver')}`,
    `./drivers/viostor.yaml:7: licence: unknown key\n  hint: did you mean "license"?`,
  ]);
});

test.each<[string, ReleaseOptions, string]>([
  [
    'a source without a type',
    { release: { sources: { d: { path: 'x' } } } },
    './release.yaml:6: sources.d.type: is missing\n  hint: add one of directory, archive, iso, git, http, submission, sample',
  ],
  [
    'a source of no known type',
    { release: { sources: { d: { type: 'ftp' } } } },
    './release.yaml:7: sources.d.type: must be one of directory, archive, iso, git, http, submission, sample\n  hint: see what is allowed: pvdisc schema release',
  ],
  [
    'a source id in capitals',
    { release: { sources: { D: { type: 'sample' } } } },
    './release.yaml:6: sources.D: this key must be lower-case letters, digits and hyphens\n  hint: see what is allowed: pvdisc schema release',
  ],
  [
    'an unknown architecture',
    { release: { select: { arch: { include: ['x64'] } } } },
    './release.yaml:14: select.arch.include.0: must be one of x86, amd64, ARM64\n  hint: see what is allowed: pvdisc schema release',
  ],
  [
    'a title over two lines',
    { release: { title: 'a\nb' } },
    './release.yaml:3: title: must be one line of printable ASCII: README.txt on the disc shows it\n  hint: see what is allowed: pvdisc schema release',
  ],
  [
    'a title that is not ASCII',
    { drivers: { viostor: { title: 'Blockgerät' } } },
    './drivers/viostor.yaml:2: title: must be one line of printable ASCII: README.txt on the disc shows it\n  hint: see what is allowed: pvdisc schema driver',
  ],
  [
    'a companion that leaves the disc',
    { release: { files: [{ source: 'drivers', from: 'a', to: '../a' }] } },
    './release.yaml:14: files.0.to: leads out of its folder with .. (give a path as a/b, without a slash at its end)\n  hint: see what is allowed: pvdisc schema release',
  ],
  [
    'an extra in a folder',
    { drivers: { viostor: { extras: [{ file: 'a/b', what: 'x' }] } } },
    './drivers/viostor.yaml:8: extras.0.file: must be a file name, without a folder\n  hint: see what is allowed: pvdisc schema driver',
  ],
  [
    'a range of no versions',
    { drivers: { viostor: { extras: [{ file: 'b', what: 'x', windows: 'Vista' }] } } },
    './drivers/viostor.yaml:10: extras.0.windows: must be a version range such as ">=6.2 <10.0.22000"\n  hint: see what is allowed: pvdisc schema driver',
  ],
  [
    'a target of no architecture',
    { drivers: { viostor: { folders: { a: ['w10/x64'] } } } },
    './drivers/viostor.yaml:9: folders.a.0: must be <os>/<arch>, with arch one of x86, amd64, ARM64\n  hint: see what is allowed: pvdisc schema driver',
  ],
  [
    'a name in capitals',
    { release: { name: 'Disc' } },
    './release.yaml:1: name: must be lower-case letters, digits, dots and hyphens\n  hint: see what is allowed: pvdisc schema release',
  ],
  [
    'a Debian package of one letter',
    { release: { package: { name: 'x' } } },
    './release.yaml:10: package.name: must be a Debian package name: two or more lower-case letters, digits, +, - and ., and a letter or digit first\n  hint: see what is allowed: pvdisc schema release',
  ],
])('%s', async (_what, options, message) => {
  expect(await problems(options)).toEqual([message]);
});

test('YAML that is broken in several files is told at once', async () => {
  const told = await problems({
    texts: { 'drivers/viostor.yaml': 'name: "x\n', 'targets.yaml': 'a: 1\na: 2\n' },
  });
  expect(told).toEqual([
    './targets.yaml:2: not valid YAML: the key occurs twice in this map\n  hint: remove one of the two',
    './drivers/viostor.yaml:2: not valid YAML: a closing quote or bracket, a comma or a colon is missing\n  hint: add it',
  ]);
});

test('a release, a targets.yaml and a folder of drivers that are not there are told', async () => {
  const { folder, file } = await writeRelease();
  expect(await problemsOf(readManifest(join(folder, 'none.yaml')), folder)).toEqual([
    './none.yaml: no such file\n  hint: check the path',
  ]);
  await rm(join(folder, 'targets.yaml'));
  await rm(join(folder, 'drivers'), { recursive: true });
  expect(await problemsOf(readManifest(file), folder)).toEqual([
    './targets.yaml: no such file\n  hint: check the path',
    './drivers: cannot be read: ENOENT: no such file or directory, scandir \'./drivers\'\n  hint: the folder that "manifest" names must hold drivers/, licenses/, licenses.yaml and targets.yaml',
  ]);
});

test('files beside the drivers that are no YAML are not read', async () => {
  const { manifest } = await makeRelease({ texts: { 'drivers/README': '"', 'drivers/old.yaml~': '"' } });
  expect(manifest.drivers).toHaveLength(2);
});

async function problems(options: ReleaseOptions): Promise<string[]> {
  const { file, folder } = await writeRelease(options);
  return problemsOf(readManifest(file), folder);
}

test.each([
  ['ignored', { ignored: [{ pattern: 'x', reason: ' ' }] }, 'ignored.0.reason'],
  ['accept', { accept: [{ rule: 'inf/missing-file', path: '**', reason: '\t ' }] }, 'accept.0.reason'],
  ['policy', { policy: { allow: { whql: ' ' } } }, 'policy.allow.whql'],
  ['plainName', { policy: { plainName: '' } }, 'policy.plainName'],
  ['prefer', { prefer: [{ driver: 'viostor', folder: 'a', reason: ' ' }] }, 'prefer.0.reason'],
])('a reason of blanks is none: %s', async (_what, release, place) => {
  const { file, folder } = await writeRelease({ release });
  expect(await problemsOf(readManifest(file), folder)).toEqual([
    expect.stringMatching(new RegExp(`${place.replaceAll('.', '\\.')}: must say why`)),
  ]);
});

test('more globs than can be matched with every file in a short time are refused, each list by itself', async () => {
  const reason = 'many';
  const many = (item: object) => Array.from({ length: 201 }, () => ({ ...item }));
  const found = await problems({
    release: { ignored: many({ pattern: 'x', reason }), accept: many({ rule: 'a/b', path: 'x', reason }) },
    fileLicenses: many({ file: 'x', license: 'MIT', what: 'x' }),
  });
  expect(found.map((problem) => problem.split('\n')[0])).toEqual([
    expect.stringMatching(/: ignored: must have at most 200 items$/),
    expect.stringMatching(/: accept: must have at most 200 items$/),
    expect.stringMatching(/: files: must have at most 20 items$/),
  ]);
});

test('"drivers" adds drivers of one’s own, with their licences, and replaces those of the same name', async () => {
  const { manifest, folder } = await makeRelease({
    release: { drivers: 'mine' },
    texts: {
      'mine/AcmeNet.yaml':
        'name: AcmeNet\ntitle: network of Acme\ninf: [acme.inf]\nlicense: LicenseRef-Acme\n',
      'mine/viostor.yaml':
        'name: viostor\ntitle: storage of Acme\ninf: [viostor.inf]\nlicense: BSD-3-Clause\n',
      'mine/licenses/LicenseRef-Acme.txt': 'Ask Acme.\n',
    },
  });
  expect(manifest.drivers.map(({ name, title }) => [name, title])).toEqual([
    ['NetKVM', 'NetKVM device'],
    ['AcmeNet', 'network of Acme'],
    ['viostor', 'storage of Acme'],
  ]);
  expect(manifest.licenseFiles.get('LicenseRef-Acme')).toBe(
    join(folder, 'mine/licenses/LicenseRef-Acme.txt'),
  );
});

test('a folder of drivers that is not there is an error with a next step', async () => {
  const { file, folder } = await writeRelease({ release: { drivers: 'none' } });
  const [problem = ''] = await problemsOf(readManifest(file), folder);
  expect(problem).toMatch(
    /^\.\/release\.yaml:\d+: drivers: no such folder: \.\/none\n {2}hint: the folder that "drivers" names/,
  );
});

test('a word is a release that comes with pvdisc, and a misspelt one has a near name', async () => {
  expect((await readManifest('sample')).release.name).toBe('pvdisc-sample');
  expect((await readManifest('virtio-win-legacy')).release.version).toBe('0.1.285');
  expect(await problemsOf(readManifest('sampel'), '/nowhere')).toEqual([
    'sampel: no such file, and no release of pvdisc\n  hint: did you mean "sample"? name a YAML file, or one of sample-xenpv, sample, virtio-win-legacy, virtio-win',
  ]);
});
