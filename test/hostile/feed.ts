import { mkdir, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { program } from '../builders/built-release.ts';
import { withCatalog } from '../builders/catalog.ts';
import { pvdisc } from '../builders/command.ts';
import { writeRelease } from '../builders/release.ts';
import { driverFolder, type Tree, writeTree } from '../builders/tree.ts';
import type { HostileCase, HostileKind } from './case.ts';

/** How pvdisc ended on a hostile file, and what it left. */
export interface Fed {
  readonly exitCode: number;
  /** All that it printed. */
  readonly said: string;
  /** CPU time, which does not depend on the load of the machine. */
  readonly seconds: number;
  /** Largest resident memory of it and of the programs that it started; only known of a process of its own. */
  readonly megabytes?: number;
  /** Files and folders beside the input that were not there before, or have changed. */
  readonly left: readonly string[];
}

/** A folder with a release for each kind of case; all else in it must stay as it is. */
export interface Jail {
  readonly folder: string;
  readonly feed: (one: HostileCase, how: 'here' | 'process') => Promise<Fed>;
}

const driver = 'Win10/amd64';
const fileNames: Readonly<Record<HostileKind, string>> = {
  archive: 'hostile.bin',
  iso: 'hostile.bin',
  inf: 'viostor.inf',
  catalog: 'viostor.cat',
  binary: 'viostor.sys',
};

/** Makes the folder; it goes away with the test. */
export async function makeJail(): Promise<Jail> {
  const { folder } = await writeRelease();
  for (const name of ['tmp', 'in', 'beside']) await mkdir(join(folder, name));
  await writeFile(join(folder, 'beside/untouched'), 'x');
  await writeTree(folder, releaseTexts());
  return { folder, feed: (one, how) => feed(folder, one, how) };
}

/** A release of one source for each kind of source. */
function releaseTexts(): Tree {
  const release = (source: Readonly<Record<string, string>>) =>
    stringify({
      name: 'hostile-disc',
      version: '1.2.3',
      title: 'Hostile drivers',
      manifest: '.',
      sources: { drivers: source },
      select: { os: { include: ['w10'] }, arch: { include: ['amd64'] } },
      package: { name: 'hostile-disc' },
    });
  return {
    'archive.yaml': release({ type: 'archive', path: 'in/hostile.bin' }),
    'iso.yaml': release({ type: 'iso', path: 'in/hostile.bin' }),
    'folder.yaml': release({ type: 'directory', path: 'in' }),
  };
}

async function feed(folder: string, one: HostileCase, how: 'here' | 'process'): Promise<Fed> {
  await rm(join(folder, 'in'), { recursive: true });
  const isFile = one.kind === 'archive' || one.kind === 'iso';
  const bytes = await one.bytes();
  await writeTree(join(folder, 'in'), isFile ? {} : withCatalog(driverFolder(driver)));
  const place = isFile ? `in/${fileNames[one.kind]}` : `in/${driver}/${fileNames[one.kind]}`;
  await writeTree(folder, { [place]: bytes });
  if (one.grownTo !== undefined) await truncate(join(folder, place), one.grownTo);
  const before = await snapshot(folder);
  const release = join(folder, isFile ? `${one.kind}.yaml` : 'folder.yaml');
  const fed = how === 'here' ? await feedHere(folder, release) : await feedProcess(folder, release);
  const after = await snapshot(folder);
  const left = [...after].filter(([path, state]) => before.get(path) !== state).map(([path]) => path);
  return { ...fed, left: [...left, ...[...before.keys()].filter((path) => !after.has(path))] };
}

async function feedHere(folder: string, release: string): Promise<Omit<Fed, 'left'>> {
  const { TMPDIR } = process.env;
  const before = process.cpuUsage();
  try {
    process.env.TMPDIR = join(folder, 'tmp');
    const { exitCode, stdout, stderr } = await pvdisc(['check', release, '--verbose']);
    const { user, system } = process.cpuUsage(before);
    return { exitCode, said: stdout + stderr, seconds: (user + system) / 1_000_000 };
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
}

async function feedProcess(folder: string, release: string): Promise<Omit<Fed, 'left'>> {
  const measured = ['-f', 'measured %M %U %S', 'node', program, 'check', release, '--verbose'];
  const { exitCode, all } = await execa('time', measured, {
    env: { TMPDIR: join(folder, 'tmp') },
    cwd: join(folder, 'beside'),
    all: true,
    reject: false,
    timeout: 150_000,
  });
  const [, kilobytes, user, system] = /^measured (\d+) ([\d.]+) ([\d.]+)$/m.exec(all) ?? [];
  return {
    exitCode: exitCode ?? -1,
    said: all,
    seconds: Number(user) + Number(system),
    megabytes: Number(kilobytes) / 1024,
  };
}

/** Every path below a folder with its size and time of change. */
async function snapshot(folder: string): Promise<Map<string, string>> {
  const paths = (await readdir(folder, { recursive: true })).sort();
  const states = paths.map(async (path) => {
    const { size, mtimeMs, mode } = await stat(join(folder, path));
    const isFolder = (mode & 0o170000) === 0o040000;
    return [path, isFolder ? 'folder' : `${size} ${mtimeMs}`] as const;
  });
  return new Map(await Promise.all(states));
}
