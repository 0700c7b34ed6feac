import { expect, test } from 'vitest';
import { windowsNameOf } from '../../../pipeline/formats/windows/nt-version.ts';

test.each([
  ['6.0', 'Windows Vista'],
  ['6.0.6001', 'Windows Vista with Service Pack 1'],
  ['6.3', 'Windows 8.1'],
  ['10.0', 'Windows 10'],
  ['10.0.10240', 'Windows 10, version 1507'],
  ['10.0.19042', 'Windows 10, version 20H2'],
  ['10.0.20348', 'Windows 11 and Server 2022'],
  ['10.0.22000', 'Windows 11'],
  ['10.0.22621', 'Windows 11, version 22H2'],
])('%s came with %s', (version, name) => {
  expect(windowsNameOf(version)).toBe(name);
});
