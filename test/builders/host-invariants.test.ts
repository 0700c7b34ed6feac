import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { watchHost } from './host-invariants.ts';
import { temporaryFolder } from './release.ts';
import { unmount } from './unmount.ts';

const isos = 'owner, mode, size and date of ISOs';
const isRoot = process.getuid?.() === 0;

async function watched() {
  const folder = await temporaryFolder('pvdisc-watched-');
  const [discs, temporary] = [join(folder, 'discs'), join(folder, 'tmp')];
  for (const name of [discs, temporary]) await mkdir(name);
  await writeFile(join(discs, 'x.iso'), 'disc', { mode: 0o444 });
  const lists = new Map<string, string>();
  const virsh = async (command: string) => lists.get(command) ?? '\n';
  const check = await watchHost({ folder, discs, temporary: [temporary], virsh }, 1000);
  return { folder, discs, temporary, lists, check };
}

test('a host as it was is good', async () => {
  await (await watched()).check();
});

test.each([
  ['the mode of an ISO', isos, ({ discs }) => chmod(join(discs, 'x.iso'), 0o644)],
  ['a new ISO', isos, ({ discs }) => writeFile(join(discs, 'y.iso'), '')],
  ['a temporary file', 'temporary files', ({ temporary }) => writeFile(join(temporary, 'tmp.x'), '')],
  ['a process', 'processes', async ({ folder }) => void sleeper(folder)],
  ['a storage pool', 'storage pools', async ({ lists }) => void lists.set('pool-list', ' discs \n\n')],
  ['a network', 'networks', async ({ lists }) => void lists.set('net-list', 'default\n')],
  ['a secret', 'secrets', async ({ lists }) => void lists.set('secret-list', ' uuid  ceph\n')],
] as const satisfies readonly [
  string,
  string,
  (host: Awaited<ReturnType<typeof watched>>) => Promise<void>,
][])('%s that is left is found', async (_, row, leave) => {
  const host = await watched();
  await leave(host);
  expect(await changedRows(host.check)).toEqual([row]);
});

test.skipIf(!isRoot)('a mount that is left is found', async () => {
  const { temporary, check } = await watched();
  await execa('mount', ['-t', 'tmpfs', 'tmpfs', temporary]);
  try {
    expect(await changedRows(check)).toEqual(['mounts']);
  } finally {
    await unmount(temporary);
  }
  await check();
});

/** A process in a folder, until the test ends. */
function sleeper(folder: string): void {
  const running = execa('sleep', ['600'], { cwd: folder, reject: false });
  onTestFinished(async () => {
    running.kill();
    await running;
  });
}

/** The rows by which a check fails. */
async function changedRows(check: () => Promise<void>): Promise<string[]> {
  type Rows = Readonly<Record<string, unknown>>;
  const { actual, expected } = await check().then(
    (): { actual: Rows; expected: Rows } => ({ actual: {}, expected: {} }),
    (error) => error,
  );
  return Object.keys(actual).filter(
    (name) => JSON.stringify(actual[name]) !== JSON.stringify(expected[name]),
  );
}
