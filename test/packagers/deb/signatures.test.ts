import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readManifest } from '../../../pipeline/manifest/read.ts';
import { signatureText } from '../../../pipeline/packagers/deb/signatures.ts';
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
