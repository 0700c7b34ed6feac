import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { findRelease, ownLedger, readLedger, versionOf } from '../../pipeline/manifest/ledger.ts';
import { writeLedger } from '../builders/ledger.ts';
import { lacksFile } from '../builders/needs.ts';
import { problemsOf } from '../builders/problems.ts';

const reference = '../shared/reference/ledger.yaml';
const digest = 'a'.repeat(64);
const entry = { release: '0.1.2-1', sha256: digest, confidence: 'single', seen: ['one'] };

describe('the ledger of pvdisc', () => {
  test('has an address on https for every release whose build is known', async () => {
    const { releases } = await readLedger(ownLedger);
    expect(releases.length).toBeGreaterThanOrEqual(25);
    for (const { release, url } of releases) {
      if (release.includes('-'))
        expect(url).toMatch(new RegExp(`^https://.*/virtio-win-${release}/virtio-win.*\\.iso$`));
      else expect(url).toBeUndefined();
    }
  });

  test('is sorted, the newest first', async () => {
    const { releases } = await readLedger(ownLedger);
    const numbers = releases.map(({ release }) => release.split(/[.-]/).map(Number));
    const sorted = numbers.toSorted((a, b) => {
      const at = a.findIndex((part, index) => part !== b[index]);
      return (b[at] ?? 0) - (a[at] ?? 0);
    });
    expect(numbers).toEqual(sorted);
  });

  test('knows the discs that go about under a different name', async () => {
    const { mislabelled } = await readLedger(ownLedger);
    expect(mislabelled.map(({ release, calledRelease }) => [release, calledRelease])).toContainEqual([
      '0.1.240-1',
      '0.1.271-1',
    ]);
  });

  test.skipIf(lacksFile(reference))('says what the reference says', async () => {
    const { releases } = await readLedger(ownLedger);
    const facts = parse(await readFile(reference, 'utf8')) as {
      release: string;
      sha256: string;
      size?: number;
      confidence: string;
    }[];
    for (const { release, sha256, size, confidence } of facts) {
      expect(releases).toContainEqual(
        expect.objectContaining({
          release: release.replace('-?', ''),
          sha256,
          confidence,
          ...(size !== undefined && { size }),
        }),
      );
    }
    expect(facts).toHaveLength(25);
  });
});

test.each([
  [
    'two entries of one release',
    [entry, { ...entry, sha256: 'b'.repeat(64) }],
    [],
    'releases.1.release: 0.1.2-1 occurs twice',
  ],
  [
    'one digest of two releases',
    [entry, { ...entry, release: '0.1.3-1' }],
    [],
    'releases.1.sha256: is the digest of 0.1.2-1 too',
  ],
  [
    'a mislabelled disc that is no release',
    [entry],
    [{ sha256: 'c'.repeat(64), release: '0.1.2-1', calledRelease: '0.1.9-1', seen: ['x'] }],
    'mislabelled.0.release: 0.1.2-1 has another digest, or is not in the ledger',
  ],
  [
    'a release that is none',
    [{ ...entry, release: 'latest' }],
    [],
    'releases.0.release: must be a release such as 0.1.285-1',
  ],
  ['no source', [{ ...entry, seen: [] }], [], 'releases.0.seen'],
])('%s is a problem', async (_, releases, mislabelled, problem) => {
  const problems = await problemsOf(readLedger(await writeLedger(releases, mislabelled)));
  expect(problems).toEqual([expect.stringContaining(problem)]);
});

test('a release is found by its whole name, or by its version', async () => {
  const releases = ['0.1.118-2', '0.1.118-1', '0.1.185'].map((release, index) => ({
    ...entry,
    release,
    sha256: String(index).repeat(64),
  }));
  const ledger = await readLedger(await writeLedger(releases));
  const found = (name: string) => findRelease(ledger, name).map(({ release }) => release);
  expect(found('0.1.118-1')).toEqual(['0.1.118-1']);
  expect(found('0.1.118')).toEqual(['0.1.118-2', '0.1.118-1']);
  expect(found('0.1.185')).toEqual(['0.1.185']);
  expect(found('0.1.11')).toEqual([]);
  expect(versionOf('0.1.118-2')).toBe('0.1.118');
});
