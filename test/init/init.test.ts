import { readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { patternsOf, suggestedTitle } from '../../pipeline/init/draft.ts';
import { withoutRefused } from '../../pipeline/init/refused-targets.ts';
import { ciSystems, releaseFiles } from '../../pipeline/init/texts.ts';
import { pvdisc } from '../builders/command.ts';
import { lacksTool } from '../builders/needs.ts';
import { onTerminal, terminalTools } from '../builders/pseudo-terminal.ts';
import { temporaryFolder } from '../builders/release.ts';
import { buildTar, compress } from '../builders/tar.ts';
import { driverFolder, type Tree, writeTree } from '../builders/tree.ts';
import { buildZip } from '../builders/zip.ts';

const maintainer = 'Acme Virtualization <virt@acme.example>';
const env = { SOURCE_DATE_EPOCH: '1800000000' };

/** Drivers that nobody signed: their catalogs were never made. */
function unsigned(folder: string, name: string): Tree {
  return driverFolder(folder, { name, inf: { catalog: `${name}.cat` } });
}

/** Moves the files of a tree to another folder. */
function moved(tree: Tree, from: string, to: string): Tree {
  return Object.fromEntries(Object.entries(tree).map(([path, file]) => [path.replace(from, to), file]));
}

/** Two known drivers by folder, one for which the folder says nothing, and files that are not of a driver. */
const build: Tree = {
  ...unsigned('Win10/amd64', 'viostor'),
  ...unsigned('Win11/amd64', 'viostor'),
  ...moved(unsigned('Win11/amd64', 'netkvm'), 'Win11/amd64', 'network/x64'),
  ...moved(unsigned('Win11/amd64', 'acmedev'), 'Win11/amd64', 'acme/out'),
  'notes.txt': 'about the build\n',
  'logs/a/build.log': 'made\n',
  'Win10/amd64/build.log': 'made\n',
};

async function workFolder(tree: Tree = build) {
  const root = await temporaryFolder('pvdisc-init-');
  await writeTree(join(root, 'drivers out'), tree);
  const folder = join(root, 'acme-virtio-win');
  return { root, folder, from: join(root, 'drivers out') };
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .sort();
}

test('a release is written for a build without catalogs, and the next command builds it', async () => {
  const { folder, from, root } = await workFolder();
  const made = await pvdisc(['init', folder, '--from', from, '--maintainer', maintainer], env);
  expect(made).toMatchObject({ exitCode: 0, stderr: '' });
  expect(made.stdout).toMatch(
    /drivers out: a folder with 4 INFs of 3 drivers\n {2}drivers: NetKVM, acmedev, viostor\n/,
  );
  expect(made.stdout).toMatch(/new, for drivers\/: acmedev\n/);
  expect(made.stdout).toMatch(/NetKVM in network\/x64: names no Windows; by its INF for .*w11\/amd64/);
  expect(made.stdout).toMatch(/Fill in "unsigned" in /);
  expect(await filesBelow(folder)).toEqual(
    [
      '.github/workflows/release.yml',
      '.gitignore',
      '.gitlab-ci.yml',
      'README.md',
      'drivers/acmedev.yaml',
      'drivers/licenses/LicenseRef-not-stated.txt',
      'release.yaml',
    ].sort(),
  );
  const release = parse(await readFile(join(folder, 'release.yaml'), 'utf8'));
  expect(release).toMatchObject({
    name: 'acme-virtio-win',
    version: '0.1.0.1',
    sources: { drivers: { type: 'directory', path: '../drivers out' } },
    package: { name: 'acme-virtio-win', maintainer, changelog: [{ version: '0.1.0.1', date: '2027-01-15' }] },
  });
  expect(release.ignored.map(({ pattern }: { pattern: string }) => pattern)).toEqual(['*.log', '*.txt']);
  expect(release.folders.map(({ driver, folder: at }: Record<string, string>) => [driver, at])).toEqual([
    ['acmedev', 'acme/out'],
    ['NetKVM', 'network/x64'],
  ]);
  const [, next = ''] = /Next:\n {2}pvdisc (.*)\n$/.exec(made.stdout) ?? [];
  expect(next).toMatch(/^build .*release\.yaml$/);
  const [command = '', ...file] = next.split(' ');
  const written = await readFile(join(folder, 'release.yaml'), 'utf8');
  for (const refusing of ['check', 'build']) {
    const { exitCode, stderr } = await pvdisc([refusing, join(folder, 'release.yaml')], env);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /release\.yaml:\d+: unsigned: still is the text that pvdisc init wrote: say why\n/,
    );
  }
  await writeFile(join(folder, 'release.yaml'), written.replace(release.unsigned, 'for our test lab'));
  if (lacksTool('xorriso', 'zstd')) return;
  const out = join(root, 'dist');
  const built = await pvdisc([command, file.join(' ').replaceAll("'", ''), '--out', out, '--quiet'], env);
  expect(built).toMatchObject({ exitCode: 0 });
  expect(await readdir(out)).toContain('acme-virtio-win-0.1.0.1');
  expect(await readdir(join(out, 'acme-virtio-win-0.1.0.1'))).toContain('acme-virtio-win_0.1.0.1-1_all.deb');
});

test.each([
  ['tgz', async () => compress(await buildTar(unsigned('Win11/amd64', 'viostor')), 'gz')],
  ['zip', () => buildZip(unsigned('Win11/amd64', 'viostor'))],
] as const)('a build can be a %s', async (ending, pack) => {
  const { folder, root } = await workFolder({});
  const file = join(root, `build.${ending}`);
  await writeFile(file, await pack());
  const made = await pvdisc(['init', folder, '--from', file, '--maintainer', maintainer], env);
  expect(made).toMatchObject({ exitCode: 0, stderr: '' });
  expect(made.stdout).toMatch(/an archive with 1 INF of 1 driver\n[\s\S]*Next:\n {2}pvdisc build /);
});

describe('a build where builds are written', () => {
  test.each([
    ['dist', 'out', ''],
    ['dist/drivers', 'out', ''],
    ['out', 'dist', ''],
    ['../b1', 'dist', ' --use "drivers=$DRIVERS"'],
  ])('%s: %s is the output', (path, output, use) => {
    const answers = { name: 'a', version: '1', title: 't', maintainer, date: '' };
    const source = { type: 'directory', path } as const;
    const input = { draft: {}, source, answers, newDrivers: [], ci: ciSystems, pvdisc: '1' };
    const files = new Map(releaseFiles(input));
    expect(files.get('.gitignore')).toBe(`${output}/\npublic/\n*.key\n`);
    expect(files.get('README.md')).toContain(
      `build release.yaml${output === 'dist' ? '' : ` --out ${output}`}\` writes the disc and its packages to \`${output}/\``,
    );
    const { env: given, steps } = parse(files.get('.github/workflows/release.yml') ?? '').jobs.build;
    const runs = steps.map(({ run }: { run?: string }) => run);
    expect(runs).toContain(`pvdisc check release.yaml --format github${use}`);
    expect(runs).toContain(`pvdisc build release.yaml --out ${output}${use}`);
    expect(runs.join('\n')).toContain(`--key "$key" ${output}/*/`);
    const { build: job, pages, variables } = parse(files.get('.gitlab-ci.yml') ?? '');
    expect(job.script).toEqual([
      `pvdisc check release.yaml${use}`,
      `pvdisc build release.yaml --out ${output}${use}`,
    ]);
    expect(job.artifacts.paths).toEqual([`${output}/`]);
    expect(pages.script.at(-1)).toBe(`pvdisc publish --apt public --key "$key" ${output}/*/`);
    const variable = use === '' ? undefined : { DRIVERS: 'drivers-build' };
    expect(given).toEqual(variable);
    expect(variables).toEqual({ GIT_DEPTH: 0, ...variable });
    expect(files.get('README.md')?.includes('`--use drivers=PATH`')).toBe(use !== '');
  });

  test('the next command does not write into it', async () => {
    const folder = await temporaryFolder('pvdisc-init-');
    await writeTree(join(folder, 'dist'), driverFolder('Win11/amd64'));
    const args = ['--maintainer', maintainer, '--name', 'acme', '--ci', 'none', '--unsigned', 'a test'];
    const { stdout } = await pvdisc(['init', folder, '--from', join(folder, 'dist'), ...args], env);
    expect(await readFile(join(folder, '.gitignore'), 'utf8')).toMatch(/^out\/\n/);
    expect(stdout).toMatch(/Next:\n {2}pvdisc build \S+\/release\.yaml\n$/);
  });

  test('public/ is refused', async () => {
    const { folder, root } = await workFolder({});
    await writeTree(join(folder, 'public/build'), driverFolder('Win11/amd64'));
    const args = ['init', folder, '--from', join(folder, 'public/build'), '--maintainer', maintainer];
    const { exitCode, stderr } = await pvdisc(args, env);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/is in public\/ of the release, which CI publishes and git ignores\n {2}hint: /);
    expect(await filesBelow(root)).not.toContain('acme-virtio-win/release.yaml');
  });
});

test('targets for which a driver has errors are not proposed', () => {
  const folders = [
    { driver: 'a', folder: 'x', targets: ['w8/amd64', 'w10/amd64'] },
    { driver: 'b', folder: 'y', targets: ['w10/amd64'] },
  ];
  const error = (path: string) =>
    ({ rule: 'inf/refused-co-installer', severity: 'error', path, message: '' }) as const;
  const [ofA, ofB] = [error('a/w10/amd64/a.inf'), error('b/w10/amd64/b.inf')];
  expect(withoutRefused(folders, [ofA, ofB])).toEqual({
    folders: [{ driver: 'a', folder: 'x', targets: ['w8/amd64'] }, folders[1]],
    refused: [{ driver: 'a', folder: 'x', targets: ['w10/amd64'], rules: ['inf/refused-co-installer'] }],
    left: [ofB],
  });
});

test('nothing is overwritten', async () => {
  const { folder, from } = await workFolder();
  await mkdir(folder);
  await writeFile(join(folder, 'README.md'), 'mine\n');
  const args = ['init', folder, '--from', from, '--maintainer', maintainer];
  const first = await pvdisc([...args, '--ci', 'none'], env);
  expect(first.stdout).toMatch(/kept: +.*README\.md, which was there\n/);
  expect(await readFile(join(folder, 'README.md'), 'utf8')).toBe('mine\n');
  expect(await readdir(folder)).not.toContain('.gitlab-ci.yml');
  const before = await readFile(join(folder, 'release.yaml'), 'utf8');
  const second = await pvdisc([...args, '--title', 'Other'], env);
  expect(second).toMatchObject({ exitCode: 1, stdout: '' });
  expect(second.stderr).toMatch(/release\.yaml: is there already\n {2}hint: name another folder/);
  expect(await readFile(join(folder, 'release.yaml'), 'utf8')).toBe(before);
});

test('several builds of a driver are settled, and drivers with errors lead to check', async () => {
  const { folder, from } = await workFolder({
    ...moved(
      driverFolder('Win11/amd64', { infFiles: ['viostor.sys', 'gone.dll'] }),
      'Win11',
      'Release/Win11',
    ),
    ...moved(driverFolder('Win11/amd64'), 'Win11', 'Debug/Win11'),
  });
  const made = await pvdisc(
    ['init', folder, '--from', from, '--maintainer', maintainer, '--unsigned', 'a test'],
    env,
  );
  expect(made.stdout).toMatch(/viostor: Release\/Win11\/amd64 goes before Debug\/Win11\/amd64\n/);
  expect(made.stdout).toMatch(
    /The drivers have \d+ errors? that would stop a build\.\n\nNext:\n {2}pvdisc check /,
  );
  expect(parse(await readFile(join(folder, 'release.yaml'), 'utf8')).unsigned).toBe('a test');
});

test('a known driver in a folder that no table knows is named in the release', async () => {
  const tree = moved(driverFolder('Wxp/x86', { name: 'qxl' }), 'Wxp/x86', 'old-qxl/xp/x86');
  const { folder, from } = await workFolder(tree);
  await pvdisc(['init', folder, '--from', from, '--maintainer', maintainer], env);
  const { folders } = parse(await readFile(join(folder, 'release.yaml'), 'utf8'));
  expect(folders).toEqual([{ driver: 'qxl', folder: 'old-qxl/xp/x86', targets: ['xp/x86'] }]);
});

test('drivers for devices of Xen make a release of their family', async () => {
  const tree = {
    ...driverFolder('Win10/amd64', { name: 'xenbus', inf: { hardwareIds: ['PCI\\VEN_5853&DEV_0002'] } }),
    ...driverFolder('Win10/x86', { name: 'acmevbd', inf: { hardwareIds: ['XENBUS\\VEN_AC0001&DEV_VBD'] } }),
  };
  const { folder, from } = await workFolder(moved(tree, 'Win10/amd64', 'xenbus/x64'));
  await pvdisc(['init', folder, '--from', from, '--maintainer', maintainer], env);
  const release = parse(await readFile(join(folder, 'release.yaml'), 'utf8'));
  expect(release).toMatchObject({
    family: 'xenpv',
    title: 'Windows drivers for Xen guests: acmevbd, xenbus',
  });
  expect(parse(await readFile(join(folder, 'drivers/acmevbd.yaml'), 'utf8')).family).toBe('xenpv');
  expect((await pvdisc(['check', join(folder, 'release.yaml')], env)).stdout).not.toContain('mixed-families');
});

test('the files for CI pin the actions of docs/ci.md and this version of pvdisc', () => {
  const input = {
    draft: {},
    source: { type: 'directory', path: 'build' } as const,
    answers: { name: 'a', version: '1', title: 't', maintainer, date: '' },
    newDrivers: [],
  };
  const files = new Map(releaseFiles({ ...input, ci: ciSystems, pvdisc: '9.8.7' }));
  const github = parse(files.get('.github/workflows/release.yml') ?? '').jobs.build.steps;
  const used = github.flatMap(({ uses }: { uses?: string }) => uses ?? []);
  const known = readFileSync('docs/ci.md', 'utf8');
  expect(used).toHaveLength(3);
  for (const action of used) expect(known).toContain(`uses: ${action} #`);
  expect(github.map(({ run }: { run?: string }) => run)).toContain('npm install --global pvdisc@9.8.7');
  const gitlab = parse(files.get('.gitlab-ci.yml') ?? '');
  expect(gitlab.default.before_script[0]).toBe('npm install --global pvdisc@9.8.7');
  expect(gitlab.pages.script.at(-1)).toBe('pvdisc publish --apt public --key "$key" dist/*/');
});

test.each([
  [
    'no maintainer',
    [],
    {},
    2,
    /--maintainer: is missing\n {2}hint: add --maintainer "Name <name@example\.org>"/,
  ],
  ['a bad maintainer', ['--maintainer', 'Acme'], {}, 2, /--maintainer Acme: must be a name and an address/],
  [
    'a bad name',
    ['--name', 'My Disc'],
    {},
    2,
    /--name My Disc: must be a Debian package name: two or more lower-case letters, digits, /,
  ],
  ['a plus in the name', ['--name', 'a+b'], {}, 2, /--name a\+b: must be lower-case letters, digits, dots/],
  ['a bad version', ['--release-version', 'v1'], {}, 2, /--release-version v1: must be an upstream version/],
] as const)('%s', async (_what, args, more, exitCode, message) => {
  const { folder, from, root } = await workFolder(driverFolder('Win11/amd64'));
  const result = await pvdisc(['init', folder, '--from', from, ...args], {
    ...env,
    ...more,
    GIT_DIR: '/nonexistent',
    GIT_CONFIG_GLOBAL: '/dev/null',
  });
  expect({ exitCode: result.exitCode, stderr: result.stderr }).toEqual({
    exitCode,
    stderr: expect.stringMatching(message),
  });
  expect(await readdir(root)).toEqual(['drivers out']);
});

test.each([
  ['an empty folder', { 'a.txt': 'x' }, /holds no INF\n {2}hint: name the output of a driver build/],
] as const)('%s is not a driver build', async (_what, tree, message) => {
  const { folder, from } = await workFolder(tree);
  const result = await pvdisc(['init', folder, '--from', from, '--maintainer', maintainer], env);
  expect({ exitCode: result.exitCode, stderr: result.stderr }).toEqual({
    exitCode: 1,
    stderr: expect.stringMatching(message),
  });
});

test('the build is not the folder of the release', async () => {
  const { from } = await workFolder(driverFolder('Win11/amd64'));
  const result = await pvdisc(['init', from, '--from', from, '--maintainer', maintainer], env);
  expect(result.stderr).toMatch(/holds the folder of the release/);
});

test('a file that is neither an archive nor a disc is refused', async () => {
  const { folder, from } = await workFolder();
  const file = join(from, 'notes.txt');
  const result = await pvdisc(['init', folder, '--from', file, '--maintainer', maintainer], env);
  expect(result.stderr).toMatch(/is not a folder, an archive or a disc/);
});

test('globs match what no driver claims, and nothing else', () => {
  const paths = ['a/x.sys', 'a/x.txt', 'b/c/1.htm', 'b/c/2.htm', 'b/y.sys', 'a/[z]*.sys'];
  const claimed = ['a/x.sys', 'b/y.sys'];
  expect(patternsOf(paths, (path) => claimed.includes(path))).toEqual(['*.txt', '\\[z\\]\\*.sys', 'b/c/**']);
});

describe.skipIf(lacksTool(...terminalTools))('on a terminal', () => {
  test('asks for what no option gives, and proposes an answer', async () => {
    const { folder, from } = await workFolder();
    const command = [process.execPath, 'build/cli/index.js', 'init', folder, '--from', from, '--ci', 'none'];
    const terminal = await onTerminal(command, { columns: 100, env });
    await terminal.shows('Name of the release [acme-virtio-win]:');
    terminal.type('\r');
    await terminal.shows('Version [0.1.0.1]:');
    terminal.type('2.0\r');
    await terminal.shows('Title [');
    terminal.type('Drivers of Acme\r');
    await terminal.shows('Maintainer');
    terminal.type('Acme\r');
    await terminal.shows('must be a name and an address');
    terminal.type(`${maintainer}\r`);
    await terminal.shows('The drivers are unsigned; why [');
    terminal.type('guests of our test lab\r');
    const { exitCode } = await terminal.result;
    expect(exitCode).toBe(0);
    expect(parse(await readFile(join(folder, 'release.yaml'), 'utf8'))).toMatchObject({
      version: '2.0',
      title: 'Drivers of Acme',
      unsigned: 'guests of our test lab',
      package: { maintainer },
    });
  });

  test.each([
    ['Ctrl-C', '\u0003', 130],
    ['the end of the input', '\u0004', 2],
  ])('%s ends it, and nothing is written', async (_what, key, code) => {
    const { folder, from, root } = await workFolder();
    const terminal = await onTerminal(
      [process.execPath, 'build/cli/index.js', 'init', folder, '--from', from],
      { env },
    );
    await terminal.shows('Name of the release');
    terminal.type(key);
    expect((await terminal.result).exitCode).toBe(code);
    expect(await readdir(root)).toEqual(['drivers out']);
  });
});

test('a suggested title names as many drivers as have room, each whole', () => {
  const drivers = ['Balloon', 'NetKVM', 'fwcfg', 'pvpanic', 'qemupciserial', 'viofs', 'viogpudo'];
  expect(suggestedTitle('virtio', drivers)).toBe(
    'Windows drivers for KVM guests: Balloon, NetKVM, fwcfg, pvpanic and 3 more',
  );
  expect(suggestedTitle('virtio', ['viostor', 'NetKVM'])).toBe(
    'Windows drivers for KVM guests: viostor, NetKVM',
  );
  expect(suggestedTitle('xenpv', ['x'.repeat(70)])).toBe('Windows drivers for Xen guests');
});
