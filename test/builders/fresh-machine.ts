import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { debianArchive } from './debian-root.ts';
import { toolPath } from './needs.ts';

/** How commands run on a fresh machine. */
export interface FreshRun {
  /** `root` when absent. */
  readonly user?: 'root' | 'user';
  /** Whether standard input and output are a terminal, of 80 columns. */
  readonly terminal?: boolean;
  readonly folder: string;
  /** Milliseconds. */
  readonly timeout: number;
}

/** What commands printed, to standard output and error in turn, and how they ended. */
export interface FreshResult {
  readonly exitCode: number | undefined;
  readonly all: string;
}

/** A minimal Debian or Ubuntu with Node.js, npm, an ordinary user named `user`, and the committed state of this clone. */
export interface FreshMachine {
  readonly run: (commands: string, how: FreshRun) => Promise<FreshResult>;
  readonly remove: () => Promise<void>;
}

const repository = join(import.meta.dirname, '../..');
const isRoot = process.getuid?.() === 0;

/** Runs what comes after it as root of the machine: root itself, or the one of a user namespace. */
const asRoot = isRoot ? [] : ['mmdebstrap', '--unshare-helper'];

/**
 * In namespaces of its own the machine is no chroot, in which bubblewrap could make no namespace. The shell stays as process 1, which
 * takes the orphans: script(1) spins forever once it has taken one.
 */
const enter = `
root=$1
shift
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --rbind /sys "$root/sys"
mount -t tmpfs tmpfs "$root/run"
cd "$root"
mkdir -p .outside
pivot_root . .outside
umount -l .outside
rmdir .outside
setsid --wait "$@" && code=0 || code=$?
exit $code`;

/** Makes a fresh machine of a suite; its clones lie in /root/pvdisc and /home/user/pvdisc. */
export async function makeFreshMachine(suite: string): Promise<FreshMachine> {
  const { file } = await debianArchive(suite);
  const folder = await mkdtemp(join(tmpdir(), 'pvdisc-fresh-'));
  const root = join(folder, 'root');
  const [first = '', ...words] = [...asRoot, 'env'];
  const outside = { cwd: '/', env: { PATH: toolPath } }; // chroot(8) is in /usr/sbin, which ordinary users lack
  const own = (...command: readonly string[]) => execa(first, [...words, ...command], outside);
  const remove = async () => {
    await own('rm', '-rf', root);
    await rm(folder, { recursive: true, force: true });
  };
  /** Copies a file or folder: root of a user namespace could not read the files of this user. */
  const unpack = async (from: string, name: string, to: string): Promise<void> => {
    const script = 'cd / && tar -c -C "$1" "$2" | (shift 2 && exec "$@")';
    const reader = [first, ...words, 'tar', '-x', '-p', '--no-same-owner', '-C', join(root, to)];
    await execa('sh', ['-c', script, 'sh', from, name, ...reader], outside);
  };
  try {
    await chmod(folder, isRoot ? 0o755 : 0o777);
    await own('mkdir', root);
    await execa(first, [...words, 'tar', '-x', '-p', '--numeric-owner', '--exclude=./dev/*', '-C', root], {
      ...outside,
      inputFile: file,
    });
    const env = await surroundings(folder);
    await own('chroot', root, 'useradd', '--create-home', '--shell', '/bin/bash', 'user');
    const given = join(folder, 'given');
    await giveNode(given);
    await unpack(given, '.', 'usr/local');
    await giveClone(join(folder, 'clone'));
    for (const home of ['root', 'home/user']) await unpack(join(folder, 'clone'), 'pvdisc', home);
    await own('chroot', root, 'chown', '-R', 'user:user', '/home/user/pvdisc');
    const run = async (commands: string, how: FreshRun): Promise<FreshResult> => {
      const { user = 'root', terminal = false, timeout } = how;
      const home = user === 'root' ? '/root' : '/home/user';
      const become = user === 'root' ? [] : ['setpriv', '--reuid=user', '--regid=user', '--init-groups'];
      const text = `cd '${how.folder}'\n${commands}`;
      const shell = terminal
        ? ['script', '-qec', `stty cols 80 rows 24\n${text}`, '/dev/null']
        : ['sh', '-ec', text];
      const variables = { ...env, HOME: home, ...(terminal && { TERM: 'xterm-256color' }) };
      const { exitCode, all } = await execa(
        first,
        [
          ...words,
          ...['unshare', '--mount', '--pid', '--fork', '--kill-child', 'sh', '-ec', enter, 'sh', root],
          ...['env', '-i', ...Object.entries(variables).map(([name, value]) => `${name}=${value}`)],
          ...[...become, ...shell],
        ],
        { ...outside, all: true, reject: false, stdin: 'ignore', timeout },
      );
      return { exitCode, all };
    };
    for (const [path, text] of Object.entries(await network())) {
      await writeFile(join(folder, 'file'), text);
      await chmod(join(folder, 'file'), 0o644);
      await own('install', '-D', '-m', '644', join(folder, 'file'), join(root, path));
    }
    return { run, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

const certificates = '/opt/certificates.pem';

/** What every command sees: the caller's ways to the network, and nothing else of this process. */
async function surroundings(folder: string): Promise<Record<string, string>> {
  const registry = (await execa('npm', ['config', 'get', 'registry'], { cwd: folder })).stdout.trim();
  const names = ['http_proxy', 'https_proxy', 'no_proxy'].flatMap((name) => [name, name.toUpperCase()]);
  const passed = names.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    npm_config_registry: registry,
    PVDISC_FRESH: 'none', // it does not make another machine in turn
    ...Object.fromEntries(passed),
    ...(process.env.NODE_EXTRA_CA_CERTS !== undefined && { NODE_EXTRA_CA_CERTS: certificates }),
  };
}

async function network(): Promise<Record<string, string>> {
  const { NODE_EXTRA_CA_CERTS: extra } = process.env;
  return {
    'etc/hosts': '127.0.0.1 localhost\n::1 localhost\n',
    'etc/resolv.conf': await readFile('/etc/resolv.conf', 'utf8'),
    ...(extra !== undefined && { [certificates]: await readFile(extra, 'utf8') }),
  };
}

/** Copies the Node.js of this process and the npm beside it, as they lie in /usr/local. */
async function giveNode(folder: string): Promise<void> {
  for (const name of ['bin', 'lib/node_modules']) await mkdir(join(folder, name), { recursive: true });
  await execa('cp', [process.execPath, join(folder, 'bin/node')]);
  const { stdout: npm } = await execa('sh', ['-c', 'command -v npm']);
  await execa('cp', ['-r', dirname(dirname(await realpath(npm))), join(folder, 'lib/node_modules/npm')]);
  for (const name of ['npm', 'npx'])
    await execa('ln', ['-s', `../lib/node_modules/npm/bin/${name}-cli.js`, join(folder, 'bin', name)]);
}

/** Clones what is committed, whoever owns it. */
async function giveClone(folder: string): Promise<void> {
  await mkdir(folder);
  await writeFile(join(folder, 'gitconfig'), '[safe]\n\tdirectory = *\n');
  await execa('git', ['clone', '--quiet', '--no-hardlinks', repository, join(folder, 'pvdisc')], {
    env: { GIT_CONFIG_GLOBAL: join(folder, 'gitconfig'), GIT_CONFIG_NOSYSTEM: '1' },
  });
}
