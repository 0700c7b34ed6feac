import { expect, test } from 'vitest';
import { discReadme } from '../../pipeline/assemble/readme.ts';
import type { DriverFacts } from '../../pipeline/model/driver-facts.ts';
import { makeRelease } from '../builders/release.ts';

const facts: DriverFacts = {
  driver: 'viostor',
  target: { os: 'w10', arch: 'amd64' },
  inf: 'viostor/w10/amd64/viostor.inf',
  hardwareIds: [],
  compatibleIds: [],
  services: [],
  driverVer: '01/02/2026,1.2.3.4',
  signature: 'vendor-signed',
  verdict: { integrity: 'good', uncovered: [], trust: 'vendor-signed', signer: 'B\u00fcro AG' },
  loads: 'without-secure-boot',
};

async function readme(...drivers: readonly DriverFacts[]): Promise<string[]> {
  const { manifest } = await makeRelease();
  const text = discReadme(manifest, drivers);
  expect(text).toMatch(/^[\x20-\x7e\r\n]*$/);
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  return text.split('\r\n');
}

test('each driver is listed with version, signature, signer and when it loads', async () => {
  expect(await readme(facts)).toContain(
    '  w10\\amd64     viostor.inf        01/02/2026,1.2.3.4, vendor-signed by B?ro AG, loads without Secure Boot only',
  );
});

test('signatures are summed up by signer and by what Windows makes of them', async () => {
  const lines = await readme(facts, { ...facts, driver: 'NetKVM' });
  const at = lines.indexOf('* vendor-signed by B?ro AG: is loaded without Secure Boot only');
  expect(lines[at + 1]).toBe('  w10/amd64');
});

test('a catalog that does not hold all files is told with the files', async () => {
  const uncovered = ['viostor/w10/amd64/viostor.inf', 'viostor/w10/amd64/viostor.sys'];
  const lines = await readme({
    ...facts,
    signature: 'unsigned',
    verdict: { ...facts.verdict, uncovered },
    loads: 'never',
  });
  const at = lines.indexOf(
    '  w10\\amd64     viostor.inf        01/02/2026,1.2.3.4, unsigned (its catalog does not hold all its files), never loads',
  );
  expect(lines[at + 1]).toBe(
    '    its catalog (vendor-signed by B?ro AG) does not hold: viostor.inf, viostor.sys',
  );
  expect(lines).toContain('* unsigned (its catalog does not hold all its files): is not loaded');
});
