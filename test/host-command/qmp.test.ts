import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import { lacksTool } from '../builders/needs.ts';
import { type Host, installDisc, makeHost, shells } from './host.ts';

/** A QEMU with one CD drive, behind a QMP socket: what is in the drive, and which commands changed that. */
interface FakeQemu {
  readonly socket: string;
  medium: string | undefined;
  size: number;
  /** Answers query-block in a form that nobody knows. */
  isOdd: boolean;
  readonly changes: string[];
}

/** Starts a QEMU; `before` runs before it answers, with the command and how often that came. */
async function startQemu(
  host: Host,
  medium: string | undefined,
  before: (qemu: FakeQemu, command: string, count: number) => void = () => undefined,
  greeting = '{"QMP": {}}',
): Promise<FakeQemu> {
  const qemu: FakeQemu = { socket: join(host.folder, 'qmp'), medium, size: 20, isOdd: false, changes: [] };
  const counts: Record<string, number> = {};
  const answer = (command: string, filename: string): unknown => {
    switch (command) {
      case 'query-block': {
        if (qemu.isOdd) return 'odd';
        const inserted = qemu.medium && { file: qemu.medium, image: { 'virtual-size': qemu.size } };
        return [{ qdev: 'cd0', removable: true, ...(inserted && { inserted }) }];
      }
      case 'query-chardev':
        return [{ label: 'compat_monitor0', filename: `unix:${qemu.socket},server=on` }];
      case 'qom-get':
        return 'ide-cd';
      case 'blockdev-change-medium':
      case 'eject':
        qemu.changes.push(command);
        qemu.medium = command === 'eject' ? undefined : filename;
    }
    return {};
  };
  const server = createServer((connection) => {
    connection.on('error', () => undefined);
    connection.write(`${greeting}\n`);
    createInterface(connection).on('line', (line) => {
      const { execute, id, arguments: words } = JSON.parse(line);
      counts[execute] = (counts[execute] ?? 0) + 1;
      before(qemu, execute, counts[execute]);
      connection.write(`${JSON.stringify({ return: answer(execute, words.filename), id })}\n`);
    });
  });
  server.listen(qemu.socket);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return qemu;
}

const other = '/isos/other.iso';

describe.skipIf(lacksTool('dash', 'busybox', 'socat', 'jq', 'flock'))('somebody else on QMP', () => {
  describe.each(shells)('in %s', (shell) => {
    test.each([
      { words: ['attach'], holds: undefined, sees: 2, changes: [] },
      { words: ['swap', '--disc', 'virtio-win-2.0'], holds: 'virtio-win-1.0', sees: 2, changes: [] },
      { words: ['eject'], holds: 'virtio-win-1.0', sees: 2, changes: [] },
      { words: ['attach'], holds: undefined, sees: 3, changes: ['blockdev-change-medium'] },
    ])(
      'who inserts a disc before query-block $sees of $words.0 keeps it',
      async ({ words, holds, sees, changes }) => {
        const host = await makeHost();
        host.env.VIRTIO_WIN_SYSROOT = host.folder;
        for (const release of ['virtio-win-1.0', 'virtio-win-2.0']) await installDisc(host, release);
        const chosen = words[0] === 'attach' ? ['--disc', 'virtio-win-1.0'] : [];
        const held = holds && join(host.discs, `${holds}.iso`);
        const qemu = await startQemu(host, held, (fake, command, count) => {
          if (command === 'query-block' && count === sees) fake.medium = other;
        });
        expect(await host.run(shell, ...words, ...chosen, '--qmp', qemu.socket)).toEqual({
          exitCode: 1,
          stdout: '',
          stderr: [
            `virtio-win: ${qemu.socket}: it changed meanwhile: cd0 now holds ${other}`,
            `hint: look at it (virtio-win status --qmp ${qemu.socket}), then repeat`,
          ].join('\n'),
        });
        expect(qemu).toMatchObject({ medium: other, changes });
      },
    );
  });
});

describe.skipIf(lacksTool('dash', 'socat', 'jq', 'flock'))('a disc that QEMU has over a network', () => {
  const iscsi = {
    driver: 'raw',
    file: { driver: 'iscsi', portal: '192.0.2.1:3260', target: 'iqn.x:virtio-win-1.0', lun: 1 },
  };
  const nbd = {
    driver: 'nbd',
    server: { type: 'inet', host: '::1', port: '10809' },
    export: 'virtio-win-1.0',
  };
  test.each([
    { medium: 'nbd://192.0.2.1:10809/virtio-win-1.0', url: 'nbd://192.0.2.1:10809/virtio-win-1.0' },
    { medium: `json:${JSON.stringify(iscsi)}`, url: 'iscsi://192.0.2.1:3260/iqn.x:virtio-win-1.0/1' },
    { medium: `json:${JSON.stringify(nbd)}`, url: 'nbd://::1:10809/virtio-win-1.0' },
    { medium: 'https://192.0.2.1/tools', url: 'https://192.0.2.1/tools' },
  ])('is known by its name or its size: $url', async ({ medium, url }) => {
    const host = await makeHost();
    host.env.VIRTIO_WIN_SYSROOT = host.folder;
    await installDisc(host, 'virtio-win-1.0');
    const qemu = await startQemu(host, medium);
    qemu.size = 'disc virtio-win-1.0\n'.length;
    expect((await host.run('dash', 'attach', '--qmp', qemu.socket)).stdout).toBe(
      `${qemu.socket}: virtio-win-1.0 is already in cd0`,
    );
    const { stdout } = await host.run('dash', 'status', '--json', '--qmp', qemu.socket);
    expect(JSON.parse(stdout).discs).toMatchObject([{ disc: 'virtio-win-1.0', path: url, present: true }]);
    expect((await host.run('dash', 'eject', '--qmp', qemu.socket)).stdout).toBe(
      `${qemu.socket}: virtio-win-1.0 is out of cd0`,
    );
  });
});

test.skipIf(lacksTool('dash', 'socat', 'jq', 'flock'))(
  'eject --disc leaves a disc whose name is the same number',
  async () => {
    const host = await makeHost();
    host.env.VIRTIO_WIN_SYSROOT = host.folder;
    await installDisc(host, '1.1');
    const qemu = await startQemu(host, await installDisc(host, '1.10'));
    expect(await host.run('dash', 'eject', '--disc', '1.1', '--qmp', qemu.socket)).toEqual({
      exitCode: 0,
      stdout: `${qemu.socket}: it holds no disc 1.1`,
      stderr: '',
    });
    expect(qemu.changes).toEqual([]);
  },
);

test.skipIf(lacksTool('dash', 'socat', 'jq', 'flock'))('what greets in other words is no QEMU', async () => {
  const host = await makeHost();
  host.env.VIRTIO_WIN_SYSROOT = host.folder;
  await installDisc(host, 'virtio-win-1.0');
  const qemu = await startQemu(host, undefined, undefined, '{"a": "QMP", "b": 1}');
  expect(await host.run('dash', 'attach', '--qmp', qemu.socket)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining(`${qemu.socket}: no QEMU answers there`),
  });
  expect(qemu.changes).toEqual([]);
});

test.skipIf(lacksTool('dash', 'socat', 'jq', 'flock'))(
  'what QEMU does not tell after a change is not called unchanged',
  async () => {
    const host = await makeHost();
    host.env.VIRTIO_WIN_SYSROOT = host.folder;
    await installDisc(host, 'virtio-win-1.0');
    const qemu = await startQemu(host, undefined, (fake, command, count) => {
      fake.isOdd = command === 'query-block' && count === 3;
    });
    expect(await host.run('dash', 'attach', '--qmp', qemu.socket)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: [
        `virtio-win: ${qemu.socket}: QEMU does not say what cd0 holds: its answer has a form that is not known`,
        `hint: look at it (virtio-win status --qmp ${qemu.socket}), then repeat`,
      ].join('\n'),
    });
    expect(qemu.changes).toEqual(['blockdev-change-medium']);
  },
);
