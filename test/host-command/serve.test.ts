import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, onTestFinished, test } from 'vitest';
import { lacksTool, toolPath } from '../builders/needs.ts';
import { pathWithout } from '../builders/path-without.ts';
import { freePort } from '../builders/server.ts';
import { type Host, installDisc, makeHost, script, shells, writeProgram } from './host.ts';

/** Starts `virtio-win serve` and waits for its first line; `stop` ends it by a signal. */
async function startServer(host: Host, shell: string, ...args: readonly string[]) {
  const [program = '', ...words] = shell.split(' ');
  const server = execa(program, [...words, script, 'serve', ...args], {
    env: host.env,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: 60_000,
  });
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    server.kill(signal);
    return server;
  };
  onTestFinished(() => void stop('SIGTERM'));
  const line = await Promise.race([
    new Promise<string>((resolve) => server.stdout.once('data', (data) => resolve(String(data)))),
    server.then(({ stderr }) => Promise.reject(new Error(stderr))),
  ]);
  return { line: line.trim(), stop };
}

async function hostWithDisc(): Promise<Host> {
  const host = await makeHost();
  await installDisc(host, 'virtio-win-1.0', { bytes: Buffer.alloc(8192, 'disc') });
  return host;
}

const read = async (url: string, to: string) => {
  await execa('qemu-img', ['convert', '-f', 'raw', '-O', 'raw', url, to], { env: { PATH: toolPath } });
  return readFile(to);
};

describe.skipIf(lacksTool('dash', 'busybox', 'tgtd', 'qemu-nbd', 'nbdkit', 'nbdinfo', 'qemu-img', 'qemu-io'))(
  'serve',
  () => {
    test.each([
      { program: 'qemu-nbd', protocol: 'nbd', name: 'virtio-win-1.0' },
      { program: 'nbdkit', protocol: 'nbd', name: 'virtio-win-1.0' },
      { program: 'tgt', protocol: 'iscsi', name: 'iqn.2024-08.internal.virtio-win:virtio-win-1.0/1' },
    ])('by $program: the same bytes, read-only, until it is ended', async ({ program, protocol, name }) => {
      for (const shell of program === 'tgt' ? shells : ['dash']) {
        const host = await hostWithDisc();
        const place = `127.0.0.1:${await freePort()}`;
        const { line, stop } = await startServer(host, shell, `--${protocol}`, place, '--with', program);
        const url = `${protocol}://${place}/${name}`;
        expect(line).toBe(`virtio-win-1.0: read-only at ${url}, by ${program}; Ctrl-C ends it`);
        const disc = join(host.discs, 'virtio-win-1.0.iso');
        expect(await read(url, join(host.folder, 'copy'))).toEqual(await readFile(disc));
        if (protocol === 'nbd') {
          const { stdout } = await execa('nbdinfo', ['--json', url], { env: { PATH: toolPath } });
          expect(JSON.parse(stdout).exports[0]).toMatchObject({ is_read_only: true, can_multi_conn: true });
        }
        const write = await execa('qemu-io', ['-f', 'raw', '-c', 'write -P 7 0 512', url], {
          env: { PATH: toolPath },
          all: true,
          reject: false,
        });
        expect(write.all).toMatch(/read-only|Permission denied|ILLEGAL_REQUEST|write failed|write-protected/);
        expect((await readFile(disc)).subarray(0, 4).toString()).toBe('disc');
        const ended = await stop();
        expect({ exitCode: ended.exitCode, stderr: ended.stderr }).toEqual({ exitCode: 143, stderr: '' });
        await expect(read(url, join(host.folder, 'later'))).rejects.toThrow(/refused|Failed to connect/);
      }
    });

    test.each([
      {
        args: ['--nbd', '192.0.2.1:20809', '--with', 'qemu-nbd'],
        words: /192\.0\.2\.1:20809: qemu-nbd ended: /,
      },
      { args: ['--nbd', '192.0.2.1:20809', '--with', 'nbdkit'], words: /192\.0\.2\.1:20809: nbdkit ended: / },
      { args: ['--iscsi', '192.0.2.1:13999'], words: /192\.0\.2\.1:13999: tgtd cannot listen there: Cannot/ },
      {
        args: ['--nbd', 'no-host.invalid'],
        words: /no-host\.invalid: this is neither an address nor a known host name/,
      },
    ])('at an address that this host has not, it serves nowhere: $args', async ({ args, words }) => {
      const host = await hostWithDisc();
      const { exitCode, stdout, stderr } = await host.run('dash', 'serve', ...args);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toMatch(words);
      expect(stderr).toMatch(/\nhint: ./);
    });

    test('by lio: no portal on all addresses, write-protected, and gone at the end', async () => {
      const host = await hostWithDisc();
      const log = join(host.folder, 'targetcli.log');
      // `ls` fails for what is not there, as in targetcli-fb.
      await writeProgram(host, 'targetcli', `#!/bin/sh\n[ "$2" != ls ] || exit 1\necho "$@" >>'${log}'\n`);
      const { line, stop } = await startServer(host, 'dash', '--iscsi', '127.0.0.1', '--with', 'lio');
      const target = 'iqn.2024-08.internal.virtio-win:virtio-win-1.0';
      expect(line).toContain(`iscsi://127.0.0.1:3260/${target}/1, by lio`);
      await stop();
      const disc = join(host.discs, 'virtio-win-1.0.iso');
      const group = `/iscsi/${target}/tpg1`;
      expect((await readFile(log, 'utf8')).trim().split('\n')).toEqual([
        `/backstores/fileio create name=virtio-win-1.0 file_or_dev=${disc} write_back=false`,
        `/iscsi create wwn=${target}`,
        `${group}/portals delete ip_address=0.0.0.0 ip_port=3260`,
        `${group} set attribute authentication=0 generate_node_acls=1 cache_dynamic_acls=1 demo_mode_write_protect=1`,
        `${group}/portals create ip_address=127.0.0.1 ip_port=3260`,
        `${group}/luns create storage_object=/backstores/fileio/virtio-win-1.0 lun=1`,
        `/iscsi delete wwn=${target}`,
        '/backstores/fileio delete name=virtio-win-1.0',
      ]);
      await writeProgram(host, 'targetcli', '#!/bin/sh\nexit 0\n');
      expect(await host.run('dash', 'serve', '--iscsi', '::1', '--with', 'lio')).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining(
          `${target}: LIO has this target already\nhint: if no virtio-win serves it`,
        ),
      });
    });

    test('a server that ends by itself ends the command; without any, the package is named', async () => {
      const host = await hostWithDisc();
      const pid = join(host.folder, 'pid');
      const server = `#!/bin/sh\necho $$ >'${pid}'\nfor word; do case $word in --pid-file=*) echo $$ >"\${word#*=}" ;; esac; done\nexec sleep 60\n`;
      await writeProgram(host, 'qemu-nbd', server);
      const { line, stop } = await startServer(host, 'dash', '--nbd', '[::1]:10809', '--with', 'qemu-nbd');
      expect(line).toContain('nbd://[::1]:10809/virtio-win-1.0');
      process.kill(Number(await readFile(pid, 'utf8')));
      expect(await stop('SIGCONT')).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(/qemu-nbd ended \(143\)\nhint: guests that use the disc wait/),
      });
      host.env.PATH = await pathWithout('tgtd', 'targetcli');
      expect(await host.run('dash', 'serve', '--iscsi', '::1')).toMatchObject({
        exitCode: 3,
        stderr: expect.stringContaining('missing: tgtd\nhint: as root, type: apt-get install tgt'),
      });
    });
  },
);
