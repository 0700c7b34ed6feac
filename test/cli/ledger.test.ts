import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readLedger } from '../../pipeline/ledger/read.ts';
import { pvdisc } from '../builders/command.ts';
import { discBytes, sha256Of, writeLedger } from '../builders/ledger.ts';
import { botCheck } from '../builders/misbehaving.ts';
import { gives, type Server, startServer } from '../builders/server.ts';

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
    expect(JSON.parse(json)).toMatchObject([{ release: '0.1.118-2' }, { release: '0.1.118-1' }]);
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
      stderr: '9.9.9: the ledger has no such release\n  hint: pvdisc ledger list shows all of them\n',
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
      'its sha256 is known from one source only: KubeVirt',
    ],
    [
      'a known confusion',
      'x.iso',
      older,
      0,
      'this is 0.1.240-1',
      'it is known to pass for 0.1.271-1: issue 121',
    ],
    [
      'another name',
      'virtio-win-0.1.271.iso',
      older,
      1,
      'mislabelled: this is 0.1.240-1 under another name',
      'its name says 0.1.271',
    ],
    [
      'other bytes',
      'x.iso',
      altered,
      1,
      'altered: it passes for 0.1.285-1 and is not',
      'its volume label is virtio-win-0.1.285',
    ],
    [
      'a part',
      'x.iso',
      right.subarray(0, 35_000),
      1,
      'altered: it passes for 0.1.285-1',
      'it has 35000 bytes, expected 40960: it may be cut off',
    ],
    [
      'the name alone',
      'virtio-win-0.1.240.iso',
      discBytes('OTHER', 'x').subarray(2048),
      1,
      'altered: it passes for 0.1.240-1',
      'its name says 0.1.240',
    ],
    [
      'a bot check',
      'virtio-win-0.1.285.iso',
      page,
      1,
      'not a disc',
      'it is a web page with the title "Making sure you&#39;re not a bot!", not a disc',
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
      'it is no ISO (CD001 is not at byte 32769)',
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
    expect(JSON.parse(result.stdout)).toEqual({
      file,
      sha256: sha256Of(altered),
      size: altered.length,
      label: 'virtio-win-0.1.285',
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

  test('a file that is not there is bad input', async () => {
    expect(await pvdisc(['ledger', 'check', '/nowhere/x.iso'])).toMatchObject({
      exitCode: 1,
      stderr: '/nowhere/x.iso: no such file\n  hint: give an ISO on disk\n',
    });
  });
});

describe('pvdisc ledger add', () => {
  test('records a disc from one source, confirms it by a second host, and keeps comments', async () => {
    const { ledger, add, server } = await prepareAdd({ '/virtio-win-0.1.285-1/virtio-win.iso': right });
    const url = `${server.url}/virtio-win-0.1.285-1/virtio-win.iso`;
    expect(await add(url)).toMatchObject({
      exitCode: 0,
      stdout: `0.1.285-1: added to ${ledger} from one source; add an address on another host to confirm it\n  sha256 ${known.sha256}, 40960 bytes\n`,
    });
    expect((await readLedger(ledger)).releases).toEqual([
      { release: '0.1.285-1', url, sha256: known.sha256, size: 40960, confidence: 'single', seen: [url] },
      single,
    ]);
    expect(await add(`${url}?again`)).toMatchObject({
      stdout: expect.stringContaining('with the same bytes (single)'),
    });
    const other = join(dirname(ledger), 'virtio-win-0.1.285-1.iso');
    await writeFile(other, right);
    const mirror = pathToFileURL(other).href;
    expect(await add(mirror)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(`0.1.285-1: confirmed in ${ledger} by a second source`),
    });
    expect((await readLedger(ledger)).releases[0]).toEqual({
      release: '0.1.285-1',
      url,
      sha256: known.sha256,
      size: 40960,
      confidence: 'confirmed',
      seen: [url, mirror],
      mirrors: [`${url}?again`, mirror],
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
      'its volume label is virtio-win-0.1.240, but it is to be recorded as 0.1.300-1',
    ],
    ['a web page', Buffer.from(botCheck), '0.1.300-1', 1, 'this is a web page, not an ISO: "Making sure'],
    ['no disc', Buffer.from('text'), '0.1.300-1', 1, 'this is of no known format, not an ISO'],
  ])('refuses %s and writes nothing', async (_, bytes, release, exitCode, message) => {
    const { ledger, add, server } = await prepareAdd({ '/x.iso': bytes });
    const before = await readFile(ledger, 'utf8');
    const result = await add(`${server.url}/x.iso`, '--release', release);
    expect(result).toMatchObject({ exitCode, stdout: '', stderr: expect.stringContaining(message) });
    expect(await readFile(ledger, 'utf8')).toBe(before);
  });

  test('fails as networks do, with exit code 4', async () => {
    const { add, server } = await prepareAdd({});
    expect(await add(`${server.url}/virtio-win-0.1.9-1.iso`)).toMatchObject({
      exitCode: 4,
      stderr: expect.stringMatching(
        /HTTP 404 Not Found.*\n {2}hint: try again, or fetch it with a browser and give its file: address\n/,
      ),
    });
  });

  test('wants to know the release, and a real one, before it fetches', async () => {
    const { add, server } = await prepareAdd({ '/x.iso': older });
    expect(await add(`${server.url}/x.iso`)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('does not say of which release it is\n  hint: add --release'),
    });
    expect(await add(`${server.url}/x.iso`, '--release', 'newest')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--release newest: is no release'),
    });
    expect(await add('x.iso')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('x.iso: is no address'),
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
