import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { type AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { program } from '../builders/built-release.ts';
import { withCatalog } from '../builders/catalog.ts';
import { pvdisc } from '../builders/command.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder, writeRelease } from '../builders/release.ts';
import { buildRepository } from '../builders/repository.ts';
import { gives, startServer } from '../builders/server.ts';
import { driverFolder } from '../builders/tree.ts';
import { buildZip } from '../builders/zip.ts';

/** A release with a package in debian/ of pvdisc. */
const packaged = { version: '0.1.0', package: { name: 'pvdisc-sample' } };

const drivers = withCatalog(driverFolder('Win10/x86'));

afterEach(() => {
  vi.restoreAllMocks();
});

describe('--offline', () => {
  test.each(['check', 'build'])(
    '%s opens no socket and names every source that is missing',
    async (command) => {
      const connect = vi.spyOn(Socket.prototype, 'connect');
      const { url, asked } = await startServer({ '/x.zip': gives('x') });
      const repository = { type: 'git', url: `${url}/x.git`, commit: 'a'.repeat(40) };
      const web = { type: 'http', url: `${url}/x.zip`, sha256: 'b'.repeat(64), size: 7 };
      const { file, folder } = await writeRelease({ release: { ...packaged, sources: { repository, web } } });
      const cache = join(folder, 'cache');
      const out = command === 'build' ? ['--out', join(folder, 'dist')] : [];
      const result = await pvdisc([command, file, '--offline', ...out], { PVDISC_CACHE: cache });
      expect(result.exitCode).toBe(4);
      expect(connect).not.toHaveBeenCalled();
      expect(asked).toEqual([]);
      for (const [id, address, use] of [
        ['repository', `${url}/x.git`, 'give a checkout with --use repository=PATH'],
        ['web', `${url}/x.zip`, 'give the file from disk with --use web=PATH'],
      ] as const) {
        expect(result.stderr).toContain(
          `sources.${id}: ${address}: is not in the cache (${cache}), and --offline forbids fetching it\n` +
            `  hint: ${use}, or run it once without --offline to fill the cache\n`,
        );
      }
    },
  );

  test.skipIf(lacksTool('git'))('takes sources from the cache', async () => {
    const bytes = await buildZip(drivers);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const { url, asked } = await startServer({ '/x.zip': gives(bytes) });
    const web = { type: 'http', url: `${url}/x.zip`, sha256, size: bytes.length };
    const { file, folder } = await writeRelease({ release: { sources: { web } } });
    const env = { PVDISC_CACHE: join(folder, 'cache') };
    expect(await pvdisc(['check', file], env)).toMatchObject({ exitCode: 0, stderr: '' });
    const connect = vi.spyOn(Socket.prototype, 'connect');
    expect(await pvdisc(['check', file, '--offline'], env)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(connect).not.toHaveBeenCalled();
    expect(asked).toHaveLength(1);
    await writeFile(join(folder, 'cache/sha256', sha256), 'damaged');
    expect(await pvdisc(['check', file, '--offline'], env)).toMatchObject({ exitCode: 4 });
    expect(await readFile(join(folder, 'cache/sha256', sha256), 'utf8')).toBe('damaged');
  });

  test.skipIf(lacksTool('git'))('still reads repositories on this disk', async () => {
    const { url, commit } = await buildRepository(drivers);
    const repository = { type: 'git', url, commit };
    const { file, folder } = await writeRelease({ release: { sources: { repository } } });
    const env = { PVDISC_CACHE: join(folder, 'cache') };
    expect(await pvdisc(['check', file, '--offline'], env)).toMatchObject({ exitCode: 0 });
  });
});

test.skipIf(lacksTool('openssl'))('a redirect from https to http is refused, with exit code 4', async () => {
  const folder = await temporaryFolder('pvdisc-tls-');
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const request = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
  ];
  await execa('openssl', [...request, ...names, '-keyout', key, '-out', cert]);
  const plain = await startServer({ '/x.zip': gives(randomBytes(10)) });
  const server = createServer({ key: await readFile(key), cert: await readFile(cert) }, (_, response) => {
    response.writeHead(302, { location: `${plain.url}/x.zip` }).end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/x.zip`;
  const web = { type: 'http', url, sha256: 'a'.repeat(64), size: 10 };
  const release = await writeRelease({ release: { sources: { web } } });
  const { exitCode, stderr } = await execa(process.execPath, [program, 'check', release.file], {
    reject: false,
    env: { NODE_EXTRA_CA_CERTS: cert, PVDISC_CACHE: join(folder, 'cache') },
  });
  expect(stderr).toContain(
    `redirects from https to plain http, which others can tamper with: ${plain.url}/x.zip`,
  );
  expect(exitCode).toBe(4);
  expect(plain.asked).toEqual([]);
});
