import { chmod, copyFile, cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import pMap from 'p-map';
import picomatch from 'picomatch';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../builders/disc-contents.ts';
import { isAsked } from '../builders/guest/asked.ts';
import { writeInitramfs } from '../builders/guest/initramfs.ts';
import { guestKernel } from '../builders/guest/kernel.ts';
import { quickOptions, unpackedKernel } from '../builders/guest/quick-boot.ts';
import { roundsOf, untilLine } from '../builders/guest/worker.ts';
import { buildIso } from '../builders/iso.ts';
import { startLibvirt } from '../builders/libvirt.ts';
import { toolPath } from '../builders/needs.ts';
import { nobody } from '../builders/ordinary-user.ts';
import { script, writeDisc } from '../host-command/host.ts';

const count = Number(process.env.PVDISC_CLONES ?? 50);
const names = Array.from({ length: count }, (_, index) => `clone-${index + 1}`);
const env = { PATH: toolPath };

describe.runIf(isAsked('clones'))('clones on one image', { timeout: 1_800_000 }, () => {
  test(`${count} guests read one disc and write to their own overlays only`, async () => {
    const kernel = await guestKernel();
    if (kernel === undefined) throw new Error('no kernel for the guest');
    const folder = await mkdtemp(join(tmpdir(), 'pvdisc-clones-'));
    await chmod(folder, 0o755);
    await cp(join(script, '..'), join(folder, 'host'), { recursive: true });
    for (const name of ['discs', 'images']) await mkdir(join(folder, name), { mode: 0o777 });
    await chmod(join(folder, 'images'), 0o777);
    await copyFile(await unpackedKernel(kernel.image), join(folder, 'vmlinuz'));
    await chmod(join(folder, 'vmlinuz'), 0o644);
    await writeInitramfs(kernel, folder, 'work.sh');
    const bytes = await buildIso({ 'README.txt': 'one disc\n' });
    const disc = await writeDisc(join(folder, 'discs'), 'virtio-win-1.0', { bytes });
    const base = join(folder, 'images/base.qcow2');
    await writeFile(
      join(folder, 'prepared.raw'),
      Buffer.concat([Buffer.from('base'.padEnd(512)), Buffer.alloc(8 << 20, 'W')]),
    );
    await execa('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', join(folder, 'prepared.raw'), base], {
      env,
    });
    await chmod(base, 0o444);
    const before = { base: sha256(await readFile(base)), disc: sha256(await readFile(disc)) };
    const libvirt = await startLibvirt('session', folder, { VIRTIO_WIN_DIR: join(folder, 'discs') });
    try {
      const overlay = (name: string) => join(folder, 'images', `${name}.qcow2`);
      const create = ['create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', base];
      const made = await timed(names, async (name) => {
        await execa('qemu-img', [...create, overlay(name)], { env });
        await execa('chown', [`${nobody}:${nobody}`, overlay(name)], { env });
      });
      const fresh = await Promise.all(names.map((name) => allocated(overlay(name))));
      for (const name of names) {
        await writeFile(join(folder, `${name}.report`), '');
        await chmod(join(folder, `${name}.report`), 0o666);
        await writeFile(join(folder, `${name}.xml`), guestXml(folder, name));
        await libvirt.virsh('define', join(folder, `${name}.xml`));
      }
      const begun = performance.now();
      // libvirt's builder gives a program a minute, and 50 guests need more: the patterns share them out.
      for (const pattern of ['clone-[1-9]', 'clone-[12]?', 'clone-[3-9]?']) {
        if (!names.some((name) => picomatch.isMatch(name, pattern))) continue;
        const attached = await libvirt.run('sh', join(folder, 'host/virtio-win'), 'attach', '--all', pattern);
        expect(attached).toMatchObject({ exitCode: 0, stderr: '' });
        expect(attached.stdout).toMatch(
          /^(?:clone-\d+: virtio-win-1\.0 is in sda \(sata\), at the next start\n?)+$/,
        );
      }
      const attach = (performance.now() - begun) / count;
      const run = await timed(names, async (name) => {
        await libvirt.virsh('start', name);
        await untilLine(join(folder, `${name}.report`), /^END$/m);
        await libvirt.run('virsh', '-q', 'destroy', name);
      });
      const marks = await pMap(names, async (name) => firstWord(overlay(name)), { concurrency: 2 });
      expect(marks).toEqual(names);
      for (const name of names) {
        const report = join(folder, `${name}.report`);
        expect(await readFile(report, 'utf8')).toMatch(/^DISK base$[\s\S]*^WRITE sr0 refused$/m);
        expect((await roundsOf(report)).map(({ found }) => found)).toEqual([before.disc]);
      }
      expect({ base: sha256(await readFile(base)), disc: sha256(await readFile(disc)) }).toEqual(before);
      const used = await Promise.all(names.map((name) => allocated(overlay(name))));
      const line = (what: string, values: readonly number[], unit: string) => {
        const [least = 0, middle = 0, most = 0] = [0, 0.5, 1].map(
          (at) => values.toSorted((a, b) => a - b)[Math.floor(at * (values.length - 1))],
        );
        return `| ${what} | ${least} | ${middle} | ${most} | ${unit} |`;
      };
      console.log(
        [
          `${count} guests, image ${await allocated(base)} bytes, disc ${(await stat(disc)).size} bytes`,
          '| per guest | least | median | most | |',
          line('overlay, new', fresh, 'bytes'),
          line('overlay, after one write', used, 'bytes'),
          line('create the overlay', made, 'ms'),
          `| virtio-win attach --all | | ${Math.round(attach)} | | ms |`,
          line('start, read the disc, write, end', run, 'ms'),
        ].join('\n'),
      );
      expect(Math.max(...used)).toBeLessThan(1 << 20);
    } finally {
      await libvirt.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});

/** Runs it for each name, two at a time, and returns the milliseconds of each. */
function timed(all: readonly string[], work: (name: string) => Promise<void>): Promise<number[]> {
  return pMap(
    all,
    async (name) => {
      const begun = performance.now();
      await work(name);
      return Math.round(performance.now() - begun);
    },
    { concurrency: 2 },
  );
}

async function allocated(path: string): Promise<number> {
  return (await stat(path)).blocks * 512;
}

/** The first word of what a guest sees on a disk. */
async function firstWord(image: string): Promise<string> {
  const { stdout } = await execa(
    'qemu-img',
    ['dd', '-f', 'qcow2', '-O', 'raw', 'bs=512', 'count=1', `if=${image}`, `of=${image}.first`],
    { env },
  ).then(() => execa('head', ['-c', '64', `${image}.first`]));
  return stdout.trim();
}

function guestXml(folder: string, name: string): string {
  return `<domain type='qemu'>
  <name>${name}</name>
  <memory unit='MiB'>128</memory>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <kernel>${folder}/vmlinuz</kernel>
    <initrd>${folder}/initramfs</initrd>
    <cmdline>console=ttyS0 ${quickOptions} once mark=${name}</cmdline>
  </os>
  <features><acpi/></features>
  <cpu mode='maximum'/>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/>
      <source file='${folder}/images/${name}.qcow2'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <disk type='file' device='cdrom'><target dev='sda' bus='sata'/><readonly/></disk>
    <serial type='null'><target port='0'/></serial>
    <serial type='file'><source path='${folder}/${name}.report' append='on'/><target port='1'/></serial>
    <memballoon model='none'/>
  </devices>
</domain>
`;
}
