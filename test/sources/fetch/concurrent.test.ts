import { existsSync } from 'node:fs';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lockPath } from '../../../pipeline/system/lock.ts';
import { bytes, digestOf, expectCached, openUrl, others } from '../../builders/fetched.ts';
import { ranged } from '../../builders/misbehaving.ts';
import { startServer } from '../../builders/server.ts';
import { makeSetting } from '../../builders/source-setting.ts';

describe('several runs at once', () => {
  test('fetch a file once; the others wait for it', async () => {
    const { url, asked } = await startServer({
      '/x.zip': (response) => {
        response.write(bytes.subarray(0, 100), () =>
          setTimeout(() => response.end(bytes.subarray(100)), 300),
        );
      },
    });
    const setting = await makeSetting();
    const rivals = [
      setting,
      ...(await Promise.all([1, 2].map(() => makeSetting({ cacheDir: setting.context.cacheDir })))),
    ];
    const trees = await Promise.all(rivals.map((one) => openUrl(`${url}/x.zip`, one)));
    for (const { files } of trees) expect(files).toHaveLength(2);
    expect(asked).toHaveLength(1);
    const waiting = rivals.filter(({ notes }) =>
      notes.includes('drivers: another run is fetching it; waiting for that run to finish'),
    );
    expect(waiting).toHaveLength(2);
    await expectCached(setting);
  });

  test('a run that was killed holds up nobody, and what it brought is used', async () => {
    const { url, headers } = await startServer({ '/x.zip': ranged(bytes) });
    const setting = await makeSetting();
    const partial = join(setting.context.cacheDir, 'partial', digestOf(bytes));
    await mkdir(lockPath(partial), { recursive: true });
    await utimes(lockPath(partial), 1, 1);
    await writeFile(partial, bytes.subarray(0, 1234));
    await writeFile(`${partial}.json`, JSON.stringify({ url: `${url}/x.zip` }));
    await openUrl(`${url}/x.zip`, setting);
    expect(headers[0]).toMatchObject({ range: 'bytes=1234-' });
    expect(existsSync(lockPath(partial))).toBe(false);
    await expectCached(setting);
  });

  test.each([
    ['is whole', () => bytes, 0],
    ['is too long', () => Buffer.concat([bytes, bytes]), 1],
    ['is of other bytes', () => others, 1],
  ])('what a killed run left and %s is found out', async (_, left, requests) => {
    const { url, asked } = await startServer({ '/x.zip': ranged(bytes) });
    const setting = await makeSetting();
    const partial = join(setting.context.cacheDir, 'partial', digestOf(bytes));
    await mkdir(dirname(partial), { recursive: true });
    await writeFile(partial, left());
    await writeFile(`${partial}.json`, JSON.stringify({ url: `${url}/x.zip` }));
    await openUrl(`${url}/x.zip`, setting);
    expect(asked).toHaveLength(requests);
    await expectCached(setting);
  });

  test('a partial file of unknown origin is not used', async () => {
    const { url, headers } = await startServer({ '/x.zip': ranged(bytes) });
    const setting = await makeSetting();
    const partial = join(setting.context.cacheDir, 'partial', digestOf(bytes));
    await mkdir(dirname(partial), { recursive: true });
    await writeFile(partial, others.subarray(0, 99));
    await writeFile(`${partial}.json`, '{"url":');
    await openUrl(`${url}/x.zip`, setting);
    expect(headers[0]).not.toHaveProperty('range');
    await expectCached(setting);
  });
});
