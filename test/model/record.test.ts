import { expect, test } from 'vitest';
import { signatureStates } from '../../pipeline/formats/signature/signature.ts';
import { type ReleaseRecord, recordSchema } from '../../pipeline/model/record.ts';

const sha256 = 'ab'.repeat(32);

const record: ReleaseRecord = {
  schemaVersion: 1,
  name: 'test-disc',
  version: '1.2.3',
  title: 'Test drivers',
  kind: 'assembled',
  profile: 'full',
  date: '2026-01-02T03:04:05.000Z',
  policy: { allow: { whql: 'why' }, refuse: {}, plainName: 'why' },
  sources: [{ id: 'drivers', type: 'directory', pin: {}, files: { shipped: 2, leftOut: 0, ignored: 1 } }],
  drivers: [
    {
      driver: 'viostor',
      target: { os: 'w10', arch: 'x86' },
      inf: 'viostor/w10/x86/viostor.inf',
      signature: 'unsigned',
      verdict: { integrity: 'none', uncovered: [], trust: 'unsigned' },
      loads: 'never',
    },
  ],
  repairs: [],
  findings: [
    {
      rule: 'inf/missing-file',
      severity: 'error',
      path: 'x',
      line: 3,
      message: 'm',
      hint: 'h',
      accepted: 'a',
    },
  ],
  tools: [{ name: 'xorriso', version: '1.5.4' }],
  parameters: { compression: 'zstd', release: { name: 'release.yaml', sha256 } },
  iso: {
    name: 'x.iso',
    label: 'X',
    sha256,
    size: 1,
    files: [
      {
        path: 'a',
        sha256,
        size: 0,
        origin: { source: 'drivers', path: 'a' },
        license: 'MIT',
        authenticode: sha256,
      },
      { path: 'README.txt', sha256, size: 5 },
    ],
  },
  artifacts: [{ format: 'deb', name: 'x.deb', sha256, size: 1 }],
};

test('a whole record is good, and comes back as it is', () => {
  expect(recordSchema.parse(record)).toEqual(record);
});

test('the disc of symbols is recorded as that of the drivers is', () => {
  const symbols = { ...record.iso, name: 'x-symbols.iso' };
  expect(recordSchema.parse({ ...record, symbols }).symbols).toEqual(symbols);
  const { label: _, ...unlabelled } = symbols;
  expect(recordSchema.safeParse({ ...record, symbols: unlabelled }).error?.issues).toMatchObject([
    { path: ['symbols', 'label'] },
  ]);
});

test.each<[string, unknown, (string | number)[]]>([
  ['another schema version', { ...record, schemaVersion: 2 }, ['schemaVersion']],
  ['a date that is none', { ...record, date: '2026-01-02' }, ['date']],
  ['a date with an offset', { ...record, date: '2026-01-02T03:04:05+01:00' }, ['date']],
  [
    'a digest in capitals',
    { ...record, iso: { ...record.iso, sha256: sha256.toUpperCase() } },
    ['iso', 'sha256'],
  ],
  [
    'a digest with something after it',
    { ...record, iso: { ...record.iso, sha256: `${sha256}0` } },
    ['iso', 'sha256'],
  ],
  [
    'a negative size',
    { ...record, artifacts: [{ ...record.artifacts[0], size: -1 }] },
    ['artifacts', 0, 'size'],
  ],
  [
    'an unknown state',
    { ...record, drivers: [{ ...record.drivers[0], signature: 'signed' }] },
    ['drivers', 0, 'signature'],
  ],
  [
    'an unknown severity',
    { ...record, findings: [{ ...record.findings[0], severity: 'fatal' }] },
    ['findings', 0, 'severity'],
  ],
])('%s is refused', (_what, changed, path) => {
  expect(recordSchema.safeParse(changed).error?.issues.map((issue) => issue.path)).toEqual([path]);
});

test('an unknown key is refused at every depth', () => {
  const deep = { ...record, sources: [{ ...record.sources[0], path: '/home' }] };
  expect(recordSchema.safeParse({ ...record, host: 'x' }).error?.issues).toMatchObject([
    { code: 'unrecognized_keys', keys: ['host'], path: [] },
  ]);
  expect(recordSchema.safeParse(deep).error?.issues).toMatchObject([
    { code: 'unrecognized_keys', keys: ['path'], path: ['sources', 0] },
  ]);
});

test('every signature state can be recorded', () => {
  const drivers = signatureStates.map((signature) => ({
    driver: 'd',
    target: { os: 'w10', arch: 'x86' },
    inf: 'i',
    signature,
    verdict: { integrity: 'good', uncovered: [], trust: signature },
  }));
  expect(recordSchema.parse({ ...record, drivers }).drivers.map(({ signature }) => signature)).toEqual(
    signatureStates,
  );
});
