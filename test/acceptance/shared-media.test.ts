import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sha256 } from '../builders/disc-contents.ts';
import { serveFolder } from '../builders/folder-server.ts';
import { isAsked } from '../builders/guest/asked.ts';
import { writeInitramfs } from '../builders/guest/initramfs.ts';
import { guestKernel } from '../builders/guest/kernel.ts';
import { unpackedKernel } from '../builders/guest/quick-boot.ts';
import { nextRound, roundsOf, startWorker, untilLine } from '../builders/guest/worker.ts';
import { buildIso } from '../builders/iso.ts';
import { lacksTool, toolPath } from '../builders/needs.ts';
import { childrenOf } from '../builders/processes.ts';
import { temporaryFolder } from '../builders/release.ts';
import { freePort } from '../builders/server.ts';
import { script, writeDisc } from '../host-command/host.ts';

const isSkipped = lacksTool(
  'tgtd',
  'qemu-nbd',
  'qemu-system-x86_64',
  'busybox',
  'cpio',
  'modprobe',
  'depmod',
  'xorriso',
);

/** A server that virtio-win started. */
interface Server {
  readonly url: string;
  readonly kill: () => Promise<void>;
}

describe.skipIf(isSkipped)('two guests and one disc on a server', { timeout: 300_000 }, () => {
  test('they hash it at the same time over iSCSI and NBD, cannot write, and outlive the server', async ({
    skip,
  }) => {
    const kernel = await guestKernel();
    if (kernel === undefined) return skip('no kernel for the guest');
    const folder = await temporaryFolder('pvdisc-media-');
    const boot = {
      image: await unpackedKernel(kernel.image),
      initramfs: await writeInitramfs(kernel, folder, 'work.sh'),
    };
    const bytes = await buildIso({ 'README.txt': 'a disc for two\n', 'big.bin': 'x'.repeat(3_000_000) });
    const digest = sha256(bytes);
    const disc = await writeDisc(folder, 'virtio-win-1.0', { bytes });
    const serve = async (protocol: string, port: number): Promise<Server> => {
      const env = { PATH: toolPath, TMPDIR: folder, VIRTIO_WIN_DIR: folder };
      const server = execa('sh', [script, 'serve', `--${protocol}`, `127.0.0.1:${port}`], {
        env,
        extendEnv: false,
        reject: false,
        stdin: 'ignore',
      });
      onTestFinished(async () => {
        server.kill();
        await server;
      });
      const line = await new Promise<string>((resolve) =>
        server.stdout.once('data', (data) => resolve(String(data))),
      );
      const kill = async () => {
        for (const child of await childrenOf(server.pid)) process.kill(child, 'SIGKILL');
        expect((await server).exitCode).toBe(1);
      };
      return { url: /at (\S+),/.exec(line)?.[1] ?? '', kill };
    };
    const ports = { iscsi: await freePort(), nbd: await freePort() };
    const servers = [await serve('iscsi', ports.iscsi), await serve('nbd', ports.nbd)];
    const [iscsi, nbd] = servers.map(({ url }) => url);

    const cd = (id: string, source: string) => [
      ...['-drive', `${source},format=raw,readonly=on,if=none,id=${id}`],
      ...['-device', `ide-cd,drive=${id},bus=ide.${id.slice(-1)}`],
    ];
    const server = `file.server.type=inet,file.server.host=127.0.0.1,file.server.port=${ports.nbd}`;
    const waiting = `file.driver=nbd,${server},file.export=virtio-win-1.0,file.reconnect-delay=3600`;
    const patient = await startWorker(boot, folder, 'patient', [
      ...cd('cd0', `file=${iscsi}`),
      ...cd('cd1', waiting),
    ]);
    onTestFinished(patient.stop);
    const plain = await startWorker(boot, folder, 'plain', [
      ...cd('cd0', `file=${iscsi}`),
      ...cd('cd1', `file=${nbd}`),
    ]);
    onTestFinished(plain.stop);
    const drives = [
      { way: 'iSCSI', guest: patient, device: 'sr0' },
      { way: 'iSCSI', guest: plain, device: 'sr0' },
      { way: 'NBD', guest: plain, device: 'sr1' },
      { way: 'NBD, `reconnect-delay`', guest: patient, device: 'sr1' },
    ];
    const reads = await Promise.all(
      drives.map(async ({ guest: { report }, device }) => {
        await untilLine(report, new RegExp(`^WRITE ${device} refused$`, 'm'));
        return nextRound(report, device);
      }),
    );
    expect(reads.map((round) => round?.found)).toEqual(drives.map(() => digest));

    await Promise.all(servers.map(({ kill }) => kill()));
    const away = await Promise.all(
      drives.map(
        async ({ guest, device }) =>
          (await nextRound(guest.report, device, { seconds: 6 }))?.found ?? 'waits',
      ),
    );
    await Promise.all([serve('iscsi', ports.iscsi), serve('nbd', ports.nbd)]);
    const back = await Promise.all(
      drives.map(({ guest, device }) => nextRound(guest.report, device, { found: digest })),
    );
    const table = drives.map(({ way }, index) => {
      const before = away[index] === 'error' ? 'reads fail' : 'reads wait';
      return `| ${way} | ${before} | ${back[index] === undefined ? 'reads fail' : 'reads the disc again'} |`;
    });
    const rows = [...new Set(table)];
    console.log(['| way | while the server is away | when it is back |', ...rows].join('\n'));
    const page = await readFile(join(import.meta.dirname, '../../docs/shared-media.md'), 'utf8');
    const squeezed = page.replaceAll(/ +/g, ' ');
    for (const row of rows) expect(squeezed).toContain(row);
    for (const { guest } of drives) {
      const rounds = await roundsOf(guest.report);
      expect(new Set(rounds.map((round) => round.boot)).size).toBe(1);
      expect(rounds.filter(({ found }) => found !== digest && found !== 'error')).toEqual([]);
    }
    expect(sha256(await readFile(disc))).toBe(digest);
  });
});

describe.runIf(isAsked('media'))('a guest whose firmware is iPXE', { timeout: 300_000 }, () => {
  test('runs the script of snippet ipxe: the kernel gets the drivers, byte by byte', async () => {
    const kernel = await guestKernel();
    if (kernel === undefined) throw new Error('no kernel for the guest');
    const folder = await temporaryFolder('pvdisc-ipxe-');
    await writeDisc(folder, 'virtio-win-1.0');
    const files: Record<string, string> = {};
    const place = join(folder, 'releases/virtio-win/drivers/loadable/viostor/w11/amd64');
    await mkdir(place, { recursive: true });
    for (const type of ['inf', 'cat', 'sys']) {
      const [name, text] = [`viostor.${type}`, `a line of the ${type}\n`.repeat(9999)];
      files[name] = sha256(Buffer.from(text));
      await writeFile(join(place, name), text);
    }
    const windows = { 'winpeshl.ini': '[LaunchApps]\n', 'drivers.cmd': 'drvload\n', 'boot.wim': 'a WIM\n' };
    const places = { 'boot.wim': 'sources/boot.wim', BCD: 'boot/bcd', 'boot.sdi': 'boot/boot.sdi' };
    for (const [name, text] of Object.entries({ ...windows, BCD: 'a BCD\n', 'boot.sdi': 'an SDI\n' })) {
      const path = join(folder, 'WINDOWS', places[name as keyof typeof places] ?? name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
      files[name] = sha256(Buffer.from(text));
    }
    // Linux stands for wimboot: iPXE gives both their files as a cpio archive. Its own initramfs is the one addition to the script.
    await copyFile(kernel.image, join(folder, 'WINDOWS/wimboot'));
    await copyFile(await writeInitramfs(kernel, folder, 'work.sh'), join(folder, 'WINDOWS/initramfs'));
    const { url, close } = await serveFolder(folder);
    onTestFinished(close);
    const env = { PATH: toolPath, VIRTIO_WIN_DIR: folder };
    const { stdout } = await execa('sh', [script, 'snippet', 'ipxe', 'w11', 'amd64'], {
      env,
      extendEnv: false,
    });
    const address = stdout.replaceAll('ADDRESS:8080', url.replace('http://127.0.0.1', '10.0.2.2'));
    const added = address.replace(/^initrd --name boot\.wim (.*)sources.*$/m, '$&\ninitrd $1initramfs');
    await writeFile(join(folder, 'virtio-win.ipxe'), `${added}\n`);
    const report = join(folder, 'report');
    await execa(
      'qemu-system-x86_64',
      [
        ...[
          '-machine',
          'q35',
          '-accel',
          'tcg',
          '-cpu',
          'max',
          '-m',
          '256',
          '-nodefaults',
          '-display',
          'none',
          '-no-reboot',
        ],
        ...[
          '-netdev',
          `user,id=n,tftp=${folder},bootfile=virtio-win.ipxe`,
          '-device',
          'virtio-net-pci,netdev=n,bootindex=0',
        ],
        ...['-serial', 'null', '-serial', `file:${report}`],
      ],
      { stdin: 'ignore', timeout: 120_000, reject: false },
    );
    const lines = (await readFile(report, 'utf8')).matchAll(/^FILE (\w{64}) {2}(.*)$/gm);
    expect(Object.fromEntries([...lines].map(([, digest, name]) => [name, digest]))).toEqual(files);
  });
});
