import { chmod, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { preload } from '../../pipeline/reproduce/build-apart.ts';
import { program } from './built-release.ts';
import { sha256 } from './disc-contents.ts';
import { nobody, type OrdinaryUser, ordinaryUser } from './ordinary-user.ts';

/** Conditions of a build that must not affect its output. */
export interface Surroundings {
  /** Folder with the home, temporary, working and output folders of the build. */
  readonly folder: string;
  readonly umask: string;
  readonly env: Readonly<Record<string, string>>;
  /** User that runs the build; default: the user of the tests. */
  readonly user?: OrdinaryUser;
  /** Command prefix of the build, such as faketime. */
  readonly wrapper?: readonly string[];
}

/** Creates two surroundings that differ in everything that can differ on one machine; removed after the test. */
export async function makeSurroundings(): Promise<[Surroundings, Surroundings]> {
  const base = await mkdtemp(join(await unsortedFolder(), 'pvdisc-twice-'));
  onTestFinished(() => rm(base, { recursive: true, force: true }));
  await chmod(base, 0o755);
  const first = { folder: join(base, 'first'), umask: '022', env: { LC_ALL: 'C', TZ: 'UTC' } };
  const second = {
    folder: join(base, 'a second, longer one'),
    umask: '077',
    wrapper: ['faketime', '-f', '+400d'],
    env: {
      LC_ALL: 'tr_TR.UTF-8',
      TZ: 'Pacific/Kiritimati',
      UV_THREADPOOL_SIZE: '1',
      NODE_OPTIONS: `--import=${pathToFileURL(preload)}`,
      PVDISC_UMASK: '077',
      PVDISC_REVERSED: '1',
    },
  };
  for (const { folder } of [first, second]) {
    for (const name of ['home', 'tmp', 'cwd']) await mkdir(join(folder, name), { recursive: true });
  }
  if (process.getuid?.() !== 0) return [first, second];
  const user = await ordinaryUser(base);
  const env = { ...second.env, NODE_OPTIONS: `--import=${pathToFileURL(user.seen(preload))}` };
  return [first, { ...second, env, user }];
}

/** Builds a release and returns the digests of its files by name. */
export async function buildIn(
  { folder, umask, env, user, wrapper = [] }: Surroundings,
  release: string,
  moreEnv: Readonly<Record<string, string>> = {},
  options: readonly string[] = [],
): Promise<Record<string, string>> {
  if (user !== undefined) await execa('chown', ['-R', `${nobody}:${nobody}`, folder]);
  const out = join(folder, 'out');
  const [own, read] = [user?.program ?? program, user?.seen(release) ?? release];
  const command = ['node', own, 'build', read, '--out', out, '--quiet', ...options];
  const words = [...(user?.words ?? []), ...wrapper, ...command];
  await execa('sh', ['-c', 'umask "$0" && exec "$@"', umask, ...words], {
    cwd: join(folder, 'cwd'),
    extendEnv: false,
    env: {
      PATH: process.env.PATH,
      HOME: join(folder, 'home'),
      TMPDIR: join(folder, 'tmp'),
      ...env,
      ...moreEnv,
    },
  });
  const [name = ''] = await readdir(out);
  const files = (await readdir(join(out, name))).sort();
  const digests = files.map(async (file) => [file, sha256(await readFile(join(out, name, file)))] as const);
  return Object.fromEntries(await Promise.all(digests));
}

/** Memory file systems list names in the order of their creation; others sort them by a hash. */
async function unsortedFolder(): Promise<string> {
  const { exitCode } = await execa('test', ['-w', '/dev/shm'], { reject: false });
  return exitCode === 0 ? '/dev/shm' : tmpdir();
}
