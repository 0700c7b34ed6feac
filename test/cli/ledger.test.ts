import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ledgerCheckSchema } from '../../pipeline/ledger/check-schema.ts';
import { ledgerAddSchema } from '../../pipeline/ledger/recorded-schema.ts';
import { readLedger } from '../../pipeline/manifest/ledger.ts';
import { ledgerSchema } from '../../pipeline/manifest/ledger-schema.ts';
import { pvdisc } from '../builders/command.ts';
import { discBytes, sha256Of, writeLedger } from '../builders/ledger.ts';
import { botCheck } from '../builders/misbehaving.ts';
import { type Answer, gives, redirects, type Server, startServer } from '../builders/server.ts';

const right = discBytes('virtio-win-0.1.285');
const altered = discBytes('virtio-win-0.1.285', 'altered');
const older = discBytes('virtio-win-0.1.240');
const known = {
  release: '0.1.285-1',
  url: 'https://drivers.invalid/virtio-win-0.1.285-1/virtio-win.iso',
  sha256: sha256Of(right),
  size: right.length,
  confidence: 'confirmed',
  seen: ['nixpkgs', 'AUR'],
};
const single = { release: '0.1.240-1', sha256: sha256Of(older), confidence: 'single', seen: ['KubeVirt'] };
const mislabelled = {
  sha256: sha256Of(older),
  release: '0.1.240-1',
  calledRelease: '0.1.271-1',
  seen: ['issue 121'],
};

describe('pvdisc ledger list and show', () => {
  test('show what comes with pvdisc', async () => {
    const { stdout } = await pvdisc(['ledger', 'list']);
    expect(stdout).toMatch(/^0\.1\.285-1 +790 MB +confirmed +e14cf2b9[0-9a-f]{56}$/m);
    expect(stdout).toMatch(/^0\.1\.221-1 +unknown +single +19681729[0-9a-f]{56}$/m);
    const { stdout: json } = await pvdisc(['ledger', 'show', '0.1.118', '--format', 'json']);
    expect(JSON.parse(json)).toMatchObject({
      releases: [{ release: '0.1.118-2' }, { release: '0.1.118-1' }],
      mislabelled: [],
    });
  });

  test('print a ledger as JSON, with the known confusions', async () => {
    const ledger = await writeLedger([known, single], [mislabelled]);
    const json = async (...args: string[]) => {
      const { stdout } = await pvdisc(['ledger', ...args, '--ledger', ledger, '--format', 'json']);
      return ledgerSchema.parse(JSON.parse(stdout));
    };
    expect(await json('list')).toEqual({ releases: [known, single], mislabelled: [mislabelled] });
    expect(await json('show', '0.1.240')).toEqual({ releases: [single], mislabelled: [mislabelled] });
    expect(await json('show', '0.1.285')).toEqual({ releases: [known], mislabelled: [] });
  });

  test('show nothing of a ledger that moves the cursor', async () => {
    const ledger = await writeLedger([{ ...known, note: 'a\x1b[2Jb' }]);
    const { stdout } = await pvdisc(['ledger', 'show', '0.1.285', '--ledger', ledger]);
    expect(stdout).toContain('note        a?[2Jb\n');
  });

  test('a mistake in a ledger has the whole command that prints its schema', async () => {
    const ledger = await writeLedger([{ ...known, colour: 'red', confidence: 'high' }]);
    const { exitCode, stderr } = await pvdisc(['ledger', 'list', '--ledger', ledger]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('see what is allowed: pvdisc schema ledger\n');
    expect(stderr).toContain('against the schema (pvdisc schema ledger)\n');
  });

  test.each(['list', 'show', 'check', 'add'])('%s --help has each choice once', async (action) => {
    const { stdout } = await pvdisc(['ledger', action, '--help']);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('[choices: "text", "json"]');
  });

  test('show all that is known of a release', async () => {
    const ledger = await writeLedger([
      { ...known, mirrors: ['https://mirror.invalid/x.iso'], note: 'a note' },
    ]);
    expect(await pvdisc(['ledger', 'show', '0.1.285', '--ledger', ledger])).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: `release     0.1.285-1
url         ${known.url}
mirror      https://mirror.invalid/x.iso
sha256      ${known.sha256}
size        40960 bytes
confidence  confirmed
seen        nixpkgs
seen        AUR
note        a note
`,
    });
  });

  test('a release that the ledger does not have is a mistake of usage', async () => {
    expect(await pvdisc(['ledger', 'show', '9.9.9'])).toMatchObject({
      exitCode: 2,
      stderr: '9.9.9: the ledger does not have this release\n  hint: pvdisc ledger list shows all releases\n',
    });
  });
});

describe('pvdisc ledger check', () => {
  const page = Buffer.from(botCheck);
  test.each([
    [
      'a release',
      'virtio-win-0.1.285.iso',
      right,
      0,
      'this is 0.1.285-1',
      'its sha256 is confirmed by nixpkgs, AUR',
    ],
    [
      'a release under a plain name',
      'virtio-win.iso',
      right,
      0,
      'this is 0.1.285-1',
      'its sha256 is confirmed',
    ],
    [
      'a release of one source',
      'x.iso',
      older,
      0,
      'this is 0.1.240-1',
      'its sha256 is known from a single source: KubeVirt',
    ],
    [
      'a known confusion',
      'x.iso',
      older,
      0,
      'this is 0.1.240-1',
      'it is also distributed as 0.1.271-1: issue 121',
    ],
    [
      'another name',
      'virtio-win-0.1.271.iso',
      older,
      1,
      'mislabelled: this is 0.1.240-1 under a different name',
      'its name says 0.1.271',
    ],
    [
      'other bytes',
      'x.iso',
      altered,
      1,
      'altered: this claims to be 0.1.285-1 but differs',
      'its volume label is virtio-win-0.1.285',
    ],
    [
      'a part',
      'x.iso',
      right.subarray(0, 35_000),
      1,
      'altered: this claims to be 0.1.285-1',
      'it has 35000 bytes, expected 40960\n  it is truncated: its volume has 40960 bytes, the file 35000',
    ],
    [
      'a part that ends in the volume descriptor',
      'y.iso',
      discBytes('OTHER').subarray(0, 32_800),
      1,
      'not in the ledger',
      'it is truncated: it ends in its volume descriptor, after 32800 of at least 34816 bytes',
    ],
    [
      'a part of another disc',
      'y.iso',
      discBytes('OTHER').subarray(0, 39_000),
      1,
      'not in the ledger',
      'it is truncated: its volume has 40960 bytes, the file 39000',
    ],
    [
      'another build',
      'virtio-win-0.1.285-2.iso',
      right,
      1,
      'mislabelled: this is 0.1.285-1 under a different name',
      'its name says 0.1.285-2',
    ],
    ['the build', 'virtio-win-0.1.285-1.iso', right, 0, 'this is 0.1.285-1', 'its sha256 is confirmed'],
    ['a date', 'virtio-win-0.1.285-20260101.iso', right, 0, 'this is 0.1.285-1', 'its sha256 is confirmed'],
    [
      'another build that is not known',
      'virtio-win-0.1.285-2.iso',
      Buffer.concat([altered, altered]),
      1,
      'not in the ledger',
      'no release has its digest',
    ],
    [
      'the name alone',
      'virtio-win-0.1.240.iso',
      discBytes('OTHER', 'x').subarray(2048),
      1,
      'altered: this claims to be 0.1.240-1',
      'its name says 0.1.240',
    ],
    [
      'a bot check',
      'virtio-win-0.1.285.iso',
      page,
      1,
      'not a disc',
      'it is a web page with the title "Making sure you\'re not a bot!", not a disc',
    ],
    [
      'another disc',
      'x.iso',
      Buffer.concat([discBytes('OTHER\x1b[2J'), page]),
      1,
      'not in the ledger',
      'no release has its digest, its size or its volume label ("OTHER[2J")',
    ],
    [
      'an empty file',
      'x.iso',
      Buffer.alloc(0),
      1,
      'not in the ledger',
      'it is not an ISO (no CD001 at byte 32769)',
    ],
  ])('tells %s', async (_, name, bytes, exitCode, words, reason) => {
    const ledger = await writeLedger([known, single], [mislabelled]);
    const file = join(dirname(ledger), name);
    await writeFile(file, bytes);
    const result = await pvdisc(['ledger', 'check', file, '--ledger', ledger]);
    expect(result).toMatchObject({ exitCode, stderr: '' });
    expect(result.stdout).toContain(`${file}: ${words}`);
    expect(result.stdout).toContain(`\n  ${reason}`);
    expect(result.stdout).toContain(`\n  sha256 ${sha256Of(bytes)}, ${bytes.length} bytes\n`);
  });

  test('prints one JSON document', async () => {
    const ledger = await writeLedger([known]);
    const file = join(dirname(ledger), 'x.iso');
    await writeFile(file, altered);
    const result = await pvdisc(['ledger', 'check', file, '--ledger', ledger, '--format', 'json']);
    expect(result.exitCode).toBe(1);
    expect(ledgerCheckSchema.parse(JSON.parse(result.stdout))).toEqual({
      schemaVersion: 1,
      file,
      sha256: sha256Of(altered),
      size: altered.length,
      label: 'virtio-win-0.1.285',
      volumeSize: 40960,
      labelVersion: '0.1.285',
      verdict: 'altered',
      release: '0.1.285-1',
      reasons: [
        'it has the size of 0.1.285-1, 40960 bytes',
        'its volume label is virtio-win-0.1.285',
        `its sha256 is not ${known.sha256}`,
      ],
    });
  });

  test('a name that moves the cursor is not printed as it is', async () => {
    const ledger = await writeLedger([known]);
    const file = join(dirname(ledger), 'a\x1b[2J\nb.iso');
    await writeFile(file, right);
    const { stdout } = await pvdisc(['ledger', 'check', file, '--ledger', ledger]);
    expect(stdout).toMatch(/\/a\?\[2J\?b\.iso: this is 0\.1\.285-1\n/);
  });

  test('a folder is called one', async () => {
    expect(await pvdisc(['ledger', 'check', '/'])).toMatchObject({
      exitCode: 1,
      stderr: '/: is a folder\n  hint: give an ISO on disk\n',
    });
  });

  test('a file that is not there is bad input', async () => {
    expect(await pvdisc(['ledger', 'check', '/nowhere/x.iso'])).toMatchObject({
      exitCode: 1,
      stderr: '/nowhere/x.iso: no such file\n  hint: give an ISO on disk\n',
    });
  });
});

describe('pvdisc ledger add', () => {
  test('records a disc with one source, is not confirmed by the same host or a file on disk, and keeps comments', async () => {
    const { ledger, add, server } = await prepareAdd({ '/virtio-win-0.1.285-1/virtio-win.iso': right });
    const url = `${server.url}/virtio-win-0.1.285-1/virtio-win.iso`;
    expect(await add(url)).toMatchObject({
      exitCode: 0,
      stdout: `0.1.285-1: added to ${ledger} with one source, localhost; add a URL on another server to confirm it\n  sha256 ${known.sha256}, 40960 bytes\n`,
    });
    expect((await readLedger(ledger)).releases).toEqual([
      { release: '0.1.285-1', url, sha256: known.sha256, size: 40960, confidence: 'single', seen: [url] },
      single,
    ]);
    expect(await add(`${url}?again`)).toMatchObject({
      stdout: expect.stringContaining(
        'with the same digest (single); localhost is already recorded as a source: add a URL on another server',
      ),
    });
    const other = join(dirname(ledger), 'virtio-win-0.1.285-1.iso');
    await writeFile(other, right);
    const mirror = pathToFileURL(other).href;
    expect(await add(mirror)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(
        'with the same digest (single); a local file confirms nothing: add a URL on another server',
      ),
    });
    expect((await readLedger(ledger)).releases[0]).toEqual({
      release: '0.1.285-1',
      url,
      sha256: known.sha256,
      size: 40960,
      confidence: 'single',
      seen: [url],
      mirrors: [`${url}?again`],
    });
    expect(await readFile(ledger, 'utf8')).toMatch(/^# a comment\n/);
    expect((await readdir(dirname(ledger))).sort()).toEqual([
      'cache',
      'ledger.yaml',
      'virtio-win-0.1.285-1.iso',
    ]);
  });

  test('confirms what others recorded, and fills in address and size', async () => {
    const { ledger, add, server } = await prepareAdd({ '/x.iso': older });
    expect(await add(`${server.url}/x.iso`, '--release', '0.1.240-1', '--format', 'json')).toMatchObject({
      exitCode: 0,
    });
    const entry = { ...single, confidence: 'confirmed', size: 40960, url: `${server.url}/x.iso` };
    expect((await readLedger(ledger)).releases).toEqual([
      { ...entry, seen: ['KubeVirt', `${server.url}/x.iso`] },
    ]);
  });

  test.each([
    [
      'other bytes for a known release',
      discBytes('virtio-win-0.1.240', 'x'),
      '0.1.240-1',
      1,
      `but 0.1.240-1 is recorded with sha256 ${single.sha256}`,
    ],
    ['known bytes for another release', older, '0.1.240-2', 1, 'but this sha256 is recorded for 0.1.240-1'],
    [
      'a disc with the label of another release',
      older,
      '0.1.300-1',
      1,
      'its volume label is virtio-win-0.1.240, expected release 0.1.300-1',
    ],
    [
      'a disc that is cut off',
      older.subarray(0, 39_000),
      '0.1.300-1',
      1,
      'it is truncated: its volume has 40960 bytes, the file 39000\n  hint: try again, or add it from another server\n',
    ],
    ['zeros', Buffer.alloc(40_960), '0.1.300-1', 1, 'this is of no known format, not an ISO'],
    [
      'a web page in UTF-16',
      Buffer.from(botCheck, 'utf16le'),
      '0.1.300-1',
      1,
      'this is of no known format, not an ISO',
    ],
    ['a web page', Buffer.from(botCheck), '0.1.300-1', 1, 'this is a web page, not an ISO: "Making sure'],
    ['no disc', Buffer.from('text'), '0.1.300-1', 1, 'this is of no known format, not an ISO'],
  ])('refuses %s, writes nothing and keeps nothing', async (_, bytes, release, exitCode, message) => {
    const { ledger, add, server } = await prepareAdd({ '/x.iso': bytes });
    const before = await readFile(ledger, 'utf8');
    const result = await add(`${server.url}/x.iso`, '--release', release);
    expect(result).toMatchObject({ exitCode, stdout: '', stderr: expect.stringContaining(message) });
    expect(await readFile(ledger, 'utf8')).toBe(before);
    expect(result.stderr).toMatch(/\n {2}hint: .+\n$/);
    expect(await cachedFiles(ledger)).toEqual([]);
  });

  test('a web page has one next step, and so has a disc that is too large', async () => {
    const { add, server, ledger } = await prepareAdd({ '/x.iso': Buffer.from(botCheck), '/y.iso': older });
    const page = await add(`${server.url}/x.iso`, '--release', '0.1.300-1');
    expect(page.stderr).toMatch(
      /: download the file with a browser, and give the file: URL of a local copy\n$/,
    );
    const large = (bytes: number) =>
      add(`${server.url}/y.iso`, '--release', '0.1.240-1', '--limit', `size=${bytes}`);
    expect(await large(40_959)).toMatchObject({
      exitCode: 1,
      stderr: `fetch ...\n${ledger}: ${server.url}/y.iso: has 40960 bytes, expected at most 40959\n  hint: check the content of the URL; a disc larger than 40959 bytes needs --limit size=NUMBER\n`,
    });
    expect(await large(40_960)).toMatchObject({ exitCode: 0 });
    expect(await add(`${server.url}/y.iso`, '--limit', 'files=3')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(
        '--limit files=3: is not a limit of this command\n  hint: use --limit size=',
      ),
    });
  });

  test('a file: address that is no file is told before anything else', async () => {
    const { add } = await prepareAdd({});
    expect(await add('file:///nowhere/virtio-win-0.1.9-1.iso')).toMatchObject({
      exitCode: 1,
      stderr:
        'fetch ...\nfile:///nowhere/virtio-win-0.1.9-1.iso: no such file\n  hint: give an ISO on disk\n',
    });
    expect(await add('file://host/virtio-win-0.1.9-1.iso')).toMatchObject({ exitCode: 2 });
  });

  test('a host that only redirects to the first source confirms nothing; one that gives the bytes does', async () => {
    const path = '/virtio-win-0.1.285-1.iso';
    const { ledger, add } = await prepareHosts({
      [`http://one.invalid${path}`]: gives(right),
      [`http://two.invalid${path}`]: redirects(`http://one.invalid${path}?token=secret`),
      [`http://one.invalid${path}?token=secret`]: gives(right),
      [`http://three.invalid${path}`]: gives(right),
    });
    expect((await add(`http://two.invalid${path}`)).stdout).toContain('with one source, one.invalid;');
    expect((await add(`http://one.invalid${path}`)).stdout).toContain(
      'with the same digest (single); one.invalid is already recorded as a source',
    );
    const { stdout } = await add(`http://three.invalid${path}`, '--format', 'json');
    expect(ledgerAddSchema.parse(JSON.parse(stdout))).toMatchObject({
      change: 'confirmed',
      source: 'three.invalid',
    });
    expect((await readLedger(ledger)).releases[0]).toEqual({
      ...known,
      url: `http://two.invalid${path}`,
      mirrors: [`http://one.invalid${path}`, `http://three.invalid${path}`],
      seen: [`http://two.invalid${path} (bytes from one.invalid)`, `http://three.invalid${path}`],
    });
    expect(await readFile(ledger, 'utf8')).not.toContain('secret');
  });

  test('a host that redirects to the recorded one confirms nothing', async () => {
    const path = '/virtio-win-0.1.285-1.iso';
    const { ledger, add } = await prepareHosts({
      [`http://one.invalid${path}`]: gives(right),
      [`http://two.invalid${path}`]: redirects(`http://one.invalid${path}`),
    });
    await add(`http://one.invalid${path}`);
    expect((await add(`http://two.invalid${path}`)).stdout).toContain('(single)');
    expect((await readLedger(ledger)).releases[0]).toMatchObject({
      confidence: 'single',
      seen: [`http://one.invalid${path}`],
      mirrors: [`http://two.invalid${path}`],
    });
  });

  test('fails as networks do, with exit code 4', async () => {
    const { add, server } = await prepareAdd({});
    expect(await add(`${server.url}/virtio-win-0.1.9-1.iso`)).toMatchObject({
      exitCode: 4,
      stderr: expect.stringMatching(
        /HTTP 404 Not Found.*\n {2}hint: try again, or give the file: URL of a local copy\n/,
      ),
    });
  });

  test('wants to know the release, and a real one, before it fetches', async () => {
    const { add, server } = await prepareAdd({ '/x.iso': older });
    expect(await add(`${server.url}/x.iso`)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('does not contain a release number\n  hint: add --release'),
    });
    expect(await add(`${server.url}/x.iso`, '--release', 'newest')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--release newest: is not a release'),
    });
    expect(await add('x.iso')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('x.iso: cannot be recorded'),
    });
    expect(server.asked).toEqual([]);
  });

  test('several at once lose nothing', async () => {
    const discs = [1, 2, 3].map((build) => discBytes('virtio-win-0.1.300', String(build)));
    const { ledger, add, server } = await prepareAdd(
      Object.fromEntries(discs.map((disc, index) => [`/virtio-win-0.1.300-${index}.iso`, disc])),
    );
    await Promise.all(discs.map((_, index) => add(`${server.url}/virtio-win-0.1.300-${index}.iso`)));
    const { releases } = await readLedger(ledger);
    expect(releases.map(({ release }) => release).sort()).toEqual([
      '0.1.240-1',
      '0.1.300-0',
      '0.1.300-1',
      '0.1.300-2',
    ]);
  });
});

/** Files in the cache beside a ledger, including interrupted downloads. */
async function cachedFiles(ledger: string): Promise<string[]> {
  const cache = join(dirname(ledger), 'cache');
  const names = await readdir(cache, { recursive: true, withFileTypes: true }).catch(() => []);
  return names.filter((entry) => entry.isFile()).map(({ name }) => name);
}

/** Creates a ledger, and hosts by URL behind a proxy. */
async function prepareHosts(answers: Readonly<Record<string, Answer>>) {
  const proxy = await startServer(answers);
  for (const name of ['no_proxy', 'NO_PROXY', 'http_proxy']) vi.stubEnv(name, undefined);
  vi.stubEnv('HTTP_PROXY', proxy.url);
  onTestFinished(() => void vi.unstubAllEnvs());
  const ledger = await writeLedger([]);
  const env = { PVDISC_CACHE: join(dirname(ledger), 'cache') };
  const add = (url: string, ...more: readonly string[]) =>
    pvdisc(['ledger', 'add', url, '--ledger', ledger, ...more], env);
  return { ledger, add };
}

interface Adding {
  readonly ledger: string;
  readonly server: Server;
  readonly add: (url: string, ...more: readonly string[]) => ReturnType<typeof pvdisc>;
}

async function prepareAdd(files: Readonly<Record<string, Buffer>>): Promise<Adding> {
  const ledger = await writeLedger([single]);
  const answers = Object.entries(files).flatMap(([path, bytes]) => [
    [path, gives(bytes)] as const,
    [`${path}?again`, gives(bytes)] as const,
  ]);
  const server = await startServer(Object.fromEntries(answers));
  const env = { PVDISC_CACHE: join(dirname(ledger), 'cache') };
  return {
    ledger,
    server,
    add: (url, ...more) => pvdisc(['ledger', 'add', url, '--ledger', ledger, ...more], env),
  };
}
