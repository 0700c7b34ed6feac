import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtSample, builtXenSample } from '../builders/built-release.ts';
import { type Dom0, makeXen, type Session } from '../builders/xen/boot.ts';
import { forXen, writeDisc } from '../host-command/host.ts';

const isAsked = process.env.PVDISC_XEN !== undefined;
if (!isAsked) console.warn('SKIPPED: Xen is booted by scripts/xen, which takes minutes of processor time');

describe.runIf(isAsked)('a host of Xen', { timeout: 1_200_000 }, () => {
  let folder = '';
  let digest = '';
  let run: (kind: Dom0['kind']) => Promise<Session>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pvdisc-xen-'));
    const sample = await builtXenSample();
    const forKvm = await builtSample();
    digest = await treeDigest(sample.iso, join(folder, 'tree'));
    const old = join(folder, 'old');
    await mkdir(old);
    await mkdir(join(folder, 'files'));
    await writeFile(join(folder, 'files/readme.txt'), 'another disc\n');
    const iso = join(folder, 'old.iso');
    await execa('xorriso', ['-as', 'mkisofs', '-quiet', '-R', '-V', 'OLD', '-o', iso, join(folder, 'files')]);
    await writeDisc(old, 'old-0.9', { ...forXen, bytes: await readFile(iso) });
    const boot = await makeXen(join(folder, 'xen'));
    run = (kind) => boot({ kind, old, packages: [sample.deb, forKvm.deb] });
  }, 1_200_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each([
    {
      kind: 'pv',
      drive: 'the new drive xvda (xen)',
      whole: 'xvda (xen, the whole drive)',
      device: 'xvda',
      comment: 'nothing yet',
    },
    {
      kind: 'hvm',
      drive: 'hdc (ide)',
      whole: 'hdc (ide)',
      device: 'sr0',
      comment: 'an empty tray',
    },
  ] as const)(
    '$kind: the guest gets the disc, reads it, gets another one and loses it',
    async ({ kind, drive, whole, device, comment }) => {
      const { steps, console } = await run(kind);
      const good = (command: string) =>
        steps
          .filter((step) => step.command === command)
          .map(({ output, code }) => {
            expect({ command, code, output }).toMatchObject({ code: 0 });
            return output;
          });
      const snippet = good(`xl -N create -q -d /tmp/${kind}.cfg`)[0] ?? '';
      expect(JSON.parse(snippet.slice(snippet.indexOf('{')))).toMatchObject({
        c_info: { type: kind },
        disks: [
          { vdev: 'xvda' },
          { vdev: 'hdd', is_cdrom: 1, pdev_path: expect.stringContaining('pvdisc-sample-xenpv') },
        ],
        channels: [{ name: 'org.qemu.guest_agent.0' }],
      });
      const release = 'pvdisc-sample-xenpv-0.1.0';
      const detected = good('virtio-win detect')[0] ?? '';
      expect(detected).toMatch(/^XEN \(dom0\)$/m);
      expect(detected).toContain(`family: xenpv, drivers for guests of Xen; disc: ${release}`);
      expect(
        steps.find(({ command }) => command === 'virtio-win attach win --disc pvdisc-sample'),
      ).toMatchObject({
        code: 1,
        output: expect.stringContaining('and this is a guest of Xen'),
      });
      const both = (words: string) => `${words}, at the next start\n${words}, now`;
      const attached = `win: ${release} is in ${drive}`;
      expect(good('virtio-win attach win')).toEqual([
        kind === 'pv' ? both(attached) : `${attached}, at the next start`,
      ]);
      expect(good('virtio-win swap win --live --disc old-0.9')).toEqual([
        `win: old-0.9 is in ${whole} instead of ${release}, now`,
      ]);
      const ejected = (disc: string) => `win: ${disc} is out of ${whole}, now`;
      expect(good('virtio-win eject win --live')).toEqual([
        ejected('old-0.9'),
        ...(kind === 'pv' ? [ejected(release)] : []),
      ]);
      expect(
        steps.flatMap(({ command, code }) => (/^xl (?:save|restore)/.test(command) ? [code] : [])),
      ).toEqual(kind === 'pv' ? [0, 0, 0, 1, 0, 0, 0] : []);
      const [config = '', copy = ''] = [
        ...good('cat /etc/xen/win.cfg'),
        ...good('cat /var/lib/virtio-win/xl/win.cfg'),
      ];
      expect(config).toContain(`type = "${kind}" # as its disc\n`);
      expect(config).toContain(
        `access=ro, devtype=cdrom, target=/usr/share/virtio-win/${release}.iso' ] # ${comment}`,
      );
      expect(copy).toContain(`] # ${comment}`);
      expect(copy).not.toContain('.iso');
      expect(console.join('\n')).not.toContain('WRITTEN');
      const seen = console.filter((line) => /^(?:DISC|TREE)/.test(line));
      // A paravirtual drive is away for a moment when it is swapped; whether the guest sees that is a matter of time.
      const withDisc = [
        expect.stringMatching(new RegExp(`^DISC ${device} 1 \\S`)),
        `TREE ${device} ${digest}`,
      ];
      expect(seen.filter((line, index) => line !== 'DISC none' || index === seen.length - 1)).toEqual([
        ...withDisc,
        `DISC ${device} 1 OLD`,
        expect.stringMatching(new RegExp(`^TREE ${device} `)),
        // Restored with other bytes at the path of the old disc; restored with an empty drive, which then gets a disc.
        ...(kind === 'pv' ? [...withDisc, ...withDisc] : []),
        'DISC none',
      ]);
    },
  );
});

/** The digest that guest.sh prints for a disc, of its files as they are unpacked on this machine. */
async function treeDigest(iso: string, folder: string): Promise<string> {
  await execa('xorriso', ['-osirrox', 'on', '-indev', iso, '-extract', '/', folder]);
  const { stdout } = await execa(
    'sh',
    ['-c', 'find . -type f | sort | xargs sha256sum | sha256sum | cut -c 1-64'],
    {
      cwd: folder,
      env: { LC_ALL: 'C' },
    },
  );
  await execa('chmod', ['-R', 'u+w', folder]);
  return stdout;
}
