import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore } from '../../pipeline/reproduce/store.ts';
import { lacksTool } from '../builders/needs.ts';
import { type Registry, startRegistry } from '../builders/registry.ts';

const { signal } = new AbortController();
const key = 'ab'.repeat(32);

describe('a store', () => {
  let work = '';
  let registry: Registry | undefined;

  beforeAll(async () => {
    work = await mkdtemp(join(tmpdir(), 'pvdisc-store-'));
  });

  afterAll(async () => {
    await registry?.stop();
    await rm(work, { recursive: true });
  });

  /** Puts a file into a store, and gets it back, after looking for a key that is not there. */
  async function roundTrip(address: string): Promise<void> {
    const store = await openStore(address);
    const [from, to] = [join(work, 'from'), join(work, 'to')];
    await rm(to, { force: true });
    await writeFile(from, 'the result\n');
    expect(await store.get(key, to, signal)).toBe(false);
    await store.put(key, from, signal);
    expect(await store.get(key, to, signal)).toBe(true);
    expect(await readFile(to, 'utf8')).toBe('the result\n');
  }

  test('that is a folder gives back what was put there', async () => {
    await roundTrip(join(work, 'folder'));
  });

  test.skipIf(lacksTool('skopeo', 'docker-registry'))('that is a registry does, too', async () => {
    registry = await startRegistry(work);
    await roundTrip(`docker://${registry.address}/results`);
  });

  test.skipIf(lacksTool('rclone'))('that rclone reaches does, too', async () => {
    await roundTrip(`rclone::local:${join(work, 'remote')}`);
  });
});
