import { chmod, chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import { hideKvm } from './hide-kvm.ts';
import { watchHost } from './host-invariants.ts';
import { toolPath } from './needs.ts';
import { nobody } from './ordinary-user.ts';
import { childrenOf } from './processes.ts';

/** The libvirt of a user, or of the system, which only root can start. */
export type LibvirtMode = 'session' | 'system';

/** Output and exit code of a program. */
export interface Ended {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A private libvirt; `run` runs a program that can reach its socket, as its user. */
export interface Libvirt {
  readonly uri: string;
  /** The user that QEMU runs as. */
  readonly user: number;
  readonly run: (program: string, ...args: readonly string[]) => Promise<Ended>;
  /** Runs virsh; throws if it fails. */
  readonly virsh: (...args: readonly string[]) => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** A host of its own for a libvirt in system mode, so that guests migrate to it: its name, its UUID, and shell commands in its mounts. */
export interface LibvirtHost {
  readonly name: string;
  readonly uuid: string;
  readonly setup: string;
}

const qemuUser = 64055;

/** Starts libvirtd with its files in `folder` or in memory; does not touch the libvirt of the machine. */
export async function startLibvirt(
  mode: LibvirtMode,
  folder: string,
  env: Readonly<Record<string, string>>,
  host?: LibvirtHost,
): Promise<Libvirt> {
  const home = join(folder, 'libvirt');
  const isEmpty = await watchHost({ folder });
  const user = process.getuid?.() === 0 ? nobody : (process.getuid?.() ?? nobody);
  const surroundings: Record<string, string> & { LIBVIRT_DEFAULT_URI: string } = {
    ...env,
    PATH: toolPath,
    LIBVIRT_AUTOSTART: '0', // or virsh starts a daemon of its own before this one answers, and it stays for two minutes
    HOME: home,
    XDG_RUNTIME_DIR: join(home, 'run'),
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_CACHE_HOME: join(home, 'cache'),
    LIBVIRT_DEFAULT_URI: host ? `qemu+unix:///system?socket=${home}/sock/libvirt-sock` : `qemu:///${mode}`,
  };
  await writeSettings(home, mode, user, host);
  const options = { env: surroundings, extendEnv: false, stdin: 'ignore', reject: false } as const;
  const asUser =
    process.getuid?.() === 0 ? ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'] : [];
  const words = mode === 'session' ? [...asUser, 'libvirtd', '-t', '0'] : systemCommand(home, host);
  const [program = '', ...args] = words;
  const log = { file: join(folder, 'libvirtd.output') };
  const daemon = execa(program, args, { ...options, stdout: log, stderr: log, killSignal: 'SIGKILL' });
  const inside = mode === 'session' ? asUser : await namespaceOf(daemon.pid);
  const run = async (tool: string, ...toolArgs: readonly string[]): Promise<Ended> => {
    const [first = '', ...rest] = [...inside, tool, ...toolArgs];
    // Tests may eject a disc with virsh; the host command never does.
    const isHostCommand = toolArgs[0]?.endsWith('/virtio-win') === true;
    const discsAreAsBefore = await watchHost(isHostCommand ? { discs: surroundings.VIRTIO_WIN_DIR } : {});
    // Without the terminal of the tests, on which virsh of Debian 13 would look for polkit.
    const own = { ...options, detached: true, timeout: 60_000 };
    const { exitCode, stdout, stderr } = await execa(first, rest, own);
    await discsAreAsBefore();
    return { exitCode, stdout, stderr };
  };
  const virsh = async (...virshArgs: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await run('virsh', '-q', ...virshArgs);
    if (exitCode !== 0) throw new Error(`virsh ${virshArgs.join(' ')}: ${stderr}`);
    return stdout;
  };
  const stop = async (): Promise<void> => {
    for (const uuid of (await run('virsh', '-q', 'list', '--uuid')).stdout.split('\n')) {
      if (uuid !== '') await run('virsh', '-q', 'destroy', uuid);
    }
    daemon.kill(mode === 'session' ? 'SIGTERM' : 'SIGKILL');
    await daemon;
    await isEmpty();
  };
  for (let tries = 0; (await run('virsh', '-q', 'uri')).exitCode !== 0; tries++) {
    if (tries > 150 || daemon.exitCode !== null) {
      await stop();
      throw new Error(`libvirtd does not answer:\n${await readFile(log.file, 'utf8')}`);
    }
    await setTimeout(100);
  }
  const isAsBefore = await watchHost({ virsh });
  return {
    uri: surroundings.LIBVIRT_DEFAULT_URI,
    user: mode === 'session' ? user : qemuUser,
    run,
    virsh,
    stop: () => isAsBefore().finally(stop),
  };
}

async function writeSettings(
  home: string,
  mode: LibvirtMode,
  user: number,
  host: LibvirtHost | undefined,
): Promise<void> {
  // libvirt tells by the time of boot whether another host remembers the owner of a file, and hosts of tests have one boot.
  const memory = host ? 'remember_owner = 0\n' : '';
  const own = host ? `host_uuid = "${host.uuid}"\nunix_sock_dir = "${home}/sock"\n` : '';
  const settings = {
    'qemu.conf': `security_driver = "none"\nstdio_handler = "file"\ncgroup_controllers = [ ]\nnamespaces = [ ]\n${memory}`,
    'libvirtd.conf': `auth_unix_rw = "none"\nlog_outputs = "3:file:${home}/libvirtd.log"\n${own}`,
  };
  for (const name of ['', 'run', 'cache', 'config', 'config/libvirt', 'sock']) {
    await mkdir(join(home, name), { recursive: true, mode: 0o700 });
    if (mode === 'session') await chown(join(home, name), user, user);
  }
  for (const [name, text] of Object.entries(settings)) {
    await writeFile(join(home, 'config/libvirt', name), text);
    await chmod(join(home, 'config/libvirt', name), 0o644);
  }
}

/** The system daemon uses fixed folders, so they are mounted in memory; all its processes end with it. */
function systemCommand(home: string, host: LibvirtHost | undefined): string[] {
  const setup = `set -e
mount --make-rprivate /
for folder in /run /var/lib /var/log /var/cache; do mount -t tmpfs tmpfs $folder; done
cp -a /etc /run/etc
mount --bind /run/etc /etc
${hideKvm('/dev/kvm')}
rm -rf /etc/libvirt
mkdir /etc/libvirt
cp "$0/config/libvirt/qemu.conf" /etc/libvirt/
sed -i '/^libvirt-qemu:/d' /etc/passwd /etc/group
echo 'libvirt-qemu:x:${qemuUser}:${qemuUser}::/nonexistent:/usr/sbin/nologin' >>/etc/passwd
echo 'libvirt-qemu:x:${qemuUser}:' >>/etc/group
${host ? `echo ${host.name} >/proc/sys/kernel/hostname\n${host.setup}` : ''}
libvirtd -t 0 -f "$0/config/libvirt/libvirtd.conf" &
wait $! # process 1 must take the dead, or libvirtd waits for QEMU for ever`;
  return [
    ...['unshare', ...(host ? ['--uts'] : []), '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'],
    ...['sh', '-c', setup, home],
  ];
}

/** Returns the command prefix that runs a program in the namespaces of the only child of `unshare`. */
async function namespaceOf(unshare: number | undefined): Promise<string[]> {
  for (let tries = 0; tries < 50; tries++) {
    const [child] = await childrenOf(unshare);
    if (child !== undefined) return ['nsenter', `--target=${child}`, '--mount', '--pid'];
    await setTimeout(100);
  }
  throw new Error('unshare started nothing');
}
