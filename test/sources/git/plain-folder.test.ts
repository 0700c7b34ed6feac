import { createHash } from 'node:crypto';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { PipelineError } from '../../../pipeline/core/errors.ts';
import { git } from '../../../pipeline/sources/git/git.ts';
import { lacksTool } from '../../builders/needs.ts';
import { buildRepository } from '../../builders/repository.ts';
import { makeSetting, place, type SourceSetting } from '../../builders/source-setting.ts';
import { writeTree } from '../../builders/tree.ts';

const tree = {
  'a.inf': 'inf\r\n',
  'grün/ä "ö".txt': 'x',
  'sub/a.sys': Buffer.alloc(100_000, 'sys'),
  'sub/a.pdb': 'pdb',
};
const files = { 'a.inf': 'inf\r\n', 'sub/a.sys': tree['sub/a.sys'], 'sub/a.pdb': 'pdb' };

describe.skipIf(lacksTool('git'))('git source, --use with a plain folder', () => {
  test('files are checked by the ids of the listing and used in place', async () => {
    const { setting, open } = await prepare();
    const folder = join(setting.base, 'plain');
    expect(await open(folder)).toEqual({
      files: Object.entries(files)
        .sort()
        .map(([path, bytes]) => ({
          path,
          file: join(folder, path),
          content: { file: join(folder, path), sha256: sha256(bytes), size: bytes.length },
        })),
    });
  });

  test('the folder may lie in the path that is given, and the path may lie in a checkout', async () => {
    const { setting, open } = await prepare();
    await execa('git', ['init', '--quiet', setting.base]);
    await mkdir(join(setting.base, 'parent/data'), { recursive: true });
    await writeTree(join(setting.base, 'parent/data/d'), files);
    const { files: found } = await open(join(setting.base, 'parent'));
    expect(found[0]).toMatchObject({ path: 'a.inf', file: join(setting.base, 'parent/data/d/a.inf') });
  });

  test('files that are skipped are not read', async () => {
    const { setting, open } = await prepare();
    await writeFile(join(setting.base, 'plain/sub/a.pdb'), 'changed');
    const tree = await open(join(setting.base, 'plain'), { skip: (path) => path.endsWith('.pdb') });
    expect(tree.files).toContainEqual({ path: 'sub/a.pdb' });
  });

  test('files of the commit that the folder lacks are noted, but not those that are skipped', async () => {
    const { setting, open } = await prepare();
    await rm(join(setting.base, 'plain/a.inf'));
    await rm(join(setting.base, 'plain/sub/a.pdb'));
    await open(join(setting.base, 'plain'), { skip: (path) => path.endsWith('.pdb') });
    expect(setting.notes).toEqual([
      expect.stringMatching(/plain lacks 2 files of commit [0-9a-f]{40}: a\.inf, grün\//),
    ]);
  });

  test('every mismatch is named at once, with both ids', async () => {
    const { setting, open, idOf } = await prepare();
    const folder = join(setting.base, 'plain');
    await writeFile(join(folder, 'a.inf'), 'inf\n');
    await writeFile(join(folder, 'sub/a.pdb'), 'pdb!');
    await writeFile(join(folder, 'sub/new.txt'), '');
    const { stdout } = await execa('git', ['hash-object', '--no-filters', '--stdin-paths'], {
      input: `${folder}/a.inf\n${folder}/sub/a.pdb\n`,
    });
    const [inf, pdb] = stdout.split('\n');
    const [wantedInf, wantedPdb] = [await idOf('a.inf'), await idOf('sub/a.pdb')];
    await expect(open(folder)).rejects.toMatchObject({
      kind: 'input',
      problems: [
        { place, message: `${folder}: "a.inf" has the object id ${inf}, expected ${wantedInf}` },
        {
          place,
          message: `${folder}: "sub/a.pdb" has the object id ${pdb}, expected ${wantedPdb}`,
        },
        { place, message: `${folder}: "sub/new.txt" is not in the listing of the commit` },
      ],
    });
  });

  test('a folder of which no file is in the listing is the wrong folder: one error', async () => {
    const { setting, open } = await prepare();
    const folder = join(setting.base, 'other');
    await writeTree(folder, { 'x.txt': 'x', 'y.txt': 'y' });
    await expect(open(folder)).rejects.toMatchObject({
      kind: 'input',
      problems: [
        {
          place,
          message: `${folder}: this is not the folder of the commit: none of its files is in the listing`,
          hint: 'give the folder that holds "a.inf", or one above it by the path in the release',
        },
      ],
    });
  });

  test('of more than 20 mismatches the first 20 are told, and how many are left', async () => {
    const { setting, open } = await prepare();
    const folder = join(setting.base, 'plain');
    const names = Array.from({ length: 23 }, (_none, index) => `new-${String(index).padStart(2, '0')}`);
    const told = names.map((name) => `${folder}: "${name}" is not in the listing of the commit`);
    await writeTree(folder, Object.fromEntries(names.slice(0, 20).map((name) => [name, ''])));
    expect(await messagesOf(open(folder))).toEqual(told.slice(0, 20));
    await writeTree(folder, Object.fromEntries(names.map((name) => [name, ''])));
    expect(await messagesOf(open(folder))).toEqual([
      ...told.slice(0, 20),
      `${folder}: and 3 more files differ`,
    ]);
  });

  test('a listing that is not there is told, with the command that writes it', async () => {
    const { setting, open } = await prepare();
    await expect(open(join(setting.base, 'plain'), {}, { listing: 'none.listing' })).rejects.toMatchObject({
      kind: 'input',
      problems: [
        {
          place,
          message: 'none.listing: no such file',
          hint: 'write it: git ls-tree -r COMMIT:FOLDER > FILE, beside the release',
        },
      ],
    });
  });

  test('without a listing nothing vouches for a plain folder', async () => {
    const { setting, open } = await prepare();
    await expect(open(join(setting.base, 'plain'), {}, {})).rejects.toMatchObject({
      kind: 'input',
      problems: [
        {
          place,
          message: expect.stringMatching(
            /plain: a plain folder cannot be checked against commit [0-9a-f]{40}, since/,
          ),
          hint: 'give a git checkout or bare repository that has the commit',
        },
      ],
    });
  });

  test('links in the folder are refused', async () => {
    const { setting, open } = await prepare();
    await rm(join(setting.base, 'plain/a.inf'));
    await symlink('/etc/passwd', join(setting.base, 'plain/a.inf'));
    await expect(open(join(setting.base, 'plain'))).rejects.toThrow(
      'plain/a.inf: is neither a file nor a folder',
    );
  });

  test.each([
    ['what', '"what" is not a line of git ls-tree -r'],
    [`100644 blob ${'a'.repeat(39)}\tx`, 'is not a line of git ls-tree -r'],
    [`100644 blob ${'a'.repeat(40)}\t"x\\q"`, 'is not a line of git ls-tree -r'],
    [`120000 blob ${'a'.repeat(40)}\tlink`, 'entry "link": is a symbolic link'],
    [`160000 commit ${'a'.repeat(40)}\tmodule`, 'entry "module": is a submodule'],
  ])('a listing with the line %j is refused', async (line, message) => {
    const { setting, open } = await prepare();
    await writeFile(join(setting.base, 'bad.listing'), `${line}\n`);
    const opening = open(join(setting.base, 'plain'), {}, { listing: 'bad.listing' });
    await expect(opening).rejects.toMatchObject({ kind: 'input', problems: [{ place }] });
    await expect(opening).rejects.toThrow(`${place}: bad.listing: `);
    await expect(opening).rejects.toThrow(message);
  });
});

async function messagesOf(opening: Promise<unknown>): Promise<string[]> {
  const end = await opening.catch((error: unknown) => error);
  if (!(end instanceof PipelineError)) throw new Error('expected a PipelineError', { cause: end });
  return end.problems.map(({ message }) => message);
}

async function prepare() {
  const { commit, git: runGit } = await buildRepository(
    Object.fromEntries(Object.entries(tree).map(([path, content]) => [`data/d/${path}`, content])),
  );
  const setting = await makeSetting();
  await writeFile(join(setting.base, 'd.listing'), await runGit('ls-tree', '-r', `${commit}:data/d`));
  await writeTree(join(setting.base, 'plain'), files);
  const open = (
    override: string,
    more: Partial<Parameters<SourceSetting['request']>[0]> = {},
    spec: { listing?: string } = { listing: 'd.listing' },
  ) =>
    git.open(
      { type: 'git', url: 'https://example.invalid/x.git', commit, folder: 'data/d', ...spec },
      setting.request({ override, ...more }),
      setting.context,
    );
  const idOf = (path: string) => runGit('rev-parse', `${commit}:data/d/${path}`);
  return { setting, open, idOf };
}

function sha256(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
