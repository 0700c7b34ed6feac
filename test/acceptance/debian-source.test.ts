import { cp, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtSample } from '../builders/built-release.ts';
import { lacksDebian, makeDebianRoot } from '../builders/debian-root.ts';
import { lacksTool } from '../builders/needs.ts';
import { writeTree } from '../builders/tree.ts';

const packages = ['pvdisc-sample', 'pvdisc-sample-drivers', 'pvdisc-sample-symbols'];
const isSkipped = lacksTool(
  'dpkg-buildpackage',
  'dh',
  'g++',
  'make',
  'git',
  'xz',
  'zstd',
  'xorriso',
  'lintian',
  'dpkg-deb',
);
const lacksTestbed = lacksTool('autopkgtest') || (await lacksDebian());

describe.skipIf(isSkipped)('the Debian source package', () => {
  let folder = '';
  let tree = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pvdisc-source-'));
    tree = join(folder, 'pvdisc');
    await makeClone(tree);
    await buildPackage(tree);
  }, 240_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('gives a source in the format 3.0 (quilt) and the packages of the sample', async () => {
    expect((await readdir(folder)).filter((name) => !name.includes('amd64')).sort()).toEqual([
      'pvdisc',
      ...['-drivers', '-symbols', ''].map((kind) => `pvdisc-sample${kind}_0.1.0-1_all.deb`),
      'pvdisc_0.1.0-1.debian.tar.xz',
      'pvdisc_0.1.0-1.dsc',
      'pvdisc_0.1.0.orig.tar.xz',
    ]);
    expect(await readFile(join(folder, 'pvdisc_0.1.0-1.dsc'), 'utf8')).toContain('Format: 3.0 (quilt)\n');
  });

  test('each package holds what the pipeline packs, file by file, and the same control data', async () => {
    const ours = await builtSample();
    expect(packages).toHaveLength(ours.debs.length);
    for (const name of packages) {
      const deb = ours.debs.find((file) => file.includes(`/${name}_`)) ?? '';
      const built = join(folder, `${name}_0.1.0-1_all.deb`);
      expect(await filesOf(built, join(folder, 'built', name))).toEqual(
        await filesOf(deb, join(folder, 'ours', name)),
      );
    }
  });

  test('lintian finds nothing', { timeout: 300_000 }, async () => {
    const [changes = ''] = (await readdir(folder)).filter((name) => name.endsWith('.changes'));
    const options = ['--pedantic', '--fail-on', 'error,warning,pedantic', '--allow-root'];
    const { exitCode, all } = await execa('lintian', [...options, join(folder, changes)], {
      all: true,
      reject: false,
    });
    expect({ exitCode, all }).toEqual({ exitCode: 0, all: '' });
  });

  test('is built again from the tree that builds leave behind, and after a commit', {
    timeout: 300_000,
  }, async () => {
    await rm(join(folder, 'pvdisc-sample_0.1.0-1_all.deb'));
    await writeTree(join(tree, 'debian/virtio-win-legacy/usr'), { 'disc.iso': Buffer.from([0, 1, 2]) });
    await writeFile(join(tree, 'scripts/new'), 'a file of a later commit\n');
    await commit(tree);
    await buildPackage(tree);
    expect(await readdir(folder)).toContain('pvdisc-sample_0.1.0-1_all.deb');
  });

  test("debian/changelog owns the revision, and must be of the release's version", async () => {
    const changelog = join(tree, 'debian/changelog');
    const written = await readFile(changelog, 'utf8');
    const build = (version: string) =>
      writeFile(changelog, written.replace('(0.1.0-1)', `(${version})`)).then(() => buildSample(tree));
    expect((await build('0.1.0-2')).stdout).toContain('/pvdisc-sample_0.1.0-2_all.deb');
    const refused = await build('0.2.0-1');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('the newest entry is pvdisc 0.2.0-1, but');
    await writeFile(changelog, written);
  });

  test.skipIf(lacksTestbed)(
    'its tests pass where the packages are installed',
    { timeout: 300_000 },
    async () => {
      const root = await makeDebianRoot();
      try {
        await mkdir(join(root.folder, 'debs'));
        for (const name of packages) {
          const deb = `${name}_0.1.0-1_all.deb`;
          await cp(join(folder, deb), join(root.folder, 'debs', deb));
        }
        await root.run('sh', '-c', 'dpkg -i /debs/*.deb');
        const options = ['--no-built-binaries', tree, '--', 'chroot', root.folder];
        const { exitCode, all } = await execa('autopkgtest', options, { all: true, reject: false });
        expect(all).toMatch(/^installed-disc +PASS$/m);
        expect(exitCode).toBe(0);
      } finally {
        await root.remove();
      }
    },
  );
});

const made = ['.git', 'build', 'coverage', 'dist', 'node_modules'];

/** A clean clone with the installed npm packages. */
async function makeClone(tree: string): Promise<void> {
  const sources = (await readdir('.')).filter((name) => !made.includes(name));
  await mkdir(tree);
  await execa('cp', ['-a', ...sources, tree]);
  await rm(join(tree, 'test/.cache'), { recursive: true, force: true });
  await execa('cp', ['-a', 'node_modules', tree]);
  await utimes(join(tree, 'node_modules/.package-lock.json'), new Date(), new Date());
  await execa('git', ['init', '--quiet'], { cwd: tree });
  await commit(tree);
}

async function commit(tree: string): Promise<void> {
  const author = ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid'];
  await execa('git', ['add', '--all'], { cwd: tree });
  await execa('git', [...author, 'commit', '--quiet', '--message', 'The tree as it is'], { cwd: tree });
}

function buildPackage(tree: string) {
  return execa('dpkg-buildpackage', ['-us', '-uc'], { cwd: tree, all: true, env: { XZ_OPT: '-0' } }); // nobody keeps the source
}

function buildSample(tree: string) {
  const args = ['build/cli/index.js', 'build', 'drivers-manifest/releases/sample.yaml', '--out', 'dist'];
  return execa('node', args, { cwd: tree, reject: false, env: { NO_COLOR: '1' } });
}

/** Path, kind, mode, date, number of hard links, target and digest of everything in a package, control data included; of folders no date. */
async function filesOf(deb: string, folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  await execa('dpkg-deb', ['--raw-extract', deb, folder]);
  const folders = ['-type', 'd', '-printf', '%P %y %m\n'];
  const others = ['-printf', '%P %y %m %T+ %n %l\n'];
  const found = await execa('find', ['.', '-mindepth', '1', ...folders, '-o', ...others], { cwd: folder });
  const sums = await execa('find', ['.', '-type', 'f', '-exec', 'sha256sum', '{}', '+'], { cwd: folder });
  return [...found.stdout.split('\n'), ...sums.stdout.split('\n')].sort();
}
