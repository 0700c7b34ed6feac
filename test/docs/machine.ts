import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { hideKvm } from '../builders/hide-kvm.ts';
import { lacksTool, toolPath } from '../builders/needs.ts';
import { childrenOf } from '../builders/processes.ts';

/**
 * A copy-on-write copy of this machine without a network; changes and processes are discarded at the end. Its node is that of the tests,
 * and its npx only starts the clone's pvdisc: npm's takes a second each time, and the fresh machine has it (test/acceptance/fresh-machine.test.ts).
 */
export interface Machine {
  /** Path of the machine's root folder from outside. */
  readonly root: string;
  /** Runs shell commands in a folder of the machine; throws with all output at the first failure. */
  readonly run: (commands: string, folder?: string) => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** The repository's folder, here and on the machine. */
export const repository = join(import.meta.dirname, '../..');

const tools = ['unshare', 'nsenter', 'mount', 'ip', 'chroot'];

/** Default folder for commands: the administrator's home. */
export const home = '/root';

/** Returns whether to skip tests because this process cannot create namespaces and overlay mounts; throws if CI is set. */
export async function lacksMachine(): Promise<boolean> {
  if (lacksTool(...tools)) return true;
  const reason = await startMachine().then(
    (machine) => machine.stop().then(() => undefined),
    (error: Error) => error.message,
  );
  if (reason === undefined) return false;
  if (process.env.CI) throw new Error(`CI cannot make a copy of this machine: ${reason}`);
  console.warn(`SKIPPED: no copy of this machine can be made: ${reason}`);
  return true;
}

/** Starts a machine; needs root, overlayfs and mount, PID and network namespaces. */
export async function startMachine(): Promise<Machine> {
  const folder = await mkdtemp(join(tmpdir(), 'pvdisc-machine-'));
  const first = start(folder);
  const stop = async () => {
    first.kill('SIGKILL');
    await first;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const pid = await firstProcess(first);
    return { root: `/proc/${pid}/root`, run: (commands, at = home) => runIn(pid, commands, at), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function start(folder: string) {
  return execa(
    'unshare',
    [
      ...['--mount', '--pid', '--net', '--ipc', '--fork', '--kill-child'],
      'sh',
      '-ec',
      boot,
      'sh',
      folder,
      repository,
    ],
    { env: { PATH: toolPath }, stdin: 'ignore', buffer: { stdout: false, stderr: true }, reject: false },
  );
}

/** The copy lacks mount points below /, so the repository is copied separately. */
const boot = `
folder=$1 repository=$2 root=$1/root
mount -t tmpfs tmpfs "$folder"
mkdir "$root"
copy() {
  mkdir -p "$folder/upper$1" "$folder/work$1"
  mount -t overlay overlay -o "lowerdir=$1,upperdir=$folder/upper$1,workdir=$folder/work$1" "$root$1"
}
mkdir "$folder/upper" "$folder/work" "$folder/upper/system" "$folder/work/system"
mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/upper/system,workdir=$folder/work/system" "$root"
mount -t tmpfs tmpfs "$root/tmp"
mount -t tmpfs tmpfs "$root/run"
mkdir -p "$root$repository"
copy "$repository"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount --rbind /dev "$root/dev"
${hideKvm('"$root/dev/kvm"')}
chmod 1777 "$root/tmp"
node=$(command -v node)
case $node in
  /tmp/*) mkdir -p "$root\${node%/*}" && cp "$node" "$root$node" ;;
esac
printf '#!/bin/sh\\nshift\\nexec build/cli/index.js "$@"\\n' > "$root/usr/local/bin/npx"
chmod 755 "$root/usr/local/bin/npx"
ip link set lo up
exec chroot "$root" perl -e 'fork or exec qw(sleep infinity); $| = 1; print "ready\\n"; 1 while wait > 0'
`;

async function firstProcess(first: ReturnType<typeof start>): Promise<string> {
  const isReady = await Promise.race([
    new Promise<boolean>((resolve) => first.stdout?.once('data', () => resolve(true))),
    first.then(() => false),
  ]);
  if (!isReady) throw new Error(String((await first).stderr));
  const [child] = await childrenOf(first.pid);
  return String(child);
}

async function runIn(pid: string, commands: string, folder: string): Promise<string> {
  const enter = ['--target', pid, '--mount', '--pid', '--net', '--ipc', '--root', '--wd', 'sh', '-ec'];
  const { failed, all, shortMessage } = await execa('nsenter', [...enter, `cd "$0"\n${commands}`, folder], {
    all: true,
    reject: false,
    stdin: 'ignore',
    timeout: 600_000,
    extendEnv: false,
    env: { PATH: toolPath, HOME: home, LC_ALL: 'C.UTF-8', TERM: 'dumb', TZ: 'UTC' },
  });
  if (failed)
    throw new Error(
      `these commands failed in ${folder}:\n${commands}\n${all}\n${shortMessage?.split('\n')[0]}`,
    );
  return all;
}
