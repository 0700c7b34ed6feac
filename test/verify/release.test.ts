import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pvdisc } from '../builders/command.ts';
import { lacksTool } from '../builders/needs.ts';
import { makeSigningKey } from '../builders/openpgp.ts';
import { temporaryFolder } from '../builders/release.ts';
import { badPlaces, copySample, verified, writeDocuments } from './copied-release.ts';

const lacksGpg = lacksTool('gpg', 'gpgv');

test.skipIf(lacksGpg)('the signature is judged by the key that is given, and only by that', async () => {
  const { folder } = await copySample();
  const [maker, stranger] = [await makeSigningKey(), await makeSigningKey()];
  const sums = join(folder, 'SHA256SUMS');
  const signature = (checks: Awaited<ReturnType<typeof verified>>['checks']) =>
    checks.find(({ place }) => place === 'SHA256SUMS.asc');
  const makerKey = join(folder, '..', 'maker.asc');
  await writeFile(makerKey, maker.armoured);
  const strangerKey = join(folder, '..', 'stranger.gpg');
  await writeFile(strangerKey, stranger.binary);

  expect(signature((await verified(folder)).checks)?.verdict).toBe('not-judged');
  expect(signature((await verified(folder, '--key', makerKey)).checks)).toMatchObject({
    verdict: 'bad',
    message: 'no signature exists',
  });
  await writeFile(`${sums}.asc`, await maker.sign(await readFile(sums)));
  expect(signature((await verified(folder)).checks)).toMatchObject({
    verdict: 'not-judged',
    message: expect.stringContaining('no key is given'),
  });
  expect(signature((await verified(folder, '--key', makerKey)).checks)?.verdict).toBe('good');
  expect(badPlaces(await verified(folder, '--key', strangerKey))).toEqual(['SHA256SUMS.asc']);
});

test.skipIf(lacksGpg)('whoever changes everything together has no signature for it', async () => {
  const { folder, record } = await copySample();
  const maker = await makeSigningKey();
  const sums = join(folder, 'SHA256SUMS');
  const key = join(folder, '..', 'maker.asc');
  await writeFile(key, maker.armoured);
  await writeFile(`${sums}.asc`, await maker.sign(await readFile(sums)));
  await writeDocuments(folder, { ...record, title: 'Other drivers' });
  expect(badPlaces(await verified(folder))).toEqual([]);
  expect(badPlaces(await verified(folder, '--key', key))).toEqual(['SHA256SUMS.asc']);
});

test('a bill of materials that another version of pvdisc wrote is checked by its digest only, and that is said', async () => {
  const { folder, record } = await copySample();
  const tools = record.tools.map((tool) => (tool.name === 'pvdisc' ? { ...tool, version: '0.0.9' } : tool));
  await writeDocuments(folder, { ...record, tools });
  const bom = join(folder, 'pvdisc-sample-0.1.0.cdx.json');
  const text = await readFile(bom, 'utf8');
  await writeFile(bom, text.replace('"specVersion": "1.6"', '"specVersion": "1.5"'));
  const { checks } = await verified(folder);
  expect(
    checks.find(({ place, verdict }) => place === 'pvdisc-sample-0.1.0.cdx.json' && verdict === 'not-judged'),
  ).toMatchObject({
    message: 'written by pvdisc 0.0.9 in a different format; only the digest was checked',
  });
  expect(badPlaces({ checks })).toContain('pvdisc-sample-0.1.0.cdx.json');
});

test.each<[string, (text: string) => string, RegExp]>([
  ['no JSON', () => '{', /is not valid JSON/],
  ['another shape', () => '{}', /is not a record that pvdisc 0\.1\.0 supports/],
  ['an unknown key', (text) => text.replace('"title"', '"owner": 1, "title"'), /Unrecognized key: "owner"/],
  [
    'a key that occurs twice',
    (text) => text.replace('"name"', '"name": "x", "name"'),
    /does not match the record/,
  ],
])('a record that has %s is bad', async (_what, change, says) => {
  const { folder } = await copySample();
  const file = join(folder, 'release.json');
  await writeFile(file, change(await readFile(file, 'utf8')));
  const { checks } = await verified(folder);
  const words = checks.filter(({ place }) => place === 'release.json').map(({ message }) => message);
  expect(words).toEqual(expect.arrayContaining([expect.stringMatching(says)]));
});

test('people are told what was checked, what could not be, and what is bad', async () => {
  const { folder } = await copySample();
  const good = await pvdisc(['verify', folder]);
  expect(good.exitCode).toBe(0);
  expect(good.stdout).toContain('  not checked  SHA256SUMS.asc: no signature exists');
  expect(good.stdout).toContain('  good         SHA256SUMS: the digests of 9 files match\n');
  expect(good.stdout.split('\n').at(-2)).toBe(`${folder}: no problems found: 11 good, 1 not checked`);
  await writeFile(join(folder, 'added'), '');
  const bad = await pvdisc(['verify', folder]);
  expect(bad.exitCode).toBe(1);
  expect(bad.stdout).toContain('  BAD          added: is not in SHA256SUMS: it was added later\n');
  expect(bad.stdout.split('\n').at(-2)).toBe(`${folder}: BAD: 1 of 12 checks failed`);
});

test('what is nothing that can be verified is refused', async () => {
  const folder = await temporaryFolder('pvdisc-verify-');
  const nothing = await pvdisc(['verify', folder]);
  expect(nothing).toMatchObject({ exitCode: 1, stdout: '' });
  expect(nothing.stderr).toContain(`${folder}: has neither SHA256SUMS nor release.json, and no disc`);
  expect((await pvdisc(['verify', join(folder, 'gone')])).stderr).toContain('no such file or folder');
  expect((await pvdisc(['verify', '/dev/null'])).stderr).toContain('is neither a file nor a folder');
  expect((await pvdisc(['verify'])).exitCode).toBe(2);
});
