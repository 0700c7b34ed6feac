import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readManifest } from '../../../pipeline/manifest/read.ts';
import { signatureText } from '../../../pipeline/package/host/signatures.ts';
import { unsignedDriver } from '../../builders/deb.ts';

const { targets } = await readManifest(
  join(import.meta.dirname, '../../../drivers-manifest/releases/sample.yaml'),
);

test('each state and what Windows does with it is told once, with its targets', () => {
  const drivers = [
    unsignedDriver('w11'),
    unsignedDriver('w10', 'x86'),
    { ...unsignedDriver('w11'), driver: 'samplenet' },
    { ...unsignedDriver('w10', 'amd64'), signature: 'whql' as const },
    { ...unsignedDriver('w10', 'amd64'), signature: 'self-signed' as const },
  ];
  expect(signatureText(targets, drivers).split('\n')).toEqual([
    'How the drivers are signed, and when Windows loads them:',
    ' * self-signed, is loaded in test-signing mode only (bcdedit /set testsigning',
    '   on, Secure Boot off): w10/amd64',
    ' * unsigned, is loaded without Secure Boot only: w10/x86',
    ' * unsigned, is not loaded: w11/amd64',
    ' * whql, is loaded, also under Secure Boot: w10/amd64',
  ]);
});

test('the signer is named, as ASCII, and a catalog that does not hold all files is told', () => {
  const verdict = { integrity: 'good', trust: 'vendor-signed', signer: 'B\u00fcro\nX: y' } as const;
  const drivers = [
    { ...unsignedDriver('w10'), signature: 'vendor-signed' as const, verdict: { ...verdict, uncovered: [] } },
    { ...unsignedDriver('w11'), verdict: { ...verdict, uncovered: ['x.sys'] } },
  ];
  expect(signatureText(targets, drivers).split('\n')).toEqual([
    'How the drivers are signed, and when Windows loads them:',
    ' * unsigned (its catalog does not hold all its files), is not loaded: w11/amd64',
    ' * vendor-signed by B?ro X: y, is loaded without Secure Boot only: w10/amd64',
  ]);
});

test('no line is too long for a description, with every target there is', () => {
  const lines = signatureText(
    targets,
    targets.map(({ os, arch }) => unsignedDriver(os, arch)),
  ).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(79);
  expect(lines.join(' ')).toContain('2k25/amd64');
});

test('a disc without drivers says so', () => {
  expect(signatureText(targets, [])).toBe('There is no driver on the disc.');
});
