import { describe, expect, test } from 'vitest';
import { loadLines } from '../../../pipeline/cli/report/loads.ts';
import { readOwnTables } from '../../../pipeline/manifest/read.ts';
import { type LoadingPackage, summariseLoads } from '../../../pipeline/model/load-summary.ts';
import { loadSummarySchema } from '../../../pipeline/model/shared-schema.ts';

const { targets } = await readOwnTables();

const at = (
  driver: string,
  os: string,
  arch: string,
  loads: LoadingPackage['loads'],
  more: Partial<LoadingPackage> = {},
): LoadingPackage => ({
  driver,
  target: { os, arch },
  signature: 'unsigned',
  verdict: { uncovered: [], trust: 'unsigned' },
  loads,
  ...more,
});

const linesOf = (packages: readonly LoadingPackage[], look = {}) =>
  loadLines(summariseLoads(packages, targets), { colour: false, ...look });

const selfSigned = { signature: 'self-signed', verdict: { uncovered: [], trust: 'self-signed' } } as const;
const whql = { signature: 'whql', verdict: { uncovered: [], trust: 'whql' } } as const;

const mixed = [
  at('nowhere', 'w11', 'amd64', 'never'),
  at('nowhere', 'w10', 'amd64', 'never'),
  at('test', 'w11', 'amd64', 'test-signing', selfSigned),
  at('partly', 'w11', 'amd64', 'never', { verdict: { uncovered: ['x.sys'], trust: 'whql' } }),
  at('partly', 'w10', 'x86', 'without-secure-boot'),
  at('good', 'w11', 'amd64', 'secure-boot', whql),
  at('lost', '?', 'amd64', undefined),
];

test('says how many drivers load where, the worst first', () => {
  expect(linesOf(mixed)).toEqual([
    '2 of 4 drivers load on no Windows: 1 unsigned; 1 self-signed, loads in test-signing mode only',
    '  nowhere, test',
    '1 of 4 drivers loads on some of its Windows only (4 of 6 packages do not load): unsigned, since the catalog does not hold all files',
    '  partly',
    '  w10/amd64: 0 of 1 driver loads',
    '  w11/amd64: 1 of 4 drivers loads',
    '1 of 4 drivers loads on all its Windows',
    '1 driver not judged: no folder names a Windows that installs it',
  ]);
  const summary = summariseLoads(mixed, targets);
  expect(loadSummarySchema.parse(summary)).toEqual(summary);
});

describe('the reason', () => {
  test.each([
    ['a boot driver', 'amd64', { ...whql }, 'boot driver without a valid embedded signature'],
    [
      'a catalog for newer Windows',
      'amd64',
      { verdict: { uncovered: [], trust: 'whql' } },
      'unsigned, since the catalog is for newer Windows versions',
    ],
    [
      'no cross-certificate',
      'amd64',
      { signature: 'self-signed', verdict: { uncovered: [], trust: 'vendor-signed' } },
      'vendor-signed without a cross-certificate',
    ],
    [
      'an attested driver before Windows 10',
      'amd64',
      { signature: 'attested', verdict: { uncovered: [], trust: 'attested' } },
      'attested, which needs Windows 10 or later',
    ],
  ] as const)('is told for %s', (_what, arch, more, reason) => {
    expect(linesOf([at('viostor', 'w8.1', arch, 'never', more)])).toEqual([
      `1 of 1 driver loads on no Windows: ${reason}`,
      '  viostor',
    ]);
  });
});

test('a driver loads on a Windows that loads all its packages', () => {
  const both = [at('qxl', 'w11', 'amd64', 'secure-boot', whql), at('qxl', 'w11', 'amd64', 'never')];
  expect(linesOf(both)[0]).toBe('1 of 1 driver loads on no Windows: unsigned');
});

test('Secure Boot is told of drivers that load', () => {
  const packages = [
    at('a', 'w11', 'amd64', 'secure-boot', whql),
    at('b', 'w10', 'x86', 'without-secure-boot'),
  ];
  expect(linesOf(packages)).toEqual([
    '2 of 2 drivers load on all their Windows, 1 of them without Secure Boot only',
  ]);
});

test('fits the terminal, is coloured only if asked, and moves no cursor', () => {
  const hostile = at('vio\u001b[2Jstor', 'w\u001b[2J', 'amd64', 'never');
  const lines = linesOf([...mixed, hostile], { columns: 40 });
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(40);
  expect(lines.join('')).not.toContain('\u001b');
  expect(linesOf(mixed, { colour: true })[0]).toContain('\u001b[31m2 of 4 drivers');
});

test('without drivers there is nothing to say', () => {
  expect(linesOf([])).toEqual([]);
});
