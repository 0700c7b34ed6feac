import { chmod, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isAsked } from '../builders/guest/asked.ts';
import { writeInitramfs } from '../builders/guest/initramfs.ts';
import { guestKernel } from '../builders/guest/kernel.ts';
import { quickOptions, unpackedKernel } from '../builders/guest/quick-boot.ts';
import { nextRound, roundsOf, untilLine } from '../builders/guest/worker.ts';
import { buildIso } from '../builders/iso.ts';
import { type Ended, type Libvirt, startLibvirt } from '../builders/libvirt.ts';
import { readDocument } from '../docs/markdown.ts';

const { blocks } = readDocument('docs/balloon-and-agent.md');
const devices = blocks.find(({ language }) => language === 'xml')?.text ?? '';
const commands = blocks
  .filter(({ language }) => language === 'sh')
  .flatMap(({ text }) => text.trim().split('\n'))
  .map((line) => line.replace(/^sudo /, ''));

describe.runIf(isAsked('agent'))('docs/balloon-and-agent.md', { timeout: 600_000 }, () => {
  test('its commands, for a Linux guest with its devices: memory moves, the agent answers', async () => {
    const kernel = await guestKernel();
    if (kernel === undefined) throw new Error('no kernel for the guest');
    const folder = await mkdtemp(join(tmpdir(), 'pvdisc-agent-'));
    await chmod(folder, 0o755);
    await copyFile(await unpackedKernel(kernel.image), join(folder, 'vmlinuz'));
    await chmod(join(folder, 'vmlinuz'), 0o644);
    await writeInitramfs(kernel, folder, 'work.sh', ['qemu-ga']);
    await writeFile(join(folder, 'disc.iso'), await buildIso({ 'README.txt': 'a disc\n' }));
    const report = join(folder, 'report');
    await writeFile(report, '');
    await chmod(report, 0o666);
    const libvirt = await startLibvirt('session', folder, {});
    try {
      await writeFile(join(folder, 'guest.xml'), guestXml(folder));
      await libvirt.virsh('define', '--validate', join(folder, 'guest.xml'));
      await libvirt.virsh('start', 'win11');
      await untilLine(report, /^ROUND sr0 2 /m);
      const memory = async () => (await roundsOf(report)).at(-1)?.memory ?? 0;
      const full = await memory();
      const rows: string[] = [];
      for (const command of commands) {
        const { exitCode, stdout, stderr } = await untilAgent(libvirt, command);
        expect({ command, exitCode, stderr }).toEqual({ command, exitCode: 0, stderr: '' });
        const asked = /setmem win11 (\d+)M/.exec(command)?.[1];
        if (asked !== undefined) {
          const expected = full - (192 - Number(asked)) * 1024;
          for (let tries = 0; tries < 20 && (await memory()) !== expected; tries++)
            await nextRound(report, 'sr0');
          expect(await memory()).toBe(expected);
          expect(await libvirt.virsh('dommemstat', 'win11')).toContain(`actual ${Number(asked) * 1024}`);
        }
        if (command.includes('guest-ping')) expect(stdout.trim()).toBe('{"return":{}}');
        if (command.includes('guestinfo')) expect(stdout).toMatch(/^os\.kernel-release\s*: .*\d/m);
        if (command.includes('domtime')) expect(stdout).toMatch(/^Time: \d{10}/);
        const answer = asked === undefined ? (stdout.trim().split('\n')[0] ?? '') : '';
        rows.push(`| ${command} | ${await memory()} | ${answer.replaceAll(/\s+/g, ' ')} |`);
      }
      console.log(['| command | kB of memory in the guest | answer |', ...rows].join('\n'));
      expect(rows.length).toBeGreaterThan(5);
    } finally {
      await libvirt.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});

/** Runs a command of the page; the agent in the guest may need a moment until it is connected. */
async function untilAgent(libvirt: Libvirt, command: string): Promise<Ended> {
  for (let tries = 0; ; tries++) {
    const ended = await libvirt.run('sh', '-c', command);
    if (tries > 20 || !/agent is not connected/.test(ended.stderr)) return ended;
    await libvirt.run('sleep', '1');
  }
}

function guestXml(folder: string): string {
  return `<domain type='qemu'>
  <name>win11</name>
  <memory unit='MiB'>192</memory>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <kernel>${folder}/vmlinuz</kernel>
    <initrd>${folder}/initramfs</initrd>
    <cmdline>console=ttyS0 ${quickOptions}</cmdline>
  </os>
  <features><acpi/></features>
  <cpu mode='maximum'/>
  ${devices.replace('</devices>', '')}
    <disk type='file' device='cdrom'>
      <source file='${folder}/disc.iso'/>
      <target dev='sda' bus='sata'/>
      <readonly/>
    </disk>
    <serial type='null'><target port='0'/></serial>
    <serial type='file'><source path='${folder}/report' append='on'/><target port='1'/></serial>
  </devices>
</domain>
`;
}
