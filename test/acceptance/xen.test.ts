import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtSample, builtXenSample } from '../builders/built-release.ts';
import { makeXen, type Session, type Step, type Story } from '../builders/xen/boot.ts';
import { forXen, writeDisc } from '../host-command/host.ts';

const isAsked = process.env.PVDISC_XEN !== undefined;
if (!isAsked) console.warn('SKIPPED: Xen is booted by scripts/xen, which takes minutes of processor time');

describe.runIf(isAsked)('a host of Xen', { timeout: 1_200_000 }, () => {
  let folder = '';
  let digest = '';
  let run: (story: Story) => Promise<Session>;

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
    run = await makeXen(join(folder, 'xen'), { old, packages: [sample.deb, forKvm.deb] });
  }, 1_200_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('dom0 says which disc is for its guests, and refuses the other one; snippets are read', async () => {
    const { steps } = await run('asks pv');
    expect(
      goodOutputs(
        steps,
        'dpkg -i /data/pvdisc-sample-xenpv_0.1.0-1_all.deb /data/pvdisc-sample_0.1.0-1_all.deb',
      ),
    ).toHaveLength(1);
    const [detected = ''] = goodOutputs(steps, 'virtio-win detect');
    expect(detected).toMatch(/^XEN \(dom0\)$/m);
    expect(detected).toContain(`family: xenpv, drivers for guests of Xen; disc: ${release}`);
    for (const type of ['pv', 'hvm']) {
      const [read = ''] = goodOutputs(steps, `xl -N create -q -d /tmp/${type}.cfg`);
      expect(JSON.parse(read.slice(read.indexOf('{')))).toMatchObject({
        c_info: { type },
        disks: [
          { vdev: 'xvda' },
          { vdev: 'hdd', is_cdrom: 1, pdev_path: expect.stringContaining('pvdisc-sample-xenpv') },
        ],
        channels: [{ name: 'org.qemu.guest_agent.0' }],
      });
    }
    expect(steps.find(({ command }) => command.endsWith('--disc pvdisc-sample'))).toMatchObject({
      code: 1,
      output: expect.stringContaining('and this is a guest of Xen'),
    });
  });

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
      const { steps, console } = await run(`changes ${kind}`);
      const good = (command: string) => goodOutputs(steps, command);
      expect(good(`xl create -q /etc/xen/${kind}.cfg`)).toHaveLength(1);
      const attached = `${kind}: ${release} is in ${drive}`;
      expect(good(`virtio-win attach ${kind}`)).toEqual([`${attached}, at the next start\n${attached}, now`]);
      expect(good(`virtio-win swap ${kind} --live --disc old-0.9`)).toEqual([
        `${kind}: old-0.9 is in ${whole} instead of ${release}, now`,
      ]);
      expect(good(`virtio-win eject ${kind} --live`)).toEqual([`${kind}: old-0.9 is out of ${whole}, now`]);
      const [config = '', copy = ''] = [
        ...good(`cat /etc/xen/${kind}.cfg`),
        ...good(`cat /var/lib/virtio-win/xl/${kind}.cfg`),
      ];
      expect(config).toContain(`type = "${kind}" # as its name\n`);
      expect(config).toContain(
        `access=ro, devtype=cdrom, target=/usr/share/virtio-win/${release}.iso' ] # ${comment}`,
      );
      expect(copy).toContain(`] # ${comment}`);
      expect(copy).not.toContain('.iso');
      expect(console.join('\n')).not.toContain('WRITTEN');
      expect(discsOf(console)).toEqual([...withRelease(device), ...withOld(device), 'DISC none']);
    },
  );

  test('hvm: a CD drive that was empty at the start is not filled, which would crash QEMU', async () => {
    const { steps } = await run('refuses hvm');
    const [refused, alive, inserted, dead] = steps.slice(-5);
    expect(refused).toMatchObject({
      command: 'virtio-win attach empty --live',
      code: 1,
      output: expect.stringContaining(
        'empty: hdc was empty when the guest started: a disc now would crash QEMU',
      ),
    });
    expect(alive).toMatchObject({ command: expect.stringContaining('is_alive'), code: 0 });
    expect(inserted).toMatchObject({ command: expect.stringContaining('xl cd-insert') });
    expect(dead).toMatchObject({ command: alive?.command, code: 1 });
  });

  test('pv: the guest is saved and restored, with its disc, without its file, with another one at its path, and empty', async () => {
    const { steps, console } = await run('saves pv');
    expect(
      steps.flatMap(({ command, code }) => (/^xl (?:save|restore)/.test(command) ? [{ command, code }] : [])),
    ).toEqual([
      ...[saved, restored],
      ...[saved, { ...restored, code: 1 }, restored], // without the file of its disc; with it
      ...[saved, restored],
    ]);
    expect(goodOutputs(steps, 'virtio-win eject pv --live')).toEqual([
      'pv: old-0.9 is out of xvda (xen, the whole drive), now',
    ]);
    expect(console.join('\n')).not.toContain('WRITTEN');
    expect(discsOf(console)).toEqual([
      ...withOld('xvda'),
      ...withRelease('xvda'),
      'DISC none',
      ...withRelease('xvda'),
    ]);
  });

  const release = 'pvdisc-sample-xenpv-0.1.0';
  const withOld = (device: string) => [
    `DISC ${device} 1 OLD`,
    expect.stringMatching(new RegExp(`^TREE ${device} [0-9a-f]{64}$`)),
  ];
  const withRelease = (device: string) => [`DISC ${device} 1 ${release}`, `TREE ${device} ${digest}`];
});

const saved = { command: 'xl save pv /run/saved', code: 0 };
const restored = { command: 'xl restore /run/saved', code: 0 };

/** The outputs of a command of the session, each time that it ran, all with the exit code 0. */
function goodOutputs(steps: readonly Step[], command: string): string[] {
  return steps
    .filter((step) => step.command === command)
    .map(({ output, code }) => {
      expect({ command, code, output }).toMatchObject({ code: 0 });
      return output;
    });
}

/** What the guest said of its discs; while one is exchanged, it may have seen none. */
function discsOf(console: readonly string[]): string[] {
  const lines = console.filter((line) => /^(?:DISC|TREE)/.test(line));
  return lines.filter((line, index) => line !== 'DISC none' || !/ OLD$/.test(lines[index + 1] ?? ''));
}

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
