import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lacksTool } from '../builders/needs.ts';
import { addLibvirt, calls, changeGuest, type FakeGuest } from './fake-virsh.ts';
import { type Disk, guestXml } from './guest-xml.ts';
import { type Host, installDisc, makeHost, shells } from './host.ts';

const uuid = '11111111-2222-4333-8444-555555555555';

/** A host with the chosen disc virtio-win-2.0, and legacy-1.0. */
async function hostWith(guest: (discs: string) => Partial<FakeGuest>): Promise<Host> {
  const host = await makeHost();
  await installDisc(host, 'virtio-win-2.0');
  await installDisc(host, 'legacy-1.0');
  await symlink('virtio-win-2.0.iso', join(host.discs, 'virtio-win.iso'));
  await addLibvirt(host, [{ name: 'win', uuid, ...guest(host.discs) }]);
  return host;
}

const drive = (target: string, source?: string, bus = 'sata'): Disk =>
  source === undefined ? { target, bus } : { target, bus, source };

/** The verb and place of each change, and the target and source in its XML. */
async function changes(host: Host): Promise<string[]> {
  return (await calls(host)).map(({ words, xml }) =>
    [
      words.replace(` ${uuid}`, ''),
      /<target [^>]*dev='(\w+)'/.exec(xml)?.[1] ?? '',
      /<source file='[^']*\/([^'/]*)'/.exec(xml)?.[1] ?? 'empty',
    ].join(' '),
  );
}

describe.skipIf(lacksTool('dash', 'busybox'))('drives of a guest', () => {
  describe.each(shells)('in %s', (shell) => {
    test('swap gives no guest the same disc twice: what is beside it goes out', async () => {
      const host = await hostWith((discs) => ({
        live: guestXml([drive('sda', `${discs}/old-0.9.iso`), drive('sdb', `${discs}/legacy-1.0.iso`)]),
        config: guestXml([drive('sda', `${discs}/old-0.9.iso`), drive('sdb', `${discs}/virtio-win.iso`)]),
      }));
      const { exitCode, stdout } = await host.run(shell, 'swap', 'win', '--disc', 'legacy-1.0');
      expect(exitCode).toBe(0);
      expect(stdout.split('\n')).toEqual([
        'win: legacy-1.0 is in sda (sata) instead of old-0.9, at the next start',
        'win: the link virtio-win.iso is out of sdb (sata), for legacy-1.0 is in sda, at the next start',
        'win: old-0.9 is out of sda (sata), for legacy-1.0 is in sdb, now',
        'win: legacy-1.0 is already in sdb (sata), now',
      ]);
      expect(await changes(host)).toEqual([
        'update-device --config sda legacy-1.0.iso',
        'update-device --config sdb empty',
        'update-device --live sda empty',
      ]);
    });

    test('a kept disc of symbols, without a record, is neither swapped for drivers nor in their way', async () => {
      const host = await hostWith((discs) => ({
        config: guestXml([drive('sda', `${discs}/virtio-win-symbols-1.0.iso`), drive('sdb')]),
      }));
      expect(await host.run(shell, 'swap', 'win')).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('it holds no disc that could be swapped'),
      });
      expect(await host.run(shell, 'attach', 'win')).toMatchObject({
        exitCode: 0,
        stdout: 'win: virtio-win-2.0 is in sdb (sata), at the next start',
      });
      await installDisc(host, 'virtio-win-symbols-2.0', { fields: { Kind: 'symbols' }, drivers: [] });
      expect((await host.run(shell, 'swap', 'win', '--disc', 'virtio-win-symbols-2.0')).stdout).toBe(
        'win: virtio-win-symbols-2.0 is in sda (sata) instead of virtio-win-symbols-1.0, at the next start',
      );
    });

    test('what a running guest has through a link is not asserted', async () => {
      const host = await hostWith((discs) => {
        const xml = guestXml([drive('sda', `${discs}/virtio-win.iso`)]);
        return { live: xml, config: xml };
      });
      const words =
        'virtio-win.iso (which now leads to virtio-win-2.0; the guest has what it led to when it was inserted)';
      expect((await host.run(shell, 'status', 'win')).stdout.split('\n')).toEqual([
        'win (running)',
        'WHEN               TARGET  BUS   DISC            REMARK',
        `now                sda     sata  -               through the link ${words}`,
        'at the next start  sda     sata  virtio-win-2.0  through the link virtio-win.iso',
      ]);
      const { discs } = JSON.parse((await host.run(shell, 'status', '--json', 'win')).stdout);
      expect(discs).toMatchObject([
        { where: 'live', disc: null, chosen: false, present: true, leads_to: 'virtio-win-2.0' },
        { where: 'config', disc: 'virtio-win-2.0', chosen: true, leads_to: 'virtio-win-2.0' },
      ]);
      expect((await host.run(shell, 'leftover')).stdout).toContain(`sda     link ${words}`);
      expect(await host.run(shell, 'attach', '--disc', 'legacy-1.0', 'win')).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('sda already holds the link virtio-win.iso (at the next start)'),
      });
      expect((await host.run(shell, 'eject', '--live', 'win')).stdout).toBe(
        'win: the link virtio-win.iso is out of sda (sata), now',
      );
      expect(await changes(host)).toEqual(['update-device --live sda empty']);
    });

    test('no USB unasked, even where nothing else has room', async () => {
      const full = ['sda', 'sdb', 'sdc', 'sdd', 'sde', 'sdf'].map((target, unit) => ({
        ...drive(target, `/isos/${target}.iso`),
        address: `0.0.0.${unit}`,
      }));
      const usb = { controllers: ['sata:0', 'usb:0:qemu-xhci'] };
      const host = await hostWith(() => ({ config: guestXml(full, usb) }));
      expect(await host.run(shell, 'attach', 'win')).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('there is no room for a CD drive on sata, ide or scsi'),
      });
      expect((await host.run(shell, 'attach', 'win', '--bus', 'usb')).stdout).toBe(
        'win: virtio-win-2.0 is in the new drive sdg (usb), at the next start',
      );
    });

    test('a drive on USB goes and comes as a whole, and that is said', async () => {
      const host = await hostWith((discs) => ({
        config: guestXml([drive('sdb', `${discs}/legacy-1.0.iso`, 'usb')]),
      }));
      expect((await host.run(shell, 'swap', 'win')).stdout).toBe(
        'win: virtio-win-2.0 is in sdb (usb, the whole drive) instead of legacy-1.0, at the next start',
      );
      await changeGuest(host, {
        uuid,
        config: guestXml([drive('sdb', `${host.discs}/legacy-1.0.iso`, 'usb')]),
      });
      expect((await host.run(shell, 'eject', 'win')).stdout).toBe(
        'win: legacy-1.0 is out of sdb (usb, the whole drive), at the next start',
      );
      expect(await changes(host)).toEqual([
        'detach-device --config sdb legacy-1.0.iso',
        'attach-device --config sdb virtio-win-2.0.iso',
        'detach-device --config sdb legacy-1.0.iso',
      ]);
    });

    test.each([
      { held: 'live', asked: '--config', bus: 'usb', address: '' },
      { held: 'live', asked: '--config', bus: 'scsi', address: '0.0.0.5' },
      { held: 'config', asked: '--live', bus: 'usb', address: '' },
    ])('after one place has the disc on $bus, $asked makes it the same drive', async (row) => {
      const machine = { controllers: ['sata:0', 'scsi:0:virtio-scsi', 'usb:0:qemu-xhci'] };
      const host = await hostWith((discs) => {
        const disk = drive('sdc', `${discs}/virtio-win-2.0.iso`, row.bus);
        const xml = guestXml([row.address === '' ? disk : { ...disk, address: row.address }], machine);
        const other = guestXml([], machine);
        return row.held === 'live' ? { live: xml, config: other } : { live: other, config: xml };
      });
      const { exitCode, stdout } = await host.run(shell, 'attach', 'win', row.asked);
      expect(exitCode).toBe(0);
      expect(stdout).toContain(`virtio-win-2.0 is in the new drive sdc (${row.bus}), `);
      expect(await changes(host)).toEqual([`attach-device ${row.asked} sdc virtio-win-2.0.iso`]);
      const [call] = await calls(host);
      expect(call?.xml.includes("unit='5'")).toBe(row.bus === 'scsi');
    });

    test('the disc as a virtio disk is no CD: attach says so', async () => {
      const host = await hostWith((discs) => ({
        config: guestXml([
          { target: 'vda', bus: 'virtio', device: 'disk', source: `${discs}/virtio-win-2.0.iso` },
        ]),
      }));
      expect(await host.run(shell, 'attach', 'win')).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: `virtio-win: win: vda holds virtio-win-2.0 as a disk, not in a CD drive\nhint: take the whole device away: virsh detach-disk ${uuid} vda --config`,
      });
      expect(await calls(host)).toEqual([]);
    });
  });
});
