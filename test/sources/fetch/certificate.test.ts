import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, connect, createServer as createProxy } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, onTestFinished, test } from 'vitest';
import { program } from '../../builders/built-release.ts';
import { withCatalog } from '../../builders/catalog.ts';
import { digestOf } from '../../builders/fetched.ts';
import { lacksTool } from '../../builders/needs.ts';
import { temporaryFolder, writeRelease } from '../../builders/release.ts';
import { driverFolder } from '../../builders/tree.ts';
import { buildZip } from '../../builders/zip.ts';

const bytes = await buildZip(withCatalog(driverFolder('Win10/x86')));

const in2020 = ['faketime', '2020-01-01 00:00:00', 'openssl'];

describe.skipIf(lacksTool('openssl', 'faketime'))('a server with a certificate of its own', () => {
  test('is asked once, and the error says how to trust it', async () => {
    const { url, asked } = await startTlsServer();
    const { exitCode, stderr } = await check(url, {});
    expect(stderr).toContain(`${url}: no response from ${new URL(url).host}: self-signed certificate\n`);
    expect(stderr).toContain("  hint: check this machine's clock; if your own authority issued");
    expect(stderr).toContain("set NODE_EXTRA_CA_CERTS to the authority's PEM file, or give the file");
    expect(stderr).not.toContain('retrying');
    expect({ exitCode, asked }).toEqual({ exitCode: 4, asked: [] });
  });

  test('is trusted through NODE_EXTRA_CA_CERTS', async () => {
    const { url, cert, asked } = await startTlsServer();
    const { exitCode, stderr } = await check(url, { NODE_EXTRA_CA_CERTS: cert });
    expect({ exitCode, asked }, stderr).toEqual({ exitCode: 0, asked: ['/x.zip'] });
  });

  test.each([
    ['IPv6', '::1', 'IP:::1', ['openssl'], 0, ''],
    [
      'another address',
      '127.0.0.1',
      'IP:127.0.0.2',
      ['openssl'],
      4,
      "IP: 127.0.0.1 is not in the cert's list",
    ],
    ['a time that is over', '127.0.0.1', 'IP:127.0.0.1', in2020, 4, 'certificate has expired'],
  ] as const)('for %s is judged by what it says', async (_, host, names, openssl, wanted, says) => {
    const { url, cert, asked } = await startTlsServer(host, names, openssl);
    const { exitCode, stderr } = await check(url, { NODE_EXTRA_CA_CERTS: cert });
    expect({ exitCode, asked: asked.length }, stderr).toEqual({
      exitCode: wanted,
      asked: wanted === 0 ? 1 : 0,
    });
    expect(stderr).toContain(says);
    expect(stderr).not.toContain('retrying');
  });

  test('is reached by IPv6 through the tunnel of a proxy', async () => {
    const { url, cert, asked } = await startTlsServer('::1', 'IP:::1');
    const proxy = await startTunnel();
    const { exitCode, stderr } = await check(url, { NODE_EXTRA_CA_CERTS: cert, HTTPS_PROXY: proxy.url });
    expect({ exitCode, asked }, stderr).toEqual({ exitCode: 0, asked: ['/x.zip'] });
    expect(proxy.asked).toEqual([`CONNECT ${new URL(url).host} HTTP/1.1`]);
  });

  test('is reached through the tunnel of a proxy', async () => {
    const { url, cert, asked } = await startTlsServer();
    const proxy = await startTunnel();
    const { exitCode, stderr } = await check(url, { NODE_EXTRA_CA_CERTS: cert, HTTPS_PROXY: proxy.url });
    expect({ exitCode, asked }, stderr).toEqual({ exitCode: 0, asked: ['/x.zip'] });
    expect(proxy.asked).toEqual([`CONNECT ${new URL(url).host} HTTP/1.1`]);
  });

  test('is not trusted through the tunnel of a proxy either', async () => {
    const { url, asked } = await startTlsServer();
    const proxy = await startTunnel();
    const { exitCode, stderr } = await check(url, { HTTPS_PROXY: proxy.url });
    const through = `through the proxy ${new URL(proxy.url).host}: self-signed certificate`;
    expect(stderr).toContain(`no response from ${new URL(url).host} ${through}`);
    expect({ exitCode, asked }).toEqual({ exitCode: 4, asked: [] });
  });
});

async function check(url: string, env: Readonly<Record<string, string>>) {
  const web = { type: 'http', url, sha256: digestOf(bytes), size: bytes.length };
  const { file, folder } = await writeRelease({ release: { sources: { web } } });
  return execa(process.execPath, [program, 'check', file], {
    reject: false,
    env: { PVDISC_CACHE: join(folder, 'cache'), NO_PROXY: '', no_proxy: '', ...env },
  });
}

async function startTlsServer(
  host = '127.0.0.1',
  altNames = `IP:${host}`,
  openssl: readonly string[] = ['openssl'],
) {
  const folder = await temporaryFolder('pvdisc-tls-');
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const names = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=${altNames}`];
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
  await execa('env', [...openssl, ...request, ...names, '-keyout', key, '-out', cert]);
  const asked: string[] = [];
  const server = createServer(
    { key: await readFile(key), cert: await readFile(cert) },
    (incoming, response) => {
      asked.push(incoming.url ?? '');
      response.end(bytes);
    },
  );
  const shown = host.includes(':') ? `[${host}]` : host;
  return { url: `https://${shown}:${await listen(server, host)}/x.zip`, cert, asked };
}

/** A proxy that makes a tunnel to wherever it is asked to. */
async function startTunnel() {
  const asked: string[] = [];
  const server = createProxy((client) => {
    client.once('data', (first) => {
      const [line = ''] = first.toString().split('\r\n');
      asked.push(line);
      const { hostname, port } = new URL(`https://${line.split(' ')[1]}`);
      const target = connect(Number(port), hostname.replace(/^\[|\]$/g, ''), () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        client.pipe(target).pipe(client);
      });
      for (const end of [client, target]) end.on('error', () => {});
    });
  });
  return { url: `http://127.0.0.1:${await listen(server)}`, asked };
}

async function listen(server: Server | ReturnType<typeof createProxy>, host = '127.0.0.1'): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, host, resolve);
  });
  onTestFinished(() => {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}
