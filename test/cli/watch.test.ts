import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { byRelease } from '../../pipeline/ledger/release-order.ts';
import { watchSchema } from '../../pipeline/ledger/watch.ts';
import { readLedger } from '../../pipeline/manifest/ledger.ts';
import { pvdisc } from '../builders/command.ts';
import { writeLedger } from '../builders/ledger.ts';
import { temporaryFolder, writeText } from '../builders/release.ts';
import { gives, redirects, startServer } from '../builders/server.ts';

const entry = (release: string, digit: string) => ({
  release,
  sha256: digit.repeat(64),
  confidence: 'single',
  seen: ['x'],
});
const ledger = () => writeLedger([entry('0.1.102-1', 'a'), entry('0.1.96-1', 'b')]);

/** A folder index of Apache. */
const html = (
  ...releases: string[]
) => `<!DOCTYPE HTML><html><head><title>Index of /archive</title></head><body>
<a href="?C=N;O=D">Name</a> <a href="/groups/">Parent Directory</a> <a href="qxl/">qxl/</a>
${releases.map((release) => `<a href="virtio-win-${release}/">virtio-win-${release}/</a> 2026-08-27 10:00 -`).join('\n')}
</body></html>`;

async function watch(source: string, ...args: string[]) {
  const run = await pvdisc(['watch', '--source', source, '--ledger', await ledger(), ...args]);
  return { ...run, json: () => watchSchema.parse(JSON.parse(run.stdout)) };
}

async function served(text: string) {
  const { url } = await startServer({ '/list/': gives(text) });
  return `${url}/list/`;
}

describe('watch', () => {
  test.each([
    ['an HTML index', html('0.1.96-1', '0.1.102-1', '0.1.80-1')],
    ['JSON as nginx writes it', '[{"name":"virtio-win-0.1.102-1","type":"directory"},{"name":"latest"}]'],
    ['a JSON array', '["virtio-win-0.1.102-1/"]'],
  ])('%s without anything newer: exit code 0', async (_what, text) => {
    const source = await served(text);
    expect(await watch(source)).toMatchObject({
      exitCode: 0,
      stdout: `${source}: newest release 0.1.102-1\nnothing new\n`,
      stderr: '',
    });
  });

  test('a release that the ledger does not have: exit code 10, and which', async () => {
    const source = await served(html('0.1.96-1', '0.1.102-1', '0.1.100-1', '0.1.110-2', '0.1.102-10'));
    const { exitCode, json } = await watch(source, '--format', 'json');
    expect(exitCode).toBe(10);
    expect(json()).toEqual({
      schemaVersion: 1,
      source,
      newest: { listed: '0.1.110-2', recorded: '0.1.102-1' },
      unrecorded: ['0.1.110-2', '0.1.102-10'],
      unbuilt: [],
      news: true,
    });
    const { stdout } = await watch(source);
    expect(stdout).toContain('0.1.110-2 is not in the ledger: pvdisc ledger add URL\n');
  });

  test('a recorded release that is not built: exit code 10, until it is', async () => {
    const dist = await temporaryFolder('pvdisc-dist-');
    const source = await served(html('0.1.96-1', '0.1.102-1'));
    const build = async (release: string) => {
      await mkdir(join(dist, release));
      await writeText(join(dist, release), 'release.json', JSON.stringify({ upstream: { release } }));
    };
    const state = async () => {
      const { exitCode, json } = await watch(source, '--built', dist, '--format', 'json');
      return { exitCode, unbuilt: json().unbuilt, built: json().newest.built };
    };
    expect(await state()).toEqual({ exitCode: 10, unbuilt: ['0.1.102-1'], built: undefined });
    await mkdir(join(dist, 'assembled'));
    await writeText(join(dist, 'assembled'), 'release.json', '{"kind":"assembled"}');
    await build('0.1.96-1');
    expect(await state()).toEqual({ exitCode: 10, unbuilt: ['0.1.102-1'], built: '0.1.96-1' });
    await build('0.1.102-1');
    expect(await state()).toEqual({ exitCode: 0, unbuilt: [], built: '0.1.102-1' });
    await writeFile(join(dist, '0.1.96-1/release.json'), 'no JSON');
    const { exitCode, stderr } = await watch(source, '--built', dist);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('0.1.96-1/release.json: is not the record of a build: ');
  });

  test('reads a file: address, and follows a redirect', async () => {
    const folder = await temporaryFolder('pvdisc-list-');
    const file = await writeText(folder, 'index.html', html('0.1.102-1'));
    expect((await watch(`file://${file}`)).exitCode).toBe(0);
    const { url } = await startServer({
      '/list': redirects('/list/'),
      '/list/': gives(html('0.1.102-1')),
    });
    expect((await watch(`${url}/list`)).exitCode).toBe(0);
  });

  test.each([
    [
      'a bot check',
      html().replace('Index of /archive', 'Making sure you are not a bot!'),
      /names no release .*"Making sure you are not a bot!"/,
    ],
    ['a folder without releases', '[]', /names no release/],
    ['JSON that is cut off', '[{"name":', /is not valid JSON: /],
    ['an endless list', '<a href="x">'.repeat(400_000), /sent more than 4194304 bytes/],
  ])('%s is no list: exit code 1', async (_what, text, message) => {
    const { exitCode, stdout, stderr } = await watch(await served(text));
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('a list that is not there is a failure of the network: exit code 4', async () => {
    const { url } = await startServer({});
    const { exitCode, stderr } = await watch(`${url}/list/`);
    expect(exitCode).toBe(4);
    expect(stderr).toContain('HTTP 404');
  });

  test('a ledger without a source, and an address that is none, are mistakes of usage', async () => {
    const { exitCode, stderr } = await pvdisc(['watch', '--ledger', await ledger()]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('does not name the list of upstream releases');
    expect((await watch('ftp://example.org/')).exitCode).toBe(2);
  });
});

test('releases are compared by their numbers', () => {
  expect(['0.1.102-1', '0.1.96-10', '0.1.96-2', '0.1.102'].sort(byRelease)).toEqual([
    '0.1.96-2',
    '0.1.96-10',
    '0.1.102',
    '0.1.102-1',
  ]);
});

test("pvdisc's own ledger names upstream's list, and has its releases in order", async () => {
  const { source, releases } = await readLedger('drivers-manifest/ledger.yaml');
  expect(source).toMatch(/^https:\/\/fedorapeople\.org\/.*\/archive-virtio\/$/);
  expect(await readFile('drivers-manifest/ledger.yaml', 'utf8')).toContain(`${source}virtio-win-`);
  const names = releases.map(({ release }) => release);
  expect(names.toSorted(byRelease).reverse()).toEqual(names);
});
