import { chmod, chown, cp, link, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ended, type Libvirt, startLibvirt } from '../builders/libvirt.ts';
import { lacksTool } from '../builders/needs.ts';
import { writeDisc } from '../host-command/host.ts';

const isSkipped = lacksTool(
  ...['libvirtd', 'virsh', 'virt-install', 'qemu-system-x86_64', 'qemu-nbd', 'setpriv'],
);
const release = 'virtio-win-1.0';

// The folder of the discs belongs to the user of this libvirt, who may delete there what that of the machine, as root, may on a host.
describe.skipIf(isSkipped)('storage pools of a real libvirt', { timeout: 120_000 }, () => {
  let folder: string;
  let libvirt: Libvirt;
  let discs: string;
  let iso: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pvdisc-pools-'));
    await chmod(folder, 0o755);
    await cp(join(import.meta.dirname, '../../debian/host'), join(folder, 'host'), { recursive: true });
    discs = join(folder, 'discs');
    await mkdir(join(discs, 'releases', 'virtio-win'), { recursive: true });
    iso = await writeDisc(discs, release, { bytes: Buffer.alloc(4096) });
    await link(iso, join(discs, 'releases/virtio-win', `${release}.iso`));
    libvirt = await startLibvirt('session', folder, { VIRTIO_WIN_DIR: discs });
    await chown(discs, libvirt.user, libvirt.user).catch(() => undefined);
  }, 60_000);

  afterAll(async () => {
    await libvirt?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  const command = (...args: string[]): Promise<Ended> =>
    libvirt.run('sh', join(folder, 'host/virtio-win'), ...args);
  const shell = (text: string): Promise<Ended> => libvirt.run('sh', '-ec', text);
  const pools = () => libvirt.virsh('pool-list', '--all', '--name');
  const verdict = async () => JSON.parse((await command('verify', '--json')).stdout)[0];

  /** Defines the guest that virt-install makes with these arguments, and runs `between` before it goes with all its storage. */
  async function installAndUndefine(drive: string, between = async () => {}): Promise<string> {
    const usual =
      '--virt-type qemu --osinfo win10 --name w --memory 64 --disk none --import --network none --graphics none';
    const { exitCode, stdout, stderr } = await shell(`virt-install ${usual} --print-xml ${drive}`);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    await writeFile(join(folder, 'w.xml'), stdout);
    await libvirt.virsh('define', '--validate', join(folder, 'w.xml'));
    await between();
    const undefined_ = await libvirt.run('virsh', 'undefine', 'w', '--remove-all-storage');
    return undefined_.stdout + undefined_.stderr;
  }

  const snippet = async () => {
    const { stdout } = await command('snippet', 'virt-install');
    const [argument = ''] = stdout.split('\n').filter((line) => !line.startsWith('#'));
    return argument.replaceAll(/source\.seclabel0\.\w+=\w+,/g, '');
  };

  test('the snippet makes none, and the disc outlives a guest that goes with all its storage', async () => {
    expect(await pools()).toBe('');
    const said = await installAndUndefine(await snippet(), async () => {
      expect((await command('status', 'w')).stdout).toContain(release);
    });
    expect(said).toContain(`(${iso}) is not managed by libvirt`);
    expect(await pools()).toBe('');
    expect(await verdict()).toMatchObject({ good: true, pools: [] });
  });

  test('a pool on the folder takes the disc away: it is warned of, removed as told, and the disc comes back', async () => {
    let remedy = 'false';
    const said = await installAndUndefine(`--disk path=${iso},device=cdrom,readonly=on`, async () => {
      expect(await pools()).toMatch(/^discs\s*$/);
      const { exitCode, stderr } = await command('attach', 'w');
      expect({ exitCode, stderr }).toEqual({
        exitCode: 0,
        stderr: expect.stringContaining(`${discs} is the storage pool 'discs' of qemu:///session: `),
      });
      remedy = /leaves the files: (.*)$/m.exec(stderr)?.[1] ?? 'false';
      expect(await verdict()).toMatchObject({ good: true, pools: [{ name: 'discs', path: discs }] });
    });
    expect(said).toContain(`(${iso}) removed`);

    const { exitCode, stderr } = await command('verify');
    expect(exitCode).toBe(1);
    // Only the owner of a file may link it (fs.protected_hardlinks).
    await execa('sh', ['-ec', /as root, type: (.*)$/m.exec(stderr)?.[1] ?? 'false']);
    expect(await shell(remedy)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await pools()).toBe('');
    expect(await verdict()).toMatchObject({ good: true, pools: [] });
    expect(await installAndUndefine(await snippet())).toContain('is not managed by libvirt');
    expect(await verdict()).toMatchObject({ good: true });
  });

  test('a disc given as a volume or over NBD is seen, and not added a second time', async () => {
    const [one, two] = ['named', 'unnamed'].map((name) => join(folder, 'libvirt/run', `${name}.socket`));
    const served = [
      libvirt.run('qemu-nbd', '-r', '-e', '8', '-f', 'raw', '-x', release, '-k', one ?? '', iso),
      libvirt.run('qemu-nbd', '-r', '-e', '8', '-f', 'raw', '-k', two ?? '', iso),
    ];
    await libvirt.virsh('pool-define-as', 'elsewhere', 'dir', '--target', discs);
    await libvirt.virsh('pool-start', 'elsewhere');
    const sources = {
      volume: `<source pool='elsewhere' volume='${release}.iso'/>`,
      named: `<source protocol='nbd' name='${release}'><host transport='unix' socket='${one}'/></source>`,
      unnamed: `<source protocol='nbd'><host transport='unix' socket='${two}'/></source>`,
    };
    for (const [name, source] of Object.entries(sources)) {
      const type = name === 'volume' ? 'volume' : 'network';
      await writeFile(
        join(folder, 'w.xml'),
        `<domain type='qemu'><name>${name}</name><memory unit='MiB'>64</memory><os><type machine='q35'>hvm</type></os><devices>
<disk type='${type}' device='cdrom'>${source}<target dev='sda' bus='sata'/><readonly/></disk>
<disk type='file' device='cdrom'><target dev='sdb' bus='sata'/><readonly/></disk>
</devices></domain>`,
      );
      await libvirt.virsh('define', '--validate', join(folder, 'w.xml'));
      await libvirt.virsh('start', name, '--paused');
      const words = ['at the next start', 'now'].map(
        (when) => `${name}: ${release} is already in sda (sata), ${when}`,
      );
      expect((await command('attach', name)).stdout.split('\n')).toEqual(words);
      expect((await command('leftover')).stdout).toContain(`${name} `);
      expect(await command('eject', name)).toMatchObject({ exitCode: 0 });
      expect(await libvirt.virsh('domblklist', name)).toMatch(/^\s*sda\s+-\n\s*sdb\s+-\s*$/);
      await libvirt.virsh('destroy', name);
      await libvirt.virsh('undefine', name);
    }
    await libvirt.virsh('pool-destroy', 'elsewhere');
    await libvirt.virsh('pool-undefine', 'elsewhere');
    for (const ended of await Promise.all(served)) expect(ended).toMatchObject({ exitCode: 0 });
  });
});
