import { mkdir, mkdtemp, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { exists } from '../../pipeline/system/files.ts';
import { lacksTool } from './needs.ts';
import { unmount } from './unmount.ts';

const cache = join(import.meta.dirname, '../.cache');

/** A minimal Debian in a folder, to run commands in; needs root. */
export interface DebianRoot {
  readonly folder: string;
  /** Runs a command without the environment of this process; throws with its output if it fails. */
  readonly run: (...command: readonly string[]) => Promise<string>;
  /** Like `run`, but also returns standard error and accepts any exit code. */
  readonly hear: (...command: readonly string[]) => Promise<string>;
  readonly remove: () => Promise<void>;
}

/** The Debian releases that packages are tested on: 12 and 13. */
export const debianSuites = ['bookworm', 'trixie'] as const;

/**
 * Returns whether to skip tests because no minimal Debian can be created here: a tool, root, or the
 * mirror that mmdebstrap reads to fill the cache is missing. Throws with CI=true. The suite defaults to the one of this machine.
 */
export async function lacksDebian(suite?: string): Promise<boolean> {
  if (lacksTool('mmdebstrap', 'chroot', 'mount', 'tar', 'apt-get')) return true;
  const reason = process.getuid?.() === 0 ? await failureOf(debianArchive(suite)) : 'chroot needs root';
  if (reason === undefined) return false;
  if (process.env.CI === 'true') throw new Error(`CI cannot make a minimal Debian: ${reason}`);
  console.warn(`SKIPPED: no minimal Debian can be made here: ${reason}`);
  return true;
}

/**
 * Creates a minimal installation of a suite (default: the one of this machine) with /proc; mmdebstrap runs once, then it
 * comes from the cache.
 */
export async function makeDebianRoot(suite?: string): Promise<DebianRoot> {
  const { file: archive } = await debianArchive(suite);
  const folder = await mkdtemp(join(tmpdir(), 'pvdisc-debian-'));
  await execa('mount', ['-t', 'tmpfs', '-o', 'mode=0755', 'tmpfs', folder]); // dpkg calls fsync for each file
  await execa('tar', ['-x', '--numeric-owner', '-p', '-f', archive, '-C', folder]);
  await rm(join(folder, 'etc/apt/apt.conf.d/70debconf')); // looks into each package for questions, which ours do not ask
  const proc = join(folder, 'proc');
  await execa('mount', ['-t', 'proc', 'proc', proc]);
  return {
    folder,
    run: async (...command) => (await execa('chroot', [folder, ...command], settings)).stdout,
    hear: async (...command) =>
      (await execa('chroot', [folder, ...command], { ...settings, all: true, reject: false })).all,
    remove: async () => {
      await unmount(proc);
      await unmount(folder);
      await rmdir(folder);
    },
  };
}

const settings = {
  extendEnv: false,
  env: {
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
    LC_ALL: 'C',
    TZ: 'UTC',
    DEBIAN_FRONTEND: 'noninteractive',
  },
  preferLocal: false,
} as const;

/** A minimal Debian as a tar. */
export interface DebianArchive {
  readonly file: string;
  readonly suite: string;
  readonly mirror: string;
}

/** Returns the minimal Debian of a suite (default: the one of this machine) from the cache or mmdebstrap, which needs no root if it has namespaces. */
export async function debianArchive(wanted?: string): Promise<DebianArchive> {
  const { suite, mirror, components } = await aptSource(wanted);
  const archive = join(cache, `debian-${suite}.tar`);
  if (await exists(archive)) return { file: archive, suite, mirror };
  await mkdir(cache, { recursive: true });
  const made = `${archive}.${process.pid}`;
  try {
    const options = (await acquireOptions()).map((option) => `--aptopt=${option}`);
    const source = `deb ${mirror} ${suite} ${components}`;
    // mmdebstrap hangs up its whole session when it fails. A shell opens the tar, which other users of mmdebstrap could not, and
    // a plain file is what it can write: with a pipe of Node.js it ends before its tar does.
    const words = ['setsid', '--wait', 'sh', '-c', 'exec mmdebstrap "$@" >"$0"', made, '--variant=minbase'];
    const [first = '', ...rest] = [...words, ...options, '--format=tar', suite, '-', source];
    await execa(first, rest, { cwd: tmpdir(), stdin: 'ignore' });
    await rename(made, archive);
    return { file: archive, suite, mirror };
  } finally {
    await rm(made, { force: true });
  }
}

async function failureOf(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => undefined,
    (error: Error) => error.message,
  );
}

/** Proxy and date settings of the local apt, for the minimal Debian. */
async function acquireOptions(): Promise<string[]> {
  const { stdout } = await execa('apt-config', ['dump', '--format', '%F "%v";%n', 'Acquire']);
  return stdout.split('\n').filter((line) => /^Acquire::(?:https?::Proxy|Check-)\S* "[^"]+";$/i.test(line));
}

/**
 * Returns a suite (default: the one of this machine) with its mirror and components: from PVDISC_MIRROR (`URL COMPONENT…`), or as
 * configured in apt, or else from the mirror of the suite of this machine.
 */
async function aptSource(wanted?: string): Promise<{ suite: string; mirror: string; components: string }> {
  const release = await readFile('/etc/os-release', 'utf8');
  const own = /^VERSION_CODENAME=(.+)$/m.exec(release)?.[1] ?? '';
  const suite = wanted ?? own;
  const [url, ...named] = (process.env.PVDISC_MIRROR ?? '').split(' ').filter((word) => word !== '');
  if (url !== undefined) return { suite, mirror: url, components: named.join(' ') || 'main' };
  indexTargets ??= readIndexTargets();
  const targets = await indexTargets;
  const mirror = [suite, own].map((name) => targets.find(([found]) => found === name)?.[1]).find(Boolean);
  if (mirror === undefined)
    throw new Error(`apt has no source for ${suite}; name one by PVDISC_MIRROR="URL COMPONENT..."`);
  const offered = targets.filter(([, uri]) => uri === mirror).map(([, , component = '']) => component);
  return { suite, mirror, components: [...new Set(offered)].sort().join(' ') };
}

/** Suite, mirror and component of each list of packages of the local apt, which needs a second to tell them. */
let indexTargets: Promise<string[][]> | undefined;

async function readIndexTargets(): Promise<string[][]> {
  const format = '$(RELEASE) $(REPO_URI) $(COMPONENT)';
  const { stdout } = await execa('apt-get', ['indextargets', '--format', format, 'Identifier: Packages']);
  return stdout.split('\n').map((line) => line.split(' '));
}
