import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lacksTool } from '../builders/needs.ts';
import { addXenstore, addXl, refuseXl, type XlDisk, xlCalls, xlDisks } from './fake-xl.ts';
import { forXen, type Host, installDisc, makeHost, shells, writeProgram } from './host.ts';

const uuid = '11111111-2222-4333-8444-555555555555';
const system: XlDisk = { vdev: 'xvda', pdev_path: '/dev/vg/win', readwrite: 1 };
const tray: XlDisk = { vdev: 'hdc', pdev_path: '', is_cdrom: 1 };

const config = (type: string, disks: string) => `# the guest's own file
name = "win" # as in the inventory
type = "${type}"
memory = 64
disk = [
  'phy:/dev/vg/win,xvda,w', # system, never touch
${disks}]
vif = [ 'bridge=xenbr0, script="x"' ]
`;

async function dom0(
  type: 'pv' | 'hvm' | 'pvh',
  disks: readonly XlDisk[] | undefined,
  text?: string,
): Promise<{ host: Host; disc: string; file: string }> {
  const host = await makeHost();
  const disc = await installDisc(host, 'virtio-win-1.0', forXen);
  const guests = disks === undefined ? [] : [{ name: 'win', uuid, type, disks }];
  const folder = await addXl(host, guests, text === undefined ? {} : { 'win.cfg': text });
  return { host, disc, file: join(folder, 'win.cfg') };
}

const good = (stdout: string) => ({ exitCode: 0, stdout, stderr: '' });

describe.skipIf(lacksTool('dash', 'busybox', 'jq'))('guests of xl', () => {
  describe.each(shells)('in %s', (shell) => {
    test('HVM: the empty tray of the running guest and of its file, once', async () => {
      const { host, disc, file } = await dom0(
        'hvm',
        [system, tray],
        config('hvm', "  'vdev=hdc,devtype=cdrom',\n"),
      );
      const inserted = `win: virtio-win-1.0 is in hdc (ide), at the next start\nwin: virtio-win-1.0 is in hdc (ide), now`;
      expect(await host.run(shell, 'attach', 'win')).toEqual(good(inserted));
      expect(await xlCalls(host)).toEqual([`cd-insert\t1\thdc\t${disc}`]);
      const with_ = `  'format=raw, vdev=hdc, access=ro, devtype=cdrom, target=${disc}',\n`;
      expect(await readFile(file, 'utf8')).toBe(config('hvm', with_));
      expect(await host.run(shell, 'attach', 'win')).toEqual(
        good(inserted.replaceAll(' is in', ' is already in')),
      );
      expect(await xlCalls(host)).toHaveLength(1);
      const status = JSON.parse((await host.run(shell, 'status', '--json', 'win')).stdout);
      expect(status).toMatchObject({
        guest: 'win',
        uuid,
        state: 'running',
        active: true,
        persistent: true,
        pools: [],
      });
      expect(status.discs).toMatchObject([
        {
          where: 'live',
          target: 'hdc',
          bus: 'ide',
          disc: 'virtio-win-1.0',
          path: disc,
          chosen: true,
          present: true,
        },
        { where: 'config', target: 'hdc', bus: 'ide', disc: 'virtio-win-1.0', path: disc },
      ]);
      expect((await host.run(shell, 'leftover')).stdout.split('\n').slice(1)).toEqual([
        'win    running  now                hdc     virtio-win-1.0',
        'win    running  at the next start  hdc     virtio-win-1.0',
      ]);
      expect((await host.run(shell, 'eject', 'win')).stdout).toBe(
        'win: virtio-win-1.0 is out of hdc (ide), at the next start\nwin: virtio-win-1.0 is out of hdc (ide), now',
      );
      expect(await readFile(file, 'utf8')).toBe(config('hvm', "  'vdev=hdc, access=ro, devtype=cdrom',\n"));
      expect(await host.run(shell, 'leftover')).toEqual(good('no guest holds a disc'));
    });
  });

  test('PV: a drive that comes and goes with the disc, swapped for another release', async () => {
    const { host, disc, file } = await dom0('pv', [system], config('pv', ''));
    const old = await installDisc(host, 'virtio-win-0.9', forXen);
    const spec = `format=raw, vdev=xvdb, access=ro, devtype=cdrom, target=${old}`;
    expect(await host.run('dash', 'attach', 'win', '--disc', 'virtio-win-0.9')).toEqual(
      good(
        'win: virtio-win-0.9 is in the new drive xvdb (xen), at the next start\nwin: virtio-win-0.9 is in the new drive xvdb (xen), now',
      ),
    );
    expect(await xlCalls(host)).toEqual([`block-attach\t1\t${spec}`]);
    expect(await readFile(file, 'utf8')).toBe(config('pv', '').replace("xvda,w',", `xvda,w', '${spec}',`));
    expect(await host.run('dash', 'attach', 'win', '--disc', 'virtio-win-1.0')).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringMatching(/xvdb already holds virtio-win-0.9 \(at the next start\)\nhint: /),
    });
    const swapped = 'win: virtio-win-1.0 is in xvdb (xen, the whole drive) instead of virtio-win-0.9';
    expect(await host.run('dash', 'swap', 'win', '--disc', 'virtio-win-1.0')).toEqual(
      good(`${swapped}, at the next start\n${swapped}, now`),
    );
    expect(await xlDisks(host)).toMatchObject([[system, { vdev: 'xvdb', pdev_path: disc, is_cdrom: 1 }]]);
    expect((await host.run('dash', 'eject', 'win')).stdout).toContain(
      'is out of xvdb (xen, the whole drive), now',
    );
    expect(await xlDisks(host)).toEqual([[system]]);
    expect(await readFile(file, 'utf8')).toBe(config('pv', ''));
  });

  test('PVH has no CD drives: a read-only disk', async () => {
    const { host, disc } = await dom0('pvh', [system]);
    expect(await host.run('dash', 'attach', 'win')).toEqual(
      good('win: virtio-win-1.0 is in the new drive xvdb (xen), now'),
    );
    expect(await xlCalls(host)).toEqual([
      `block-attach\t1\tformat=raw, vdev=xvdb, access=ro, target=${disc}`,
    ]);
    expect((await host.run('dash', 'eject', 'win')).stdout).toBe(
      'win: virtio-win-1.0 is out of xvdb (xen, the whole drive), now',
    );
  });

  test('HVM: a tray that was empty when the guest started gets a disc only at the next start', async () => {
    const empty = config('hvm', "  'vdev=hdc,devtype=cdrom',\n");
    const { host, file, disc } = await dom0('hvm', [system, tray], empty);
    const state = '/local/domain/0/backend/qdisk/1/hdc/state';
    await addXenstore(host, { [state]: '1' });
    const refused = await host.run('dash', 'attach', 'win', '--live');
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(refused.stderr).toContain(
      'win: hdc was empty when the guest started: a disc now would crash QEMU',
    );
    expect(refused.stderr).toContain('hint: leave --live out');
    expect(await xlCalls(host)).toEqual([]);
    expect(await readFile(file, 'utf8')).toBe(empty);
    const later = {
      exitCode: 0,
      stderr: expect.stringMatching(
        /hdc was empty when the guest started.*\nhint: shut it down and start it/,
      ),
    };
    for (const is of ['is', 'is already'])
      expect(await host.run('dash', 'attach', 'win')).toMatchObject({
        ...later,
        stdout: `win: virtio-win-1.0 ${is} in hdc (ide), at the next start`,
      });
    expect(await xlCalls(host)).toEqual([]);
    expect(await readFile(file, 'utf8')).toContain(disc);
    await addXenstore(host, { [state]: '2' });
    expect(await host.run('dash', 'attach', 'win', '--live')).toEqual(
      good('win: virtio-win-1.0 is in hdc (ide), now'),
    );
  });

  test('HVM without a tray gets one at the next start, on a letter that is free', async () => {
    const { host, disc, file } = await dom0('hvm', [system], config('hvm', ''));
    expect(await host.run('dash', 'attach', 'win')).toMatchObject({
      exitCode: 0,
      stdout: 'win: virtio-win-1.0 is in the new drive hdb (ide), at the next start',
      stderr: expect.stringContaining('no bus of it takes a CD drive while it runs'),
    });
    expect(await readFile(file, 'utf8')).toContain(`vdev=hdb, access=ro, devtype=cdrom, target=${disc}`);
    expect(await xlCalls(host)).toEqual([]);
    expect(await host.run('dash', 'attach', '--live', 'win')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(
        /no room on a bus that can\nhint: give it a CD drive with any disc before it starts, or leave --live out/,
      ),
    });
  });
  test('a file that does not run is found by its path, keeps owner, mode and comments, and leaves a copy', async () => {
    const { host, file } = await dom0('hvm', undefined, config('hvm', ''));
    const before = await stat(file);
    const { exitCode, stdout } = await host.run('dash', 'attach', file);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: 'win: virtio-win-1.0 is in the new drive hdb (ide), at the next start',
    });
    const after = await stat(file);
    expect([after.mode, after.uid]).toEqual([before.mode, before.uid]);
    const copy = join(host.env.VIRTIO_WIN_SYSROOT ?? '', 'var/lib/virtio-win/xl/win.cfg');
    expect(await readFile(copy, 'utf8')).toBe(config('hvm', ''));
    expect((await readdir(join(file, '..'))).sort()).toEqual(['auto', 'win.cfg']);
    expect(JSON.parse((await host.run('dash', 'status', '--json', 'win')).stdout)).toMatchObject({
      uuid: null,
      state: 'shut off',
      active: false,
      persistent: true,
    });
  });

  test.each([
    ['no list', 'name="win"\ntype="hvm"', (disk: string) => `name="win"\ntype="hvm"\ndisk = [ ${disk} ]\n`],
    [
      'an empty list',
      'name="win"\ntype="hvm"\ndisk=[]\n',
      (disk: string) => `name="win"\ntype="hvm"\ndisk=[ ${disk} ]\n`,
    ],
    [
      'one line, and words about disks elsewhere',
      `name='win' # disk = [ 'x' ]\ntype="hvm";disk=["file:/a,xvda,w"]\nextra="disk = [ ]"\n`,
      (disk: string) =>
        `name='win' # disk = [ 'x' ]\ntype="hvm";disk=["file:/a,xvda,w", ${disk}]\nextra="disk = [ ]"\n`,
    ],
    [
      'a list that is added to',
      `name='win'\ntype='hvm'\ndisk=['file:/a,xvda,w'] # one\ndisk += [ # more\n 'file:/b,xvdb,w' ]\n`,
      (disk: string) =>
        `name='win'\ntype='hvm'\ndisk=['file:/a,xvda,w'] # one\ndisk += [ # more\n 'file:/b,xvdb,w', ${disk} ]\n`,
    ],
  ])('a file with %s', async (_, text, expected) => {
    const { host, disc, file } = await dom0('hvm', undefined, text);
    expect(await host.run('dash', 'attach', 'win')).toMatchObject({ exitCode: 0, stderr: '' });
    const edited = await readFile(file, 'utf8');
    const [, vdev = ''] = /vdev=(hd[a-d])/.exec(edited) ?? [];
    expect(edited).toBe(expected(`'format=raw, vdev=${vdev}, access=ro, devtype=cdrom, target=${disc}'`));
  });

  test('a guest whose name is the number of another one is not that one', async () => {
    const host = await makeHost();
    const disc = await installDisc(host, 'virtio-win-1.0', forXen);
    const guest = { type: 'hvm', disks: [tray] } as const;
    await addXl(host, [
      { ...guest, name: '2', uuid },
      { ...guest, name: 'other', uuid: uuid.replace('1111', '2222') },
    ]);
    expect(await host.run('dash', 'attach', '2')).toEqual(good('2: virtio-win-1.0 is in hdc (ide), now'));
    expect(await xlDisks(host)).toMatchObject([[{ pdev_path: disc }], [{ pdev_path: '' }]]);
  });

  test('a guest whose name is the same number in other digits has a file of its own', async () => {
    const host = await makeHost();
    await installDisc(host, 'virtio-win-1.0', forXen);
    const text = 'name = "010"\ntype = "hvm"\ndisk = [ \'vdev=hdc,devtype=cdrom\' ]\n';
    const folder = await addXl(host, [{ type: 'hvm', disks: [tray], name: '10', uuid }], { 'win.cfg': text });
    expect(await host.run('dash', 'attach', '10')).toEqual(good('10: virtio-win-1.0 is in hdc (ide), now'));
    expect(await readFile(join(folder, 'win.cfg'), 'utf8')).toBe(text);
    expect((await host.run('dash', 'leftover')).stdout.split('\n').slice(1)).toEqual([
      '10     running  now   hdc     virtio-win-1.0',
    ]);
  });

  test.each([':', '::x'])('a tray that holds %j is not empty', async (medium) => {
    const { host } = await dom0('hvm', [{ ...tray, pdev_path: medium }]);
    await host.run('dash', 'attach', 'win');
    expect(await xlDisks(host)).toMatchObject([[{ vdev: 'hdc', pdev_path: medium }]]);
  });

  test('what xl refuses is undone in the file', async () => {
    const text = config('hvm', "  'vdev=hdc,devtype=cdrom',\n");
    const { host, file } = await dom0('hvm', [system, tray], text);
    await refuseXl(
      host,
      'cd-insert',
      'libxl: error: libxl_qmp.c:1399:qmp_ev_parse_error_messages: Domain 1:no such file',
    );
    expect(await host.run('dash', 'attach', 'win')).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr:
        'virtio-win: win: xl refused to change it (now): Domain 1:no such file\nhint: the guest is as it was; change what xl names, then repeat',
    });
    expect(await readFile(file, 'utf8')).toBe(
      text.replace("'vdev=hdc,devtype", "'vdev=hdc, access=ro, devtype"),
    );
  });

  test('a file that only looks like one, and a guest of libvirt, are left alone', async () => {
    const { host, file } = await dom0('hvm', undefined, config('hvm', ''));
    await writeFile(join(file, '../broken.cfg'), 'name = [');
    expect((await host.run('dash', 'leftover')).stderr).toMatch(
      /broken.cfg: xl does not read it: .*syntax error/,
    );
    expect(await host.run('dash', 'attach', 'linux')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(
        /linux: there is no such guest at xl, running or in \S+\nhint: guests there: win; the path/,
      ),
    });
    const libvirt = join(host.env.VIRTIO_WIN_SYSROOT ?? '', 'etc/libvirt/libxl');
    await mkdir(libvirt, { recursive: true });
    await writeFile(join(libvirt, 'win.xml'), '<domain/>');
    expect(await host.run('dash', 'attach', 'win')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('hint: repeat with --connect xen:///system'),
    });
    expect(await readFile(file, 'utf8')).toBe(config('hvm', ''));
  });

  test('changes are logged: who, guest, drive, before and after', async () => {
    const { host, disc } = await dom0('hvm', [system, tray]);
    await writeProgram(host, 'logger', `#!/bin/sh\nprintf '%s\\n' "$*" >>'${host.folder}/log'\n`);
    host.env.SUDO_USER = 'alice';
    await host.run('dash', 'attach', 'win');
    await host.run('dash', 'status', 'win');
    const log = await readFile(join(host.folder, 'log'), 'utf8');
    expect(log).toMatch(
      /^-t virtio-win -p user.notice \S+ \(sudo by alice\): guest win \(1111\S+\), hdc \(live\): empty -> /,
    );
    expect(log.trimEnd().split('\n')).toHaveLength(1);
    expect(log).toContain(`-> ${disc}\n`);
  });
});
