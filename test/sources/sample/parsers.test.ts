import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { namedFiles } from '../../../pipeline/formats/inf/files.ts';
import { parseInf } from '../../../pipeline/formats/inf/inf.ts';
import { infServices } from '../../../pipeline/formats/inf/install.ts';
import { modelsSections } from '../../../pipeline/formats/inf/models.ts';
import { deviceName, driverVersion, versionFacts } from '../../../pipeline/formats/inf/version.ts';
import { parsePe } from '../../../pipeline/formats/pe/pe.ts';
import { readPeVersion } from '../../../pipeline/formats/pe/version.ts';
import { type Arch, archFacts, archNames } from '../../../pipeline/formats/windows/targets.ts';
import { sampleFiles } from '../../../pipeline/sources/sample/drivers.ts';

const bytesByPath = new Map(sampleFiles().map(({ path, bytes }) => [path, bytes()]));
const infPaths = [...bytesByPath.keys()].filter((path) => path.endsWith('.inf'));
const pePaths = [...bytesByPath.keys()].filter((path) => /\.(sys|exe)$/.test(path));
const driverInfs = infPaths.filter((path) => path.includes('/'));

test.each(infPaths)('%s is read without problems', (path) => {
  const inf = read(path);
  expect(inf.problems).toEqual([]);
  expect(inf).toMatchObject({ encoding: 'ascii', bom: false, lineEnds: { lf: 0, cr: 0 } });
  expect(versionFacts(inf)).toEqual({
    signature: '$Windows NT$',
    class: 'System',
    classGuid: '{4d36e97d-e325-11ce-bfc1-08002be10318}',
    provider: 'pvdisc project',
    pnpLockdown: true,
  });
  expect(deviceName(inf)?.value).toMatch(/^pvdisc sample /);
  expect(driverVersion(inf)?.date).toBe('2006-06-21');
  for (const models of modelsSections(inf)) {
    expect(models).toMatchObject({ manufacturer: 'pvdisc project', present: true });
    expect(models.models.map(({ hardwareId }) => hardwareId?.replace(/_\w+$/, ''))).toEqual(['ROOT\\PVDISC']);
  }
});

describe.each(driverInfs)('%s', (path) => {
  const inf = read(path);
  const arch = archOf(path);
  const name = basename(path, '.inf');

  test('names the driver beside it and nothing else', () => {
    expect(namedFiles(inf, arch).map((file) => file.name)).toEqual([`${name}.sys`]);
    expect(bytesByPath.has(path.replace(/inf$/, 'sys'))).toBe(true);
  });

  test('adds a function driver that runs this file', () => {
    const [service, ...others] = infServices(inf, arch);
    expect(others).toEqual([]);
    expect(service).toMatchObject({ name, flags: 2, type: 1, errorControl: 1 });
    expect(service?.start).toBe(name === 'sampleblk' ? 0 : 3);
    expect(service?.binary).toMatch(new RegExp(`^%1[23]%\\\\${name}\\.sys$`));
  });

  test('has the version of its driver', () => {
    const version = readPeVersion(bytesOf(path.replace(/inf$/, 'sys')))?.fileVersion;
    expect(version).toMatch(/^0\.1\.0\.\d+$/);
    expect(driverVersion(inf)?.version).toBe(version);
  });
});

test.each(pePaths)('%s is read as an unsigned file of its folder', (path) => {
  const bytes = bytesOf(path);
  const pe = parsePe(bytes);
  expect(pe.machine).toBe(archFacts[archOf(path)].machine);
  expect(pe.format).toBe(archOf(path) === 'x86' ? 'PE32' : 'PE32+');
  expect(pe.isDll).toBe(false);
  expect(pe.certificateTable).toBeUndefined();
  const version = readPeVersion(bytes);
  expect(version?.productVersion).toBe(version?.fileVersion);
  expect(version?.strings).toMatchObject({
    CompanyName: 'pvdisc project',
    FileVersion: version?.fileVersion,
    OriginalFilename: basename(path),
  });
});

test('the null driver names no file and adds the empty service on every architecture', () => {
  const inf = read('samplenull.inf');
  expect(modelsSections(inf).map(({ decoration }) => decoration)).toEqual(['NTx86', 'NTamd64', 'NTarm64']);
  for (const arch of archNames) {
    expect(namedFiles(inf, arch)).toEqual([]);
    expect(infServices(inf, arch)).toMatchObject([{ name: '', flags: 2 }]);
  }
});

function archOf(path: string): Arch {
  const arch = archNames.find((name) => path.split('/')[1] === name);
  if (arch === undefined) throw new Error(`${path} is in no folder of an architecture`);
  return arch;
}

function read(path: string) {
  return parseInf(bytesOf(path));
}

function bytesOf(path: string): Uint8Array {
  const bytes = bytesByPath.get(path);
  if (bytes === undefined) throw new Error(`${path} is not in the sample`);
  return bytes;
}
