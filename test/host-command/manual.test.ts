import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { addLibvirt, addPool } from './fake-virsh.ts';
import { guestXml } from './guest-xml.ts';
import { installDisc, makeHost, script } from './host.ts';

const uuid = '11111111-2222-4333-8444-555555555555';

test('the manual page names every field of JSON that a command prints', async () => {
  const host = await makeHost();
  const disc = await installDisc(host, 'virtio-win-1.0');
  await mkdir(join(host.discs, 'releases/virtio-win/drivers/loadable'), { recursive: true });
  const config = guestXml([{ target: 'sda', bus: 'sata', source: disc }]);
  await addLibvirt(host, [{ name: 'win11', uuid, config }]);
  await addPool(host, { name: 'discs', uuid, folder: host.discs, is: ['running'] });
  const page = await readFile(join(script, '../virtio-win.1'), 'utf8');
  const [, section = ''] = /^\.SH JSON\n(.*?)^\.SH /ms.exec(page) ?? [];
  const documented = new Set(section.match(/\w+/g));
  const commands = [
    'path',
    'path --for virt-v2v',
    'list',
    'verify',
    'show',
    'which 1af4:1042',
    'detect',
    'status win11',
    'leftover',
    'doctor',
  ];
  const missing: string[] = [];
  for (const words of commands) {
    const { stdout } = await host.run('dash', ...words.split(' '), '--json');
    const keys = fields(JSON.parse(stdout));
    expect(keys.length).toBeGreaterThan(2);
    missing.push(...keys.filter((key) => !documented.has(key)).map((key) => `${words}: ${key}`));
  }
  expect(missing).toEqual([]);
});

/** The names of all fields of a value, at any depth. */
function fields(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(fields);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...fields(inner)]);
}

test('every example of the manual page works', async () => {
  const page = (await readFile(join(script, '../virtio-win.1'), 'utf8')).replaceAll('\\-', '-');
  const examples = [...page.matchAll(/^\.EX\n([\s\S]*?)\n\.EE/gm)].flatMap(([, block = '']) =>
    block.split('\n'),
  );
  expect(examples).toHaveLength(7);
  const host = await makeHost();
  await installDisc(host, 'virtio-win-1.0');
  const config = guestXml([{ target: 'sda', bus: 'sata' }]);
  await addLibvirt(host, [{ name: 'win11', uuid, config }]);
  await symlink(script, join(host.bin, 'virtio-win'));
  for (const example of examples) {
    const { exitCode, stderr } = await execa('sh', ['-c', example], {
      env: host.env,
      extendEnv: false,
      reject: false,
    });
    expect({ example, exitCode, stderr }).toEqual({ example, exitCode: 0, stderr: '' });
  }
});
