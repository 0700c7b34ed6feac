import { describe, expect, test } from 'vitest';
import { lacksTool } from '../builders/needs.ts';
import { addXe, type XeObject, xeCalls } from './fake-xe.ts';
import { forXen, type Host, installDisc, makeHost, shells } from './host.ts';

const vm = 'aaaaaaaa-0000-4000-8000-000000000001';
const tray = 'bbbbbbbb-0000-4000-8000-000000000002';
const disc = 'cccccccc-0000-4000-8000-000000000003';
const repository = 'dddddddd-0000-4000-8000-000000000004';
const empty = '<not in database>';

const guest = (state: string): XeObject => ({
  ...{ class: 'vm', uuid: vm, 'name-label': 'win', 'power-state': state, 'is-control-domain': 'false' },
});
const drive = (held = empty): XeObject => ({
  ...{ class: 'vbd', uuid: tray, 'vm-uuid': vm, type: 'CD', userdevice: '3', 'vdi-uuid': held },
  empty: String(held === empty),
});
const file = (uuid = disc, name = 'virtio-win-1.0.iso'): XeObject => ({
  ...{ class: 'vdi', uuid, 'name-label': name, 'sr-uuid': repository },
});
const dom0: XeObject = {
  class: 'vm',
  uuid: 'dom0',
  'name-label': 'Control domain',
  'is-control-domain': 'true',
};
const disk: XeObject = {
  ...{ class: 'vbd', uuid: 'disk', 'vm-uuid': vm, type: 'Disk', userdevice: '0', 'vdi-uuid': 'system' },
};

async function hostWith(...objects: XeObject[]): Promise<Host> {
  const host = await makeHost();
  await installDisc(host, 'virtio-win-1.0', forXen);
  await addXe(host, [dom0, disk, ...objects]);
  return host;
}

const good = (stdout: string) => ({ exitCode: 0, stdout, stderr: '' });

describe.skipIf(lacksTool('dash', 'busybox'))('guests of xe', () => {
  test.each(shells)('in %s: the empty drive of a running guest, once', async (shell) => {
    const host = await hostWith(guest('running'), drive(), file());
    const where = 'hdd (ide), now and at the next start';
    expect(await host.run(shell, 'attach', 'win')).toEqual(good(`win: virtio-win-1.0 is in ${where}`));
    expect(await host.run(shell, 'attach', vm)).toEqual(good(`win: virtio-win-1.0 is already in ${where}`));
    const status = JSON.parse((await host.run(shell, 'status', '--json', 'win')).stdout);
    expect(status).toMatchObject({
      guest: 'win',
      uuid: vm,
      state: 'running',
      active: true,
      persistent: true,
    });
    expect(status.discs).toMatchObject([
      {
        ...{ where: 'live', target: 'hdd', bus: 'ide', disc: 'virtio-win-1.0', chosen: true },
        path: `sr://${repository}/virtio-win-1.0.iso`,
      },
    ]);
    expect(await host.run(shell, 'eject', 'win')).toEqual(good(`win: virtio-win-1.0 is out of ${where}`));
    expect(await host.run(shell, 'leftover')).toEqual(good('no guest holds a disc'));
    expect(await xeCalls(host)).toEqual([
      `vbd-insert\tuuid=${tray}\tvdi-uuid=${disc}`,
      `vbd-eject\tuuid=${tray}`,
    ]);
  });

  test('another release is swapped', async () => {
    const old = 'cccccccc-0000-4000-8000-000000000005';
    const host = await hostWith(guest('running'), drive(old), file(), file(old, 'virtio-win-0.9.iso'));
    await installDisc(host, 'virtio-win-0.9', forXen);
    const refused = await host.run('dash', 'attach', 'win', '--disc', 'virtio-win-1.0');
    expect(refused).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('hdd already holds virtio-win-0.9'),
    });
    expect(await host.run('dash', 'swap', 'win', '--disc', 'virtio-win-1.0')).toEqual(
      good('win: virtio-win-1.0 is in hdd (ide) instead of virtio-win-0.9, now and at the next start'),
    );
    expect(await xeCalls(host)).toEqual([
      `vbd-eject\tuuid=${tray}`,
      `vbd-insert\tuuid=${tray}\tvdi-uuid=${disc}`,
    ]);
  });

  test('a halted guest without a drive gets one; a running one does not', async () => {
    const halted = await hostWith(guest('halted'), file());
    expect(await halted.run('dash', 'attach', 'win')).toEqual(
      good('win: virtio-win-1.0 is in the new drive hdb (ide), at the next start'),
    );
    expect(await xeCalls(halted)).toEqual([
      `vbd-create\tvm-uuid=${vm}\tvdi-uuid=${disc}\tdevice=1\ttype=CD\tmode=RO\tbootable=false`,
    ]);
    const running = await hostWith(guest('running'), file());
    expect(await running.run('dash', 'attach', 'win')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(
        /cannot be added while it runs: .*\nhint: shut it down, repeat, and start it again/,
      ),
    });
  });

  test('a disc that no repository has is told how to get there, and --force is refused', async () => {
    const host = await hostWith(guest('running'), drive());
    expect(await host.run('dash', 'attach', 'win')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/no ISO repository of xe has it\nhint: virtio-win snippet xe prints/),
    });
    expect(await host.run('dash', 'eject', 'win', '--force')).toMatchObject({ exitCode: 2 });
  });
});
