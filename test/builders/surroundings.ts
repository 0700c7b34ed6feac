import { chmod, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { program } from './built-release.ts';
import { sha256 } from './disc-contents.ts';

/** What is around a build and must not show in what it makes. */
export interface Surroundings {
  /** Holds the home, temporary, working and output folders of the build. */
  readonly folder: string;
  readonly umask: string;
  readonly env: Readonly<Record<string, string>>;
  /** User id that the build runs as; undefined for the one that the tests run as. */
  readonly user?: number;
  /** Program with arguments that the build's command is given to, such as faketime. */
  readonly wrapper?: readonly string[];
}

const nobody = 65534;

/** What --check-reproducible loads into its builds too: folders list their files backwards. */
const reversing = join(dirname(program), '../reproducible/surroundings.js');

/** Makes two surroundings that differ in everything that can differ on one machine; they go away with the test. */
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
      NODE_OPTIONS: `--import=${pathToFileURL(reversing)}`,
      PVDISC_UMASK: '077',
      PVDISC_REVERSED: '1',
    },
  };
  for (const { folder } of [first, second]) {
    for (const name of ['home', 'tmp', 'cwd']) await mkdir(join(folder, name), { recursive: true });
  }
  return [first, (await canRunAs(nobody)) ? { ...second, user: nobody } : second];
}

/** Builds a release and returns the digest of each file that it made, by name. */
export async function buildIn(
  { folder, umask, env, user, wrapper = [] }: Surroundings,
  release: string,
  moreEnv: Readonly<Record<string, string>> = {},
  options: readonly string[] = [],
): Promise<Record<string, string>> {
  if (user !== undefined) await execa('chown', ['-R', `${user}:${user}`, folder]);
  const out = join(folder, 'out');
  const command = [process.execPath, program, 'build', release, '--out', out, '--quiet', ...options];
  await execa('sh', ['-c', 'umask "$0" && exec "$@"', umask, ...asUser(user), ...wrapper, ...command], {
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

async function canRunAs(user: number): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  const [command = '', ...args] = [...asUser(user), 'test', '-r', program];
  const { exitCode } = await execa(command, args, { reject: false });
  if (exitCode !== 0) console.warn(`user ${user} cannot read ${program}: both builds run as the same user`);
  return exitCode === 0;
}

function asUser(user: number | undefined): string[] {
  return user === undefined ? [] : ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
}
