import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, vi } from 'vitest';
import { byCodeUnit } from '../../pipeline/core/order.ts';

/** What a test has of a host; a row of the table below is only looked at where there is something to look at. */
export interface WatchedHost {
  /** Everything of the host lies in it: no process or mount has to do with it after the test but those that were there before. */
  readonly folder?: string;
  /** Folders for temporary files of the host alone. */
  readonly temporary?: readonly string[];
  /** Folder with the discs. */
  readonly discs?: string | undefined;
  /** Runs virsh with the libvirt under test. */
  readonly virsh?: (...args: readonly string[]) => Promise<string>;
  /** Root folder of a Debian with packages. */
  readonly debian?: string;
}

/** The table of what a test of a host leaves as it was; each row gives what there is, as lines. */
const invariants: Readonly<
  Record<
    string,
    (
      host: WatchedHost,
      older: ReadonlySet<string>,
    ) => readonly string[] | Promise<readonly string[]> | '' | undefined
  >
> = {
  'owner, mode, size and date of ISOs': ({ discs }) => discs && isoFacts(discs),
  'packages that differ (dpkg --verify)': ({ debian }) => debian && verifyPackages(debian),
  processes: ({ folder }, older) => folder && processesOf(folder, older),
  mounts: ({ folder }) => folder && mountsBelow(folder),
  'temporary files': ({ temporary }) => temporary && filesIn(temporary),
  'storage pools': ({ virsh }) => virsh && listed(virsh, 'pool-list', '--all', '--name'),
  networks: ({ virsh }) => virsh && listed(virsh, 'net-list', '--all', '--name'),
  secrets: ({ virsh }) => virsh && listed(virsh, 'secret-list'),
};

/**
 * Looks at a host before a test; the function that it returns fails with every row that is not as before. A process that was told to
 * end, such as the server of a file system that was unmounted, gets time for it (milliseconds).
 */
export async function watchHost(host: WatchedHost, patience = 20_000): Promise<() => Promise<void>> {
  const older = new Set(processIds()); // which are not asked, since there are hundreds
  const before = await lookAt(host, older);
  return () =>
    vi.waitFor(
      async () => expect(await lookAt(host, older), 'what the test leaves on the host').toEqual(before),
      {
        timeout: patience,
        interval: 250,
      },
    );
}

async function lookAt(
  host: WatchedHost,
  older: ReadonlySet<string>,
): Promise<Record<string, readonly string[]>> {
  const found: Record<string, readonly string[]> = {};
  for (const [name, look] of Object.entries(invariants)) {
    const lines = await look(host, older);
    if (typeof lines === 'object') found[name] = lines;
  }
  return found;
}

async function isoFacts(discs: string): Promise<string[]> {
  const names = await readdir(discs, { recursive: true }).catch(() => []);
  const isos = names.filter((name) => name.endsWith('.iso')).sort(byCodeUnit);
  return Promise.all(
    isos.map(async (name) => {
      const facts = await stat(join(discs, name)).catch(() => undefined);
      if (facts === undefined) return `${name}: leads nowhere`;
      const { uid, gid, mode, size, mtimeMs } = facts;
      return `${name}: ${uid}:${gid} ${(mode & 0o7777).toString(8)} ${size} ${mtimeMs}`;
    }),
  );
}

async function verifyPackages(root: string): Promise<string[]> {
  const { all } = await execa('chroot', [root, 'dpkg', '--verify'], { all: true, reject: false });
  return all.split('\n');
}

function processIds(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

/** Processes, but for older ones, that run in the folder, or whose arguments or environment name it: `PID arguments`. */
function processesOf(folder: string, older: ReadonlySet<string>): string[] {
  const ids = processIds().filter((id) => !older.has(id));
  const found = ids.flatMap((id) => {
    const words = orEmpty(() => readFileSync(`/proc/${id}/cmdline`, 'utf8'));
    if (words === '') return []; // a thread of the kernel, or a process that has ended
    const variables = orEmpty(() => readFileSync(`/proc/${id}/environ`, 'utf8'));
    const links = ['root', 'cwd', 'exe'].map((name) => orEmpty(() => readlinkSync(`/proc/${id}/${name}`)));
    const named = [words, variables, ...links.map((path) => `${path}/`)];
    return named.some((text) => text.includes(folder)) ? [`${id} ${words.replaceAll('\0', ' ').trim()}`] : [];
  });
  return found.sort(byCodeUnit);
}

/** What a process shows, unless it has ended or is of another user. */
function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

async function mountsBelow(folder: string): Promise<string[]> {
  const lines = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n');
  const points = lines.map((line) => line.split(' ')[4] ?? '');
  return points.filter((point) => point.startsWith(`${folder}/`)).sort(byCodeUnit);
}

async function filesIn(folders: readonly string[]): Promise<string[]> {
  const found = folders.map(async (folder) =>
    (await readdir(folder, { recursive: true })).map((name) => join(folder, name)),
  );
  return (await Promise.all(found)).flat().sort(byCodeUnit);
}

async function listed(virsh: NonNullable<WatchedHost['virsh']>, ...args: string[]): Promise<string[]> {
  const lines = (await virsh(...args)).split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').sort(byCodeUnit);
}
