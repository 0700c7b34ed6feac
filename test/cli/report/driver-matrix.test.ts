import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { driverMatrix } from '../../../pipeline/cli/report/driver-matrix.ts';

const targets = [{ os: 'w7' }, { os: 'w10' }, { os: 'w11' }];

const packages = [
  { driver: 'viostor', target: { os: 'w7', arch: 'x86' }, loads: 'always' },
  { driver: 'viostor', target: { os: 'w10', arch: 'amd64' }, loads: 'secure-boot' },
  { driver: 'viostor', target: { os: 'w10', arch: 'ARM64' }, loads: 'without-secure-boot' },
  { driver: 'viostor', target: { os: 'w11', arch: 'amd64' }, loads: 'never' },
  { driver: 'NetKVM', target: { os: 'w11', arch: 'amd64' }, loads: 'test-signing' },
  { driver: 'NetKVM', target: { os: 'w11', arch: 'amd64' }, loads: 'secure-boot' },
  { driver: 'NetKVM', target: { os: '?', arch: 'amd64' } },
] as const;

test('signs tell what Windows does; of several packages for a Windows the one that loads least', () => {
  expect(driverMatrix(packages, targets, { signs: true })).toEqual([
    'Drivers by Windows (x: x86, A: amd64, R: ARM64, ?: unknown)',
    'driver  w7 w10 w11 ?',
    'NetKVM  .  .   A!  A?',
    'viostor x  AR~ A-  .',
    '~ loads without Secure Boot only; ! loads in test-signing mode only; - does not',
    'load; ? not judged',
  ]);
});

test('colours tell the same, and change nothing else', () => {
  const lines = driverMatrix(packages, targets, { colour: true });
  expect(lines.map(stripVTControlCharacters)).toEqual(driverMatrix(packages, targets));
  const [green, yellow, red, end] = ['\x1b[32m', '\x1b[33m', '\x1b[31m', '\x1b[39m'];
  expect(lines.at(-1)).toBe(`viostor ${green}x${end}  ${green}A${end}${yellow}R${end}  ${red}A${end}   .`);
});
