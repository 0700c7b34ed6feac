import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { git } from '../../../pipeline/sources/git/git.ts';
import { lacksTool } from '../../builders/needs.ts';
import { buildRepository, type Repository } from '../../builders/repository.ts';
import { type Answer, startServer } from '../../builders/server.ts';
import { makeSetting, place, type SourceSetting } from '../../builders/source-setting.ts';

const tree = {
  'data/d/a.inf': 'inf\r\n',
  'data/d/sub/a.sys': 'sys',
  'data/other/b.txt': 'b',
  'top.txt': 't',
};
const noCommit = 'a'.repeat(40);

describe.skipIf(lacksTool('git'))('git source', () => {
  test('without a folder the whole commit is the source', async () => {
    const { repository, setting } = await prepare();
    const { files } = await openCommit(repository, setting);
    expect(files.map(({ path }) => path)).toEqual(Object.keys(tree));
  });

  test('the commit is fetched once; later runs need no network', async () => {
    const { repository, setting } = await prepare();
    await openCommit(repository, setting, { folder: 'data/d' });
    await rm(repository.path, { recursive: true });
    const again = await makeSetting({ cacheDir: setting.context.cacheDir });
    const { files } = await openCommit(repository, again, { folder: 'data/d' });
    expect(files.map(({ path }) => path)).toEqual(['a.inf', 'sub/a.sys']);
    const keys = await readdir(join(setting.context.cacheDir, 'git'));
    expect(keys).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(await readdir(join(setting.context.cacheDir, 'git', keys[0] ?? ''))).toEqual([repository.commit]);
  });

  test('two builds at once share one cache', async () => {
    const { repository, setting } = await prepare();
    const other = await makeSetting({ cacheDir: setting.context.cacheDir });
    const trees = await Promise.all([openCommit(repository, setting), openCommit(repository, other)]);
    for (const { files } of trees) expect(files.length).toBe(4);
  });

  test('a repository of the cache that lost its commit is fetched again, with a note', async () => {
    const { repository, setting } = await prepare();
    await openCommit(repository, setting);
    const [key = ''] = await readdir(join(setting.context.cacheDir, 'git'));
    await rm(join(setting.context.cacheDir, 'git', key, repository.commit, 'objects'), { recursive: true });
    const again = await makeSetting({ cacheDir: setting.context.cacheDir });
    expect((await openCommit(repository, again)).files.length).toBe(4);
    expect(again.notes).toEqual(['drivers: the cached repository is damaged; fetching it again']);
  });

  test('a server that cannot be reached is a failure of the network', async () => {
    const { setting } = await prepare();
    const spec = { type: 'git' as const, url: 'http://127.0.0.1:9/x.git', commit: noCommit };
    const opening = git.open(spec, setting.request(), setting.context);
    await expect(opening).rejects.toMatchObject({
      kind: 'network',
      problems: [{ place, hint: 'try again, or give a checkout with --use drivers=PATH' }],
    });
    await expect(opening).rejects.toThrow(
      `http://127.0.0.1:9/x.git: git cannot fetch commit ${noCommit}: fatal: `,
    );
    expect(await readdir(join(setting.context.cacheDir, 'git'), { recursive: true })).toHaveLength(1);
  });

  test('an abort in the middle of a stalled fetch is prompt', async () => {
    const controller = new AbortController();
    const stalled: Answer = (response) => {
      response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' });
      response.write('001e# service=git-upload-pack\n', () => setTimeout(() => controller.abort(), 50));
    };
    const { url } = await startServer({ '/x.git/info/refs?service=git-upload-pack': stalled });
    const setting = await makeSetting({ signal: controller.signal });
    const started = performance.now();
    const spec = { type: 'git' as const, url: `${url}/x.git`, commit: noCommit };
    const opening = git.open(spec, setting.request(), setting.context);
    await expect(opening).rejects.toMatchObject({ kind: 'interrupted', problems: [{ place }] });
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  test('a commit that the server does not have is a mistake in the manifest', async () => {
    const { repository, setting } = await prepare();
    const opening = openCommit(repository, setting, { commit: noCommit });
    await expect(opening).rejects.toMatchObject({ kind: 'input', problems: [{ place }] });
    await expect(opening).rejects.toThrow(`${repository.url}: has no commit ${noCommit}`);
  });

  test('a folder that the commit does not have is named', async () => {
    const { repository, setting } = await prepare();
    for (const folder of ['data/gone', 'top.txt']) {
      const opening = openCommit(repository, setting, { folder });
      await expect(opening).rejects.toMatchObject({ kind: 'input', problems: [{ place }] });
      await expect(opening).rejects.toThrow(`git cannot list ${repository.commit}:${folder}: `);
    }
  });

  test('symbolic links and submodules are refused inside the folder only', async () => {
    const links = await prepare((folder) => symlink('/etc/passwd', join(folder, 'data/d/link')));
    await expect(openCommit(links.repository, links.setting)).rejects.toMatchObject({
      kind: 'input',
      problems: [{ place, message: `${links.repository.url}: entry "data/d/link": is a symbolic link` }],
    });
    expect((await openCommit(links.repository, links.setting, { folder: 'data/other' })).files.length).toBe(
      1,
    );
    const { repository, setting } = await prepare();
    await repository.git('update-index', '--add', '--cacheinfo', `160000,${noCommit},data/d/module`);
    await repository.git('commit', '--quiet', '-m', 'submodule');
    const commit = await repository.git('rev-parse', 'HEAD');
    await expect(openCommit(repository, setting, { commit })).rejects.toThrow(
      '"data/d/module": is a submodule',
    );
  });

  test('neither the environment nor the configuration of the user has a say', async () => {
    const { repository, setting } = await prepare();
    const home = join(setting.base, 'home');
    await mkdir(home);
    await writeFile(
      join(home, '.gitconfig'),
      '[core]\n\tautocrlf = true\n[url "file:///nowhere/"]\n\tinsteadOf = file:///\n',
    );
    const hostile = {
      HOME: home,
      GIT_DIR: '/nowhere',
      GIT_CONFIG_COUNT: 'x',
      GIT_OBJECT_DIRECTORY: '/nowhere',
    };
    for (const [name, value] of Object.entries(hostile)) vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { files } = await openCommit(repository, setting, { folder: 'data/d' });
    expect(await readFile(files[0]?.file ?? '', 'latin1')).toBe('inf\r\n');
  });

  test('a listing that is kept must be that of the commit', async () => {
    const { repository, setting } = await prepare();
    const listing = await repository.git('ls-tree', '-r', `${repository.commit}:data/d`);
    await writeFile(join(setting.base, 'd.listing'), `${listing}\n`);
    const spec = { folder: 'data/d', listing: 'd.listing' };
    expect((await openCommit(repository, setting, spec)).files.length).toBe(2);
    await writeFile(join(setting.base, 'd.listing'), `${listing.replace('a.inf', 'b.inf')}\n`);
    const opening = openCommit(repository, await makeSetting(), spec, setting);
    await expect(opening).rejects.toMatchObject({ kind: 'input', problems: [{ place }] });
    await expect(opening).rejects.toThrow(
      'd.listing: is not the listing of the commit: has 1 line that the commit does not have, and lacks 1, such as "a.inf 100644 blob ',
    );
  });
});

describe.skipIf(lacksTool('git'))('git source, --use with a repository', () => {
  test('the commit counts, not the work tree', async () => {
    const { repository, setting } = await prepare();
    await writeFile(join(repository.path, 'data/d/a.inf'), 'changed');
    await writeFile(join(repository.path, 'data/d/new.inf'), 'new');
    const { files } = await openElsewhere(repository.commit, setting, repository.path);
    expect(files.map(({ path }) => path)).toEqual(['a.inf', 'sub/a.sys']);
    expect(await readFile(files[0]?.file ?? '', 'latin1')).toBe('inf\r\n');
  });

  test('bare repositories and further work trees do as well', async () => {
    const { repository, setting } = await prepare();
    const bare = join(setting.base, 'bare');
    await repository.git('clone', '--quiet', '--bare', repository.path, bare);
    expect((await openElsewhere(repository.commit, setting, bare)).files.length).toBe(2);
    const worktree = join(setting.base, 'worktree');
    await repository.git('worktree', 'add', '--quiet', '--detach', worktree);
    expect((await openElsewhere(repository.commit, await makeSetting(), worktree)).files.length).toBe(2);
  });

  test('a repository without the commit is told how to get it', async () => {
    const { repository, setting } = await prepare();
    await expect(openElsewhere(noCommit, setting, repository.path)).rejects.toMatchObject({
      kind: 'input',
      problems: [
        {
          place,
          message: `${repository.path}: this repository does not have commit ${noCommit}`,
          hint: `fetch it there: git -C ${repository.path} fetch https://example.invalid/x.git ${noCommit}`,
        },
      ],
    });
  });

  test('a partial clone works without what is skipped, and else names what it lacks, and fetches nothing', async () => {
    const { repository, setting } = await prepare();
    const partial = join(setting.base, 'partial');
    await repository.git('clone', '--quiet', '--bare', '--filter=blob:none', repository.url, partial);
    const skip = () => true;
    const { files } = await openElsewhere(repository.commit, setting, partial, skip);
    expect(files).toEqual([{ path: 'a.inf' }, { path: 'sub/a.sys' }]);
    const opening = openElsewhere(repository.commit, setting, partial);
    await expect(opening).rejects.toMatchObject({ kind: 'input' });
    await expect(opening).rejects.toThrow('the repository lacks the content of "a.inf" (object ');
    await expect(opening).rejects.toThrow('the repository lacks the content of "sub/a.sys" (object ');
    await expect(opening).rejects.toThrow('hint: objects are missing, as in a partial clone');
    const treeless = join(setting.base, 'treeless');
    await repository.git('clone', '--quiet', '--bare', '--filter=tree:0', repository.url, treeless);
    const withoutTrees = openElsewhere(repository.commit, setting, treeless, skip);
    await expect(withoutTrees).rejects.toMatchObject({ kind: 'input', problems: [{ place }] });
    await expect(withoutTrees).rejects.toThrow(`git cannot list ${repository.commit}:data/d: fatal: `);
  });

  test('an object whose content is not that of its id is refused', async () => {
    for (const object of ['data/d/a.inf', 'data/d/sub', 'data']) {
      const { repository, setting } = await prepare();
      const id = await repository.git('rev-parse', `${repository.commit}:${object}`);
      const other = await repository.git(
        'rev-parse',
        `${repository.commit}:${object === 'data/d/a.inf' ? 'top.txt' : 'data/other'}`,
      );
      const fileOf = (name: string) => join(repository.path, '.git/objects', name.slice(0, 2), name.slice(2));
      await chmod(fileOf(id), 0o644);
      await writeFile(fileOf(id), await readFile(fileOf(other)));
      const opening = openElsewhere(
        repository.commit,
        setting,
        repository.path,
        undefined,
        object === 'data' ? 'data/d' : undefined,
      );
      await expect(opening, object).rejects.toMatchObject({ kind: 'input', problems: [{ place }] });
      await expect(opening, object).rejects.toThrow(
        /object [0-9a-f]{40} is damaged|git cannot (?:read|list)/,
      );
    }
  });

  test('a replaced object does not stand in', async () => {
    const { repository, setting } = await prepare();
    const id = await repository.git('rev-parse', `${repository.commit}:data/d/a.inf`);
    const other = await repository.git('rev-parse', `${repository.commit}:top.txt`);
    await repository.git('replace', id, other);
    const { files } = await openElsewhere(repository.commit, setting, repository.path);
    expect(await readFile(files[0]?.file ?? '', 'latin1')).toBe('inf\r\n');
  });
});

async function prepare(more?: (folder: string) => Promise<unknown>) {
  return { repository: await buildRepository(tree, more), setting: await makeSetting() };
}

function openCommit(
  { url, commit }: Repository,
  { request, context, ...rest }: SourceSetting,
  spec: { commit?: string; folder?: string; listing?: string } = {},
  { base } = rest as { base: string },
) {
  return git.open({ type: 'git', url, commit, ...spec }, request({ baseDir: base }), context);
}

function openElsewhere(
  commit: string,
  { request, context }: SourceSetting,
  override: string,
  skip: (path: string) => boolean = () => false,
  folder = 'data/d',
) {
  const spec = { type: 'git' as const, url: 'https://example.invalid/x.git', commit, folder };
  return git.open(spec, request({ override, skip }), context);
}
