import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { program } from '../builders/built-release.ts';
import { withCatalog } from '../builders/catalog.ts';
import { pvdisc } from '../builders/command.ts';
import { digestOf } from '../builders/fetched.ts';
import { inTurn, ranged } from '../builders/misbehaving.ts';
import { writeRelease } from '../builders/release.ts';
import { startServer } from '../builders/server.ts';
import { driverFolder } from '../builders/tree.ts';
import { buildZip } from '../builders/zip.ts';

test('a run that is killed amid a download leaves what it has, and the next one continues it', async () => {
  const bytes = await buildZip(
    withCatalog(driverFolder('Win10/x86', { extras: { 'viostor.pdb': randomBytes(400_000) } })),
  );
  const half = Math.floor(bytes.length / 2);
  const server = await startServer({
    '/x.zip': inTurn(
      (response) => {
        response.writeHead(200, { 'content-length': bytes.length, etag: '"a"' });
        response.write(bytes.subarray(0, half), () => setTimeout(() => running.kill('SIGKILL'), 500));
      },
      ranged(bytes, { etag: '"a"' }),
    ),
  });
  const web = { type: 'http', url: `${server.url}/x.zip`, sha256: digestOf(bytes), size: bytes.length };
  const { file, folder } = await writeRelease({ release: { sources: { web } } });
  const env = { PVDISC_CACHE: join(folder, 'cache') };
  const running = execa(process.execPath, [program, 'check', file], { reject: false, env });
  await once(running, 'exit');
  expect(running.signalCode).toBe('SIGKILL');
  const listed = JSON.parse((await pvdisc(['cache', 'list', '--format', 'json'], env)).stdout);
  expect(listed.items).toEqual([
    expect.objectContaining({
      kind: 'partial',
      path: `partial/${digestOf(bytes)}`,
      size: expect.any(Number),
      origin: web.url,
    }),
  ]);
  expect(listed.items[0].size).toBeGreaterThan(0);
  expect(await pvdisc(['check', file], env)).toMatchObject({
    exitCode: 0,
    stderr: expect.stringMatching(
      /^(pvdisc: web: another run is fetching it; waiting for that run to finish\n)?$/,
    ),
  });
  expect(server.headers[1]).toMatchObject({ range: `bytes=${listed.items[0].size}-`, 'if-range': '"a"' });
});
