import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { filterToFile } from '../../pipeline/system/tool-output.ts';
import { temporaryFolder } from '../builders/release.ts';

const shell = { name: 'sh', why: 'stands in for a tool', debianPackage: 'dash', versionArgs: [] };
const chunk = Buffer.alloc(64 * 1024, 'x');

/** Runs a shell script as the tool; returns what the file holds then. */
async function filter(
  script: string,
  source: Readable,
  options: Parameters<typeof filterToFile>[4] = {},
): Promise<string> {
  const file = join(await temporaryFolder('pvdisc-filter-'), 'out');
  await filterToFile(shell, ['-c', script], source, file, options);
  return readFile(file, 'latin1');
}

function* chunks(count: number) {
  for (let index = 0; index < count; index++) yield chunk;
}

test('the stream goes through the tool into the file', async () => {
  const source = Readable.from(chunks(48));
  expect(await filter('tr x y', source)).toBe('y'.repeat(48 * chunk.length));
  expect(source.destroyed).toBe(true);
});

test('the tool runs in the C locale and UTC, with the variables given and without those taken away', async () => {
  vi.stubEnv('PVDISC_TEST_SETTING', 'set');
  const env = { PVDISC_TEST_SETTING: undefined, ANOTHER: 'x' };
  const script = `cat; echo $LC_ALL $TZ \${PVDISC_TEST_SETTING-none} $ANOTHER`;
  expect(await filter(script, Readable.from([Buffer.from('a ')]), { env })).toBe('a C UTC none x\n');
  vi.unstubAllEnvs();
});

test('what the stream fails with is thrown, though the tool ends well', async () => {
  const error = new Error('unreadable');
  const source = Readable.from(
    (function* () {
      yield chunk;
      throw error;
    })(),
  );
  await expect(filter('cat', source)).rejects.toBe(error);
});

test('a tool that fails is told in its own words, and the rest of the stream is not read', async () => {
  let read = 0;
  const source = Readable.from(
    (function* () {
      for (; read < 10_000; read++) yield chunk;
    })(),
  );
  await expect(filter('echo "no space" >&2; exit 3', source)).rejects.toMatchObject({
    kind: 'input',
    message: 'sh: failed (3): sh -c echo "no space" >&2; exit 3\n  no space',
  });
  expect(source.destroyed).toBe(true);
  expect(read).toBeLessThan(100);
});

test('an aborted run ends as interrupted, and its process is gone', async () => {
  const abort = new AbortController();
  const endless = Readable.from(
    (async function* () {
      yield chunk;
      abort.abort();
      yield* chunks(1_000_000);
    })(),
  );
  await expect(filter('cat >&2', endless, { signal: abort.signal })).rejects.toMatchObject({
    kind: 'interrupted',
  });
  expect(endless.destroyed).toBe(true);
});

test('a file that cannot be written is told by its path', async () => {
  const file = join(await temporaryFolder('pvdisc-filter-'), 'no/such/folder');
  await expect(filterToFile(shell, ['-c', 'cat'], Readable.from([chunk]), file, {})).rejects.toMatchObject({
    code: 'ENOENT',
    path: file,
  });
});
