import { createHash } from 'node:crypto';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { lacksTool, toolPath } from '../builders/needs.ts';
import { addXl } from './fake-xl.ts';
import { type Host, installDisc, makeHost, shells } from './host.ts';

/** virt-install itself escapes & and quotes twice, so it gets another odd name. */
async function hostWithOddPath(name = "it's, odd & <big>"): Promise<{ host: Host; path: string }> {
  const host = await makeHost();
  const odd = join(host.folder, name);
  await symlink(host.discs, odd);
  host.env.VIRTIO_WIN_DIR = odd;
  await installDisc(host, 'virtio-win-1.0');
  return { host, path: join(odd, 'virtio-win-1.0.iso') };
}

describe.skipIf(lacksTool('dash', 'busybox'))('snippet', () => {
  describe.each(shells)('in %s', (shell) => {
    test.each([
      {
        kind: 'libvirt',
        has: ["startupPolicy='optional'", "<seclabel model='dac' relabel='no'/>", "dev='sdb'", '<readonly/>'],
      },
      { kind: 'qemu', has: ['-drive file=', ',format=raw,media=cdrom,readonly=on'] },
      {
        kind: 'virt-install',
        has: ['device=cdrom,readonly=on', 'source.seclabel0.relabel=no', 'xpath1.set=./source/@file'],
      },
      { kind: 'virt-v2v', has: ['export VIRTIO_WIN=/', 'virtio-win show OS ARCH'] },
      { kind: 'xl', has: ['vdev=hdd, access=ro, devtype=cdrom, target='] },
      { kind: 'channel', has: ["name='org.qemu.guest_agent.0'", 'virsh console GUEST'] },
      { kind: 'grub', has: ['console=hvc0', 'menuentry '] },
      { kind: 'xe', has: ['xe vm-cd-insert vm=GUEST cd-name=virtio-win-1.0.iso', 'type=iso', '#   scp /'] },
      { kind: 'proxmox', has: ['qm set VMID --ide3 local:iso/virtio-win-1.0.iso,media=cdrom'] },
      { kind: 'incus', has: ['disk source=', ' readonly=true io.bus=usb', 'API extension disk_io_bus_usb'] },
      { kind: 'kubevirt', has: ['ADD --chown=107:107 virtio-win-1.0.iso /disk/', 'bus: sata'] },
      {
        kind: 'packer',
        has: ['["--drive", "file=', ',if=ide,index=3,media=cdrom,readonly=on"]', 'PKR_VAR_virtio_win_iso=/'],
      },
      { kind: 'iscsi', has: ['serve --iscsi ADDRESS:3260', "name='iqn.2024-08.internal.virtio-win:"] },
      { kind: 'nbd', has: ['serve --nbd ADDRESS:10809', 'file.reconnect-delay=3600'] },
      {
        kind: 'http',
        has: ['busybox httpd -f -p ADDRESS:8080', "protocol='http' name='/virtio-win-1.0.iso'"],
      },
      { kind: 'maas', has: ['bsdtar -x -C drivers -f /'] },
      {
        kind: 'libvirt-pool',
        has: ['virsh pool-define-as virtio-win dir --target /var/lib', 'virsh vol-upload --pool virtio-win '],
      },
      {
        kind: 'incus-volume',
        has: ['incus storage volume import default /', ' virtio-win-1-0 --type=iso\n'],
      },
      { kind: 'cloudstack', has: ['cmk register iso name=virtio-win-1.0 ', 'bootable=false'] },
      { kind: 'glance', has: ['openstack image create --disk-format iso --container-format bare --file /'] },
    ])('$kind names the disc of this host', async ({ kind, has }) => {
      const host = await makeHost();
      const path = await installDisc(host, 'virtio-win-1.0');
      const { exitCode, stdout, stderr } = await host.run(shell, 'snippet', kind);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      for (const words of has) expect(stdout).toContain(words);
      if (kind === 'channel' || kind === 'grub') return;
      const named = kind === 'proxmox' || kind === 'packer' || kind === 'incus' ? path : 'virtio-win-1.0';
      expect(stdout).toContain(named);
    });
  });

  test.skipIf(lacksTool('virt-xml-validate', 'xmllint'))('libvirt: the XML is valid in a guest', async () => {
    const { host } = await hostWithOddPath();
    const { stdout } = await host.run('dash', 'snippet', 'libvirt');
    const xml = `<domain type='kvm'><name>x</name><memory>1</memory><os><type>hvm</type></os><devices>${stdout}</devices></domain>`;
    await writeFile(join(host.folder, 'x.xml'), xml);
    await execa('virt-xml-validate', [join(host.folder, 'x.xml'), 'domain'], { env: { PATH: toolPath } });
  });

  test.skipIf(lacksTool('virt-xml-validate', 'xmllint'))('channel: valid for KVM and for Xen', async () => {
    const { host } = await hostWithOddPath();
    const { stdout } = await host.run('dash', 'snippet', 'channel');
    for (const devices of [stdout, stdout.replace(/(type|model)='virtio'/g, "$1='xen'")]) {
      const xml = `<domain type='xen'><name>x</name><memory>1</memory><os><type>hvm</type></os><devices>${devices}</devices></domain>`;
      await writeFile(join(host.folder, 'x.xml'), xml);
      await execa('virt-xml-validate', [join(host.folder, 'x.xml'), 'domain'], { env: { PATH: toolPath } });
    }
  });

  test.skipIf(lacksTool('grub-script-check'))('grub: GRUB reads it', async () => {
    const { host } = await hostWithOddPath();
    const { stdout } = await host.run('dash', 'snippet', 'grub');
    await execa('grub-script-check', { input: stdout, env: { PATH: toolPath } });
  });

  test.skipIf(lacksTool('jq'))(
    'xl: one image and one disc, PV as it is, HVM with the other lines',
    async () => {
      const { host, path } = await hostWithOddPath();
      const { stdout } = await host.run('dash', 'snippet', 'xl');
      const disc = { vdev: 'hdd', pdev_path: path, is_cdrom: 1 };
      for (const type of ['pv', 'hvm']) {
        const text =
          type === 'pv'
            ? stdout
            : stdout
                .replace(/^(type = "pv"|kernel = .*)$/gm, '#$1')
                .replace(/^#(type = "hvm"|boot = "c")$/gm, '$1');
        const folder = await addXl(host, [], { 'x.cfg': text });
        const parsed = JSON.parse(
          (await execa(join(host.bin, 'xl'), ['-N', 'create', '-d', join(folder, 'x.cfg')])).stdout,
        );
        expect(parsed.c_info.type).toBe(type);
        expect(parsed.disks).toMatchObject([{ vdev: 'xvda', readwrite: 1 }, disc]);
      }
    },
  );

  test.skipIf(lacksTool('qemu-system-x86_64'))(
    'qemu: it opens the disc, read-only, at the odd path',
    async () => {
      const { host, path } = await hostWithOddPath();
      const { stdout } = await host.run('dash', 'snippet', 'qemu');
      const line = stdout
        .split('\n')
        .filter((word) => !word.startsWith('#'))
        .join(' ');
      const command = `printf 'info block\\nquit\\n' | qemu-system-x86_64 -M q35,accel=tcg -S -display none -monitor stdio ${line}`;
      const { stdout: blocks } = await execa('sh', ['-c', command], {
        env: { PATH: toolPath },
        timeout: 120_000,
      });
      expect(blocks).toContain(path);
      expect(blocks).toMatch(/\(raw, read-only\)/);
    },
  );

  test.skipIf(lacksTool('qemu-system-x86_64'))(
    'packer: beside IDE drives of its own, in whatever order it writes them',
    async () => {
      const { host, path } = await hostWithOddPath('odd, & "path"');
      const { stdout } = await host.run('dash', 'snippet', 'packer');
      const [option = '', value = ''] = JSON.parse(/\[("--.*")\]/.exec(stdout)?.[0] ?? '[]');
      const own = ['hd.raw', 'windows.iso', 'files.iso'].map((file) => join(host.folder, file));
      for (const file of own) await writeFile(file, 'a file');
      const theirs = own.flatMap((file, at) => [
        '-drive',
        `file=${file},format=raw,${at === 0 ? 'if=ide' : 'media=cdrom'}`,
      ]);
      for (const machine of ['pc', 'q35']) {
        for (const drives of [
          [...theirs, option, value],
          [option, value, ...theirs],
        ]) {
          const args = [
            '-M',
            `${machine},accel=tcg`,
            '-S',
            '-display',
            'none',
            '-monitor',
            'stdio',
            ...drives,
          ];
          const { stdout: blocks } = await execa('qemu-system-x86_64', args, {
            env: { PATH: toolPath },
            input: 'info block\nquit\n',
            timeout: 120_000,
          });
          expect(blocks).toContain(`${path} (raw, read-only)`);
          for (const file of own) expect(blocks).toContain(file);
        }
      }
    },
  );

  test.skipIf(lacksTool('virt-install'))('virt-install: it makes a read-only CD drive of it', async () => {
    const { host, path } = await hostWithOddPath('odd, \\ path=x');
    const { stdout } = await host.run('dash', 'snippet', 'virt-install');
    const line = stdout
      .split('\n')
      .filter((word) => !word.startsWith('#'))
      .join(' ');
    const command = `virt-install --connect test:///default --name w --memory 64 --osinfo win10 --import --network none --graphics none --print-xml ${line}`;
    const { stdout: xml } = await execa('sh', ['-c', command], {
      env: { PATH: toolPath, HOME: host.folder },
    });
    expect(xml).toContain(`<source startupPolicy="optional" file="${path}">`);
    expect(xml).toContain('<seclabel model="dac" relabel="no"/>');
    expect(xml).toContain('<readonly/>');
  });

  test.skipIf(lacksTool('virt-xml-validate', 'xmllint'))(
    'iscsi, nbd, http: the XML is valid in a guest',
    async () => {
      const { host } = await hostWithOddPath();
      for (const kind of ['iscsi', 'nbd', 'http']) {
        const { stdout } = await host.run('dash', 'snippet', kind);
        const xml = `<domain type='kvm'><name>x</name><memory>1</memory><os><type>hvm</type></os><devices>${stdout.replace(/^#.*\n/gm, '')}</devices></domain>`;
        await writeFile(join(host.folder, 'x.xml'), xml);
        await execa('virt-xml-validate', [join(host.folder, 'x.xml'), 'domain'], { env: { PATH: toolPath } });
      }
    },
  );

  test.skipIf(lacksTool('findmnt'))('nfs: findmnt reads the line of fstab, with the odd path', async () => {
    const { host, path } = await hostWithOddPath('odd # path');
    const { stdout } = await host.run('dash', 'snippet', 'nfs');
    await writeFile(join(host.folder, 'fstab'), `${stdout}\n`);
    const columns = ['--tab-file', join(host.folder, 'fstab'), '--json', '--output', 'SOURCE,FSTYPE,OPTIONS'];
    const { stdout: mounts } = await execa('findmnt', columns, { env: { PATH: toolPath } });
    const options = 'ro,nodev,nosuid,noexec,soft,_netdev';
    expect(JSON.parse(mounts).filesystems).toEqual([
      { source: `ADDRESS:${join(path, '..')}`, fstype: 'nfs', options },
    ]);
  });

  test.skipIf(lacksTool('dnsmasq'))('uefi-http: dnsmasq accepts it', async () => {
    const host = await makeHost();
    await installDisc(host, 'virtio-win-1.0');
    const { stdout } = await host.run('dash', 'snippet', 'uefi-http');
    await writeFile(join(host.folder, 'dnsmasq.conf'), stdout);
    const check = ['--test', `--conf-file=${join(host.folder, 'dnsmasq.conf')}`];
    const { stderr } = await execa('dnsmasq', check, { env: { PATH: toolPath } });
    expect(stderr).toContain('syntax check OK');
  });

  test('ipxe: the drivers of one Windows that it loads, for Windows Setup; nothing without the unpacked ones', async () => {
    const host = await makeHost();
    await installDisc(host, 'virtio-win-1.0');
    expect(await host.run('dash', 'snippet', 'ipxe', 'w11', 'amd64')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('apt-get install virtio-win-drivers'),
    });
    const tree = 'releases/virtio-win/drivers/loadable';
    const folder = join(host.discs, tree, 'viostor/w11/amd64');
    await mkdir(folder, { recursive: true });
    for (const name of ['viostor.inf', 'viostor.sys']) await writeFile(join(folder, name), name);
    const { stdout } = await host.run('dash', 'snippet', 'ipxe', 'w11', 'x64');
    expect(stdout).toMatch(/^#!ipxe\n/);
    expect(stdout).toContain('#   drvload X:\\Windows\\System32\\viostor.inf\n#   wpeinit');
    expect(stdout.match(/^initrd .*viostor.*/gm)).toEqual(
      ['viostor.inf', 'viostor.sys'].map(
        (name) => `initrd --name ${name} \${server}/${tree}/viostor/w11/amd64/${name} ${name}`,
      ),
    );
    expect(await host.run('dash', 'snippet', 'ipxe', 'w7', 'x86')).toMatchObject({ exitCode: 1, stdout: '' });
    expect(await host.run('dash', 'snippet', 'ipxe', 'w11', 'mips')).toMatchObject({
      exitCode: 2,
      stdout: '',
    });
  });

  test('kubevirt: what is no comment is YAML', async () => {
    const { host } = await hostWithOddPath();
    const { domain, volumes } = parse((await host.run('dash', 'snippet', 'kubevirt')).stdout);
    expect(domain.devices.disks[0]).toEqual({ name: 'virtio-win', cdrom: { bus: 'sata', readonly: true } });
    // The tag that publish --oci makes: the version of the package.
    expect(volumes[0].containerDisk.image).toBe('REGISTRY/REPOSITORY:1.0-1');
  });

  test.skipIf(lacksTool('virsh'))('libvirt-pool: virsh takes each command', async () => {
    const { host } = await hostWithOddPath();
    const { stdout } = await host.run('dash', 'snippet', 'libvirt-pool');
    const commands = stdout.match(/(?<=^virsh ).*$/gm) ?? [];
    expect(commands).toHaveLength(6);
    const { stdout: said, stderr } = await execa('virsh', ['-c', 'test:///default', commands.join('; ')], {
      reject: false,
      detached: true, // from the terminal of the tests, on which virsh of Debian 13 would look for polkit
    });
    expect(said).toMatch(/defined\n+.*built\n+.*started\n+.*autostarted\n+.*created/);
    // The driver for tests keeps no content.
    expect(stderr).toMatch(/^error: cannot upload to volume virtio-win-1\.0\.iso\nerror: .*not supported.*$/);
  });

  test('cloudstack: the parameters are those of registerIso, and the checksum is that of the disc', async () => {
    const { host, path } = await hostWithOddPath();
    const { stdout } = await host.run('dash', 'snippet', 'cloudstack');
    const { stdout: words } = await execa('sh', ['-c', `cmk() { printf '%s\\n' "$@"; }\n${stdout}`]);
    const [verb, noun, ...given] = words.split('\n');
    expect([verb, noun]).toEqual(['register', 'iso']);
    const parameters = Object.fromEntries(given.map((word) => word.split(/=(.*)/s, 2)));
    // https://cloudstack.apache.org/api/apidocs-4.19/apis/registerIso.html; a bootable ISO needs an ostypeid.
    expect(Object.keys(parameters)).toEqual(['name', 'displaytext', 'url', 'zoneid', 'bootable', 'checksum']);
    const sha256 = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
    expect(parameters).toMatchObject({
      displaytext: 'Drivers of virtio-win',
      bootable: 'false',
      checksum: `{SHA-256}${sha256}`,
    });
  });

  test('incus, proxmox, xe and virt-v2v: one word of a shell for the odd path', async () => {
    const { host, path } = await hostWithOddPath();
    const { stdout: exported } = await host.run('dash', 'snippet', 'virt-v2v');
    const { stdout: shown } = await execa('sh', ['-c', `${exported}\nprintf %s "$VIRTIO_WIN"`]);
    expect(shown).toBe(path);
    for (const kind of ['incus', 'proxmox', 'xe', 'incus-volume', 'glance']) {
      const { stdout } = await host.run('dash', 'snippet', kind);
      const echo =
        'for command in incus ln qm xe openstack; do eval "$command() { printf \'%s\\n\' \\"\\$@\\"; }"; done\n';
      const { stdout: words } = await execa('sh', ['-c', echo + stdout]);
      expect(words).toContain(kind === 'xe' ? join(path, '..') : path);
    }
    expect(await readFile(path, 'utf8')).toBe('disc virtio-win-1.0\n');
  });
});
