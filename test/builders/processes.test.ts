import { execa } from 'execa';
import { expect, test } from 'vitest';
import { childrenOf, listProcesses } from './processes.ts';

test('the children of a process are found, whatever they are called', async () => {
  const child = execa('sh', ['-c', 'exec sleep 600'], { reject: false });
  try {
    expect(await childrenOf(process.pid)).toContain(child.pid);
    await expect
      .poll(async () => (await listProcesses()).find(({ id }) => id === child.pid))
      .toMatchObject({ parent: process.pid, name: 'sleep' });
  } finally {
    child.kill();
    await child;
  }
  expect(await childrenOf(process.pid)).not.toContain(child.pid);
});
