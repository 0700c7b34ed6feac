import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { exists } from '../../pipeline/system/files.ts';
import { lacksTool } from './needs.ts';

const cache = join(import.meta.dirname, '../.cache');

/** A minimal Debian in a folder of its own, in which commands are run; needs root. */
export interface DebianRoot {
  readonly folder: string;
  /** Runs a command in it, without the environment of this process; an exit code other than 0 is an error that holds the output. */
  readonly run: (...command: readonly string[]) => Promise<string>;
  /** As `run`, and gives what was printed to standard error too, whatever the exit code. */
  readonly hear: (...command: readonly string[]) => Promise<string>;
  readonly remove: () => Promise<void>;
}

/** The releases of Debian that packages are tried on: 12 and 13. */
export const debianSuites = ['bookworm', 'trixie'] as const;

/**
 * Returns whether tests must be skipped since no minimal Debian can be made here: for want of a tool, of root, or of the
 * mirror that mmdebstrap reads once, before the cache has it. With CI=true that throws. The suite is that of this machine when absent.
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
 * Makes a minimal installation with /proc of a suite, that of this machine when absent; mmdebstrap is asked for it once, then it
 * comes from the cache.
 */
export async function makeDebianRoot(suite?: string): Promise<DebianRoot> {
  const { file: archive } = await debianArchive(suite);
  const folder = await mkdtemp(join(tmpdir(), 'pvdisc-debian-'));
  await execa('tar', ['-x', '--numeric-owner', '-p', '-f', archive, '-C', folder]);
  const proc = join(folder, 'proc');
  await execa('mount', ['-t', 'proc', 'proc', proc]);
  return {
    folder,
    run: async (...command) => (await execa('chroot', [folder, ...command], settings)).stdout,
    hear: async (...command) =>
      (await execa('chroot', [folder, ...command], { ...settings, all: true, reject: false })).all,
    remove: async () => {
      await execa('umount', [proc]);
      await rm(folder, { recursive: true, force: true });
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

/** A minimal Debian as a tar: its file, its suite and the mirror that it was read from. */
export interface DebianArchive {
  readonly file: string;
  readonly suite: string;
  readonly mirror: string;
}

/** Returns the minimal Debian of a suite, that of this machine when absent, from the cache or from mmdebstrap, which needs no root where it has namespaces. */
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

/** What apt here is told of proxies and of checks of dates: a minimal Debian gets its packages the same way. */
async function acquireOptions(): Promise<string[]> {
  const { stdout } = await execa('apt-config', ['dump', '--format', '%F "%v";%n', 'Acquire']);
  return stdout.split('\n').filter((line) => /^Acquire::(?:https?::Proxy|Check-)\S* "[^"]+";$/i.test(line));
}

/**
 * Returns a suite, that of this machine when absent, with its mirror and components: of PVDISC_MIRROR (`URL COMPONENT…`), else as
 * apt of this machine has it, else from where apt has the suite of this machine.
 */
async function aptSource(wanted?: string): Promise<{ suite: string; mirror: string; components: string }> {
  const release = await readFile('/etc/os-release', 'utf8');
  const own = /^VERSION_CODENAME=(.+)$/m.exec(release)?.[1] ?? '';
  const suite = wanted ?? own;
  const [url, ...named] = (process.env.PVDISC_MIRROR ?? '').split(' ').filter((word) => word !== '');
  if (url !== undefined) return { suite, mirror: url, components: named.join(' ') || 'main' };
  const format = '$(RELEASE) $(REPO_URI) $(COMPONENT)';
  const { stdout } = await execa('apt-get', ['indextargets', '--format', format, 'Identifier: Packages']);
  const targets = stdout.split('\n').map((line) => line.split(' '));
  const mirror = [suite, own].map((name) => targets.find(([found]) => found === name)?.[1]).find(Boolean);
  if (mirror === undefined)
    throw new Error(`apt has no source for ${suite}; name one by PVDISC_MIRROR="URL COMPONENT..."`);
  const offered = targets.filter(([, uri]) => uri === mirror).map(([, , component = '']) => component);
  return { suite, mirror, components: [...new Set(offered)].sort().join(' ') };
}
