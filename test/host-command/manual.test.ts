import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { addLibvirt } from './fake-virsh.ts';
import { guestXml } from './guest-xml.ts';
import { installDisc, makeHost, script } from './host.ts';

test('every example of the manual page works', async () => {
  const page = (await readFile(join(script, '../virtio-win.1'), 'utf8')).replaceAll('\\-', '-');
  const examples = [...page.matchAll(/^\.EX\n([\s\S]*?)\n\.EE/gm)].flatMap(([, block = '']) =>
    block.split('\n'),
  );
  expect(examples).toHaveLength(7);
  const host = await makeHost();
  await installDisc(host, 'virtio-win-1.0');
  const config = guestXml([{ target: 'sda', bus: 'sata' }]);
  await addLibvirt(host, [{ name: 'win11', uuid: '11111111-2222-4333-8444-555555555555', config }]);
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
