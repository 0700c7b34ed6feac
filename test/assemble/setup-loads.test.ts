import { expect, test } from 'vitest';
import { notLoadedComment, notLoadedLines } from '../../pipeline/assemble/setup-loads.ts';
import type { DriverFacts } from '../../pipeline/model/driver-facts.ts';

const facts = (driver: string, os: string, loads: NonNullable<DriverFacts['loads']>): DriverFacts => ({
  driver,
  target: { os, arch: 'amd64' },
  inf: `${driver}.inf`,
  hardwareIds: [],
  compatibleIds: [],
  services: [],
  signature: 'self-signed',
  verdict: { integrity: 'good', uncovered: [], trust: 'self-signed' },
  loads,
});

test('README.txt names what Setup does not load, by Windows, and what helps only where something does', () => {
  const loaded = facts('netkvm', 'w10', 'without-secure-boot');
  const w10 = [facts('viostor', 'w10', 'test-signing'), facts('vioscsi', 'w10', 'never'), loaded];
  const w11 = [facts('viostor', 'w11', 'test-signing'), facts('vioscsi', 'w11', 'test-signing')];
  expect(notLoadedLines([...w10, ...w11, facts('viostor', 'w7', 'never')])).toBe(
    `Windows Setup and Windows PE, which have no test-signing mode, do not load these:
  w10\\amd64, w11\\amd64: vioscsi, viostor
  w7\\amd64: viostor
Install Windows onto a SATA disk, and make it a virtio disk when test-signing mode is on.
`,
  );
  expect(notLoadedLines([facts('viostor', 'w7', 'never')])).not.toContain('SATA');
  expect(notLoadedLines([loaded])).toBe('');
  expect(notLoadedComment([loaded])).toBe('');
});
