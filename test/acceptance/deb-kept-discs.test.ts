import { once } from 'node:events';
import { readFile, rm, stat } from 'node:fs/promises';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { exists } from '../../pipeline/system/files.ts';
import { type BuiltRelease, builtSample } from '../builders/built-release.ts';
import { lacksDebian } from '../builders/debian-root.ts';
import { everyFile } from '../builders/every-file.ts';
import { discsFolder as discs, makePackageHost, type PackageHost } from '../builders/package-host.ts';
import { buildSampleAs } from '../builders/renamed-sample.ts';
import { writeTree } from '../builders/tree.ts';

const iso = `${discs}/pvdisc-sample-0.1.0.iso`;
const symbols = `${discs}/pvdisc-sample-symbols-0.1.0.iso`;
const names = ['', '-symbols', '-drivers'].map((kind) => `pvdisc-sample${kind}`);
const releases = `${discs}/releases`;
const kept = '/var/lib/virtio-win/kept';
const stays = (name: string, file: string) => `${name}: ${file} is still in use, so it stays:`;

describe.skipIf(await lacksDebian())('a disc that something uses', { timeout: 300_000 }, () => {
  let host: PackageHost;
  let first: BuiltRelease;
  let second: BuiltRelease;
  let other: BuiltRelease;
  let revised: BuiltRelease;

  beforeAll(async () => {
    first = await builtSample();
    second = await buildSampleAs({ version: '0.2.0' });
    other = await buildSampleAs({ name: 'other-drivers', version: '1.0', os: ['w7'] });
    revised = await buildSampleAs({ version: '0.1.0', revision: 2, os: ['w7'] });
    host = await makePackageHost(undefined, [first, second, other, revised]);
  }, 300_000);

  afterAll(async () => {
    await host?.debian.remove();
  });

  afterEach(async () => {
    await rm(host.inside('/etc/libvirt'), { recursive: true, force: true });
    await host.debian.run(
      'dpkg',
      '--purge',
      ...names,
      'other-drivers',
      'other-drivers-symbols',
      'other-drivers-drivers',
    );
    expect(await everyFile(host.debian.folder)).toEqual(host.clean);
  });

  /** A process that keeps a file of the host open until `end` or the end of the test. */
  async function hold(file: string) {
    const holder = execa('sh', ['-c', 'exec 3<"$0"; echo open; exec sleep 600', host.inside(file)], {
      reject: false,
      cleanup: true,
    });
    await once(holder.stdout, 'data');
    const end = async () => {
      holder.kill();
      await holder;
    };
    onTestFinished(end);
    const { ino } = await stat(host.inside(file));
    return { line: `  process ${holder.pid} (sleep)`, pid: holder.pid, ino, end };
  }

  const configure = (guest: string, file: string) =>
    writeTree(host.inside('/etc/libvirt/qemu'), {
      [`${guest}.xml`]: `<domain><disk device='cdrom'><source file='${file}'/></disk></domain>\n`,
    });
  const inodeOf = async (file: string) => (await stat(host.inside(file))).ino;
  const isThere = (file: string) => exists(host.inside(file));
  const keptList = () => readFile(host.inside(kept), 'utf8');

  test('outlives an upgrade at its path, until nothing uses it', async () => {
    await host.install(first);
    const [disc, pdbs] = [await hold(iso), await hold(symbols)];
    const said = await host.install(second);
    expect(said).toContain(`${stays('pvdisc-sample', iso)}\n${disc.line}\npvdisc-sample: eject it there`);
    expect(said).toContain(`${stays('pvdisc-sample-symbols', symbols)}\n${pdbs.line}\n`);
    expect(await keptList()).toBe(`${iso}\n${symbols}\n`);
    expect([await inodeOf(iso), await inodeOf(symbols)]).toEqual([disc.ino, pdbs.ino]);
    expect(await isThere(`${iso}.kept`)).toBe(false);
    expect(await host.choice(`${discs}/virtio-win.iso`)).toBe(`${discs}/pvdisc-sample-0.2.0.iso`);
    expect(await host.debian.run('update-alternatives', '--list', 'virtio-win.iso')).toBe(
      `${discs}/pvdisc-sample-0.2.0.iso`,
    );
    expect(await host.debian.hear('dpkg', '-V', ...names)).toBe('');

    await pdbs.end();
    expect(await host.install(other)).toContain(`removed ${symbols}, which nothing uses any more`);
    expect(await keptList()).toBe(`${iso}\n`);
    expect(await inodeOf(iso)).toBe(disc.ino);

    await disc.end();
    expect(await host.debian.run('virtio-win', 'prune')).toBe(`${iso}: removed`);
    expect(await isThere(iso)).toBe(false);
    expect(await isThere(kept)).toBe(false);
  });

  test('comes back from its second name where its own was deleted, since guests still name it', async () => {
    await host.install(first);
    await configure('win11', iso);
    const inode = await inodeOf(iso);
    await rm(host.inside(iso));
    expect(await host.install(second)).toContain(`${stays('pvdisc-sample', iso)}\n  guest win11\n`);
    expect(await inodeOf(iso)).toBe(inode);
    await rm(host.inside('/etc/libvirt'), { recursive: true });
    expect(await host.debian.run('virtio-win', 'prune')).toBe(`${iso}: removed`);
  });

  test('is replaced by a new Debian revision of its version, which says who still has the old contents', async () => {
    await host.install(first);
    const disc = await hold(iso);
    await configure('win11', iso);
    const said = await host.install(revised);
    expect(said).toContain(
      `pvdisc-sample: ${iso} has other contents now; the old ones remain for programs that have it open, until they close it:\n  guest win11\n${disc.line}\n`,
    );
    expect(await inodeOf(iso)).not.toBe(disc.ino);
    expect(await isThere(`${iso}.kept`)).toBe(false);
    expect(await isThere(kept)).toBe(false);
    expect(await host.install(revised)).not.toContain('other contents');
  });

  test('stays for guests of users, for snapshots and for saved states', async () => {
    const xml = `<domain><disk><source file='${iso}'/></disk></domain>`;
    await host.install(first);
    const files = {
      'home/u/.config/libvirt/qemu/own.xml': xml,
      'var/lib/libvirt/qemu/snapshot/win10/before.xml': xml,
      'var/lib/libvirt/qemu/save/win8.save': `LibvirtQemudSave\0${xml}\0${'memory'.repeat(1000)}`,
      'home/v/.config/libvirt/qemu/none.xml': xml.replace('.iso', '.img'),
    };
    await writeTree(host.inside('/'), files);
    const said = await host.install(second);
    expect(said).toContain(
      `${stays('pvdisc-sample', iso)}\n  guest own\n  saved state of guest win8\n  snapshot before of guest win10\n`,
    );
    for (const folder of ['home/u', 'home/v', 'var/lib/libvirt'])
      await rm(host.inside(folder), { recursive: true });
    expect(await host.debian.run('virtio-win', 'prune')).toBe(`${iso}: removed`);
  });

  test('outlives the removal of its package, and goes when another package is installed', async () => {
    await host.install(first);
    await configure('win11', iso);
    await configure('win10', `${iso}.bak`);
    const { ino } = await stat(host.inside(iso));
    const said = await host.remove(...names);
    expect(said).toContain(`${stays('pvdisc-sample', iso)}\n  guest win11\n`);
    expect(said).not.toContain('win10');
    expect(said).toContain('apt purge pvdisc-sample then removes it');
    expect(await inodeOf(iso)).toBe(ino);
    expect(await isThere(symbols)).toBe(false);
    expect(await isThere(`${discs}/virtio-win.iso`)).toBe(false);

    await host.install(other);
    expect(await isThere(iso)).toBe(true);
    await rm(host.inside('/etc/libvirt'), { recursive: true });
    expect(await host.remove('other-drivers')).toContain(
      `other-drivers: removed ${iso}, which nothing uses any more`,
    );
    expect(await isThere('/var/lib/virtio-win')).toBe(false);
  });

  test('goes when its package is purged, which says who used it, and can be read on', async () => {
    await host.install(first);
    const disc = await hold(iso);
    await host.remove(...names);
    expect(await inodeOf(iso)).toBe(disc.ino);
    expect(await host.purge('pvdisc-sample')).toContain(
      `pvdisc-sample: removed ${iso}; who has it open can read on until it closes it:\n${disc.line}`,
    );
    expect(await isThere(discs)).toBe(false);
    const bytes = await readFile(`/proc/${disc.pid}/fd/3`);
    expect(bytes.length).toBe(first.record.iso.size);
  });

  test('belongs to its package again when that is installed again', async () => {
    await host.install(first);
    await configure('win11', iso);
    await host.install(second);
    expect(await keptList()).toBe(`${iso}\n`);
    await host.install(first);
    expect(await isThere(kept)).toBe(false);
    expect(await isThere(`${discs}/pvdisc-sample-0.2.0.iso`)).toBe(false);
    expect(await host.debian.hear('dpkg', '-V', ...names)).toBe('');
    expect(await host.debian.run('dpkg', '-S', iso)).toBe(`pvdisc-sample: ${iso}`);
  });

  test('is not spoken of when the same version is installed again, or an upgrade fails', async () => {
    await host.install(first);
    const disc = await hold(iso);
    expect(await host.install(first)).not.toContain('still in use');
    expect(await isThere(kept)).toBe(false);
    await disc.end();

    const { ino } = await hold(iso);
    await host.debian.run('dpkg-deb', '-R', '/tmp/pvdisc-sample_0.2.0-1_all.deb', '/tmp/broken');
    await host.debian.run(
      'sh',
      '-c',
      'cd /tmp/broken/DEBIAN; echo "#!/bin/false" >preinst; chmod 755 preinst',
    );
    expect(
      await host.debian.hear('sh', '-c', 'cd /tmp; dpkg-deb -b broken >/dev/null; dpkg -i broken.deb'),
    ).toContain('pre-installation script subprocess returned error');
    await host.debian.run('rm', '-r', '/tmp/broken', '/tmp/broken.deb');
    expect(await inodeOf(iso)).toBe(ino);
    expect(await isThere(`${iso}.kept`)).toBe(false);
    expect(await isThere(kept)).toBe(false);
  });

  test('is kept by scripts under a strict umask, without output, in folders that are links, whatever the list says', async () => {
    await host.debian.run(
      'sh',
      '-c',
      `mkdir -p /srv/discs /srv/kept; ln -s ../../srv/discs ${discs}; ln -s ../../srv/kept /var/lib/virtio-win`,
    );
    const precious = `${discs}/precious.txt`;
    await host.debian.run(
      'sh',
      '-c',
      `echo keep >${precious}; printf '%s\\n' ${precious} ${discs}/virtio-win.iso /etc/passwd -rf '*' >${kept}`,
    );
    const hostile =
      'umask 077; export IFS=/ LC_ALL=xx POSIXLY_CORRECT=1 TMPDIR=/nonexistent discs=/etc state=/etc spare=/etc file=/etc/passwd';
    const debs = '/tmp/pvdisc-sample_0.1.0-1_all.deb /tmp/pvdisc-sample-symbols_0.1.0-1_all.deb';
    await host.debian.run('sh', '-c', `${hostile}; dpkg -i ${debs} <&- >&- 2>&-`);
    expect(await host.choice(`${discs}/virtio-win.iso`)).toBe(iso);
    expect(await readFile(host.inside('/srv/discs/precious.txt'), 'utf8')).toBe('keep\n');
    const { mode } = await stat(host.inside(`${releases}/pvdisc-sample-symbols`));
    expect(mode & 0o7777).toBe(0o755);
    await writeTree(host.inside('/home/u/.config/libvirt/qemu'), {
      'a\n  process 1 (init)\x1b]0;b\x07\xc2\x9bé.xml': `<source file='${iso}'/>`,
    });
    await host.debian.run('mkfifo', '/home/u/.config/libvirt/qemu/fifo.xml');
    await host.debian.run('ln', '-s', '/dev/zero', '/home/u/.config/libvirt/qemu/zero.xml');
    await host.debian.run('sh', '-c', `${hostile}; dpkg --remove pvdisc-sample <&- >&- 2>&-`);
    expect(await readFile(host.inside('/srv/kept/kept'), 'utf8')).toBe(`${iso}\n`);
    expect((await stat(host.inside('/srv/kept/kept'))).mode & 0o7777).toBe(0o644);
    expect(await host.purge('pvdisc-sample')).toContain('\n  guest a?  process 1 (init)?]0;b?');
    await host.debian.run('dpkg', '--purge', ...names);
    expect(await host.debian.run('ls', '/srv/discs', '/srv/kept')).toBe(
      '/srv/discs:\nprecious.txt\n\n/srv/kept:',
    );
    await host.debian.run('rm', '-rf', discs, '/var/lib/virtio-win', '/srv/discs', '/srv/kept', '/home/u');
  });

  test.each(['preinst', 'postinst'])(
    'is settled after dpkg was killed in %s, and where its list could not be written',
    async (script) => {
      await host.install(first);
      const disc = await hold(iso);
      const kill = `printf '#!/bin/sh\\nkill -9 $PPID\\n' >${script}; chmod 755 ${script}`;
      await host.debian.run(
        'sh',
        '-ec',
        `dpkg-deb -R /tmp/pvdisc-sample_0.2.0-1_all.deb /tmp/killing; cd /tmp/killing/DEBIAN; ${kill}; dpkg-deb -b /tmp/killing /tmp/killing.deb`,
      );
      await host.debian.hear('dpkg', '-i', '/tmp/killing.deb');
      expect(await inodeOf(`${iso}.kept`)).toBe(disc.ino);
      // The second name of the disc is not lost where the list cannot be written.
      await writeTree(host.inside('/'), { 'var/lib/virtio-win': 'no folder' });
      expect(await host.debian.hear('dpkg', '-i', '/tmp/pvdisc-sample_0.2.0-1_all.deb')).toContain(
        'post-installation script subprocess returned error',
      );
      expect(await inodeOf(`${iso}.kept`)).toBe(disc.ino);
      await rm(host.inside('/var/lib/virtio-win'));
      expect(await host.debian.hear('dpkg', '--configure', '-a')).toContain(
        `${stays('pvdisc-sample', iso)}\n${disc.line}\n`,
      );
      expect(await inodeOf(iso)).toBe(disc.ino);
      expect(await keptList()).toBe(`${iso}\n`);
      expect(await host.debian.hear('dpkg', '-V', 'pvdisc-sample')).toBe('');
      await host.debian.run('rm', '-r', '/tmp/killing', '/tmp/killing.deb');
      await disc.end();
      await host.debian.run('virtio-win', 'prune');
    },
  );

  test('is kept by the new version where the prerm of the old one fails', async () => {
    await host.install(first);
    const disc = await hold(iso);
    await host.debian.run('sh', '-c', 'echo "#!/bin/false" >/var/lib/dpkg/info/pvdisc-sample.prerm');
    const said = await host.install(second);
    expect(said).toContain('trying script from the new package instead');
    expect(said).toContain(`${stays('pvdisc-sample', iso)}\n${disc.line}\n`);
    expect(await inodeOf(iso)).toBe(disc.ino);
  });
});
