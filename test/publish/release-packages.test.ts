import { appendFile, copyFile, mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { copySums } from '../../pipeline/attest/read-sums.ts';
import { debKind, stagePackages } from '../../pipeline/publish/release-packages.ts';
import { lacksTool } from '../builders/needs.ts';
import { makeReleaseFolder } from '../builders/package.ts';
import { problemsOf } from '../builders/problems.ts';
import { temporaryFolder } from '../builders/release.ts';

const signal = new AbortController().signal;
const deb = 'vw_1.0-1_all.deb';

async function release(): Promise<{ folder: string; stage: () => ReturnType<typeof stagePackages> }> {
  const work = await temporaryFolder('pvdisc-publish-');
  const folder = join(work, 'release');
  await makeReleaseFolder(folder, [{ name: 'vw', version: '1.0-1', content: 'x' }]);
  const stage = async () => {
    const sums = await copySums(folder, work);
    return stagePackages(
      folder,
      sums,
      { suite: 'stable', staging: join(work, 'staging'), kind: debKind },
      signal,
    );
  };
  return { folder, stage };
}

describe.skipIf(lacksTool('dpkg-deb'))('the packages of a release', () => {
  test('are copied to their place in the pool', async () => {
    const { folder, stage } = await release();
    const [, sha256] = /^(\w+) {2}vw/.exec(await readFile(join(folder, 'SHA256SUMS'), 'utf8')) ?? [];
    const path = `pool/stable/main/v/vw/${deb}`;
    expect(await stage()).toEqual([{ path, sha256, from: join(folder, deb) }]);
    const copy = await readFile(join(folder, '../staging', path));
    expect(copy.equals(await readFile(join(folder, deb)))).toBe(true);
  });

  test('are refused when a byte of any file is other than SHA256SUMS says', async () => {
    const { folder, stage } = await release();
    await appendFile(join(folder, deb), 'x');
    const [problem] = await problemsOf(stage());
    expect(problem).toMatch(
      /vw_1\.0-1_all\.deb: has sha256 \w{64}, but SHA256SUMS says \w{64}\n {2}hint: the release was damaged/,
    );

    const other = await release();
    await writeFile(join(other.folder, 'release.json'), '{}');
    await appendFile(join(other.folder, 'SHA256SUMS'), `${'0'.repeat(64)}  release.json\n`);
    expect((await problemsOf(other.stage()))[0]).toMatch(/release\.json: has sha256 44136f/);
  });

  test('of two folders with one name are taken once where they are the same, and refused where they differ', async () => {
    const { folder, stage } = await release();
    const [first] = await stage();
    expect(await stage()).toEqual([]);
    await rm(folder, { recursive: true });
    await makeReleaseFolder(folder, [{ name: 'vw', version: '1.0-1', content: 'y' }]);
    expect((await problemsOf(stage()))[0]).toMatch(
      /_all\.deb: differs from the package of the same name in a release before it\n {2}hint: publish one/,
    );
    expect(first?.path).toBe(`pool/stable/main/v/vw/${deb}`);
  });

  test('are refused when a file lacks or is a link', async () => {
    const { folder, stage } = await release();
    await copyFile(join(folder, deb), join(folder, 'elsewhere'));
    await rm(join(folder, deb));
    expect((await problemsOf(stage()))[0]).toMatch(/_all\.deb: no such file/);
    await symlink('elsewhere', join(folder, deb));
    expect((await problemsOf(stage()))[0]).toMatch(/_all\.deb: is not a regular file/);
  });

  test.each([
    ['no line of checksums\n', /SHA256SUMS:1: is not a line of sha256sum/],
    [`${'0'.repeat(64)}  ../../etc/passwd\n`, /SHA256SUMS:1: is not/],
    [`${'0'.repeat(64)}  ..\n`, /SHA256SUMS:1: is not/],
    ['', /SHA256SUMS: names no \.deb\n {2}hint: give the folder of a release/],
  ])('SHA256SUMS with %j is refused', async (text, words) => {
    const { folder, stage } = await release();
    await writeFile(join(folder, 'SHA256SUMS'), text);
    expect((await problemsOf(stage()))[0]).toMatch(words);
  });

  test('a huge SHA256SUMS, or none, is refused', async () => {
    const { folder, stage } = await release();
    await truncate(join(folder, 'SHA256SUMS'), 2 ** 20 + 1);
    expect((await problemsOf(stage()))[0]).toMatch(/SHA256SUMS: is larger than 1 MiB/);
    await rm(join(folder, 'SHA256SUMS'));
    await mkdir(join(folder, 'SHA256SUMS'));
    expect((await problemsOf(stage()))[0]).toMatch(/SHA256SUMS: is not a regular file/);
  });

  test('are refused when a FIFO takes the place of a file, and the FIFO is not waited for', async () => {
    for (const name of [deb, 'SHA256SUMS', 'SHA256SUMS.asc']) {
      const { folder, stage } = await release();
      await rm(join(folder, name), { force: true });
      await execa('mkfifo', [join(folder, name)]);
      expect(await problemsOf(stage(), folder)).toEqual([
        `./${name}: is not a regular file\n  hint: give the folder of a release that pvdisc build made, whole and unchanged`,
      ]);
    }
  });

  test('are those of the sums that were read first, whatever takes their place', async () => {
    const { folder } = await release();
    await writeFile(join(folder, 'SHA256SUMS.asc'), 'signature');
    const sums = await copySums(folder, join(folder, '..'));
    const text = await readFile(join(folder, 'SHA256SUMS'), 'utf8');
    await writeFile(join(folder, 'SHA256SUMS'), `${'0'.repeat(64)}  evil_1_all.deb\n`);
    await writeFile(join(folder, 'SHA256SUMS.asc'), 'other');
    expect(sums.files()).toEqual([{ name: deb, sha256: text.slice(0, 64) }]);
    expect(await readFile(sums.file, 'utf8')).toBe(text);
    expect(await readFile(sums.signature ?? '', 'utf8')).toBe('signature');
  });

  test.each(['vw.deb', 'VW_1_all.deb', 'vw_1.0-1_amd64.deb', 'vw_1:1_all.deb'])(
    'a package that is called %s is refused',
    async (name) => {
      const { folder, stage } = await release();
      await copyFile(join(folder, deb), join(folder, name));
      await writeFile(join(folder, 'SHA256SUMS'), `${'0'.repeat(64)}  ${name}\n`);
      expect((await problemsOf(stage()))[0]).toContain('is not named as a package of a release');
    },
  );
});
