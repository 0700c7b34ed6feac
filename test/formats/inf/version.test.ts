import { describe, expect, it } from 'vitest';
import { parseInf } from '../../../pipeline/formats/inf/inf.ts';
import {
  deviceName,
  driverVersion,
  driverVersions,
  versionFacts,
} from '../../../pipeline/formats/inf/version.ts';
import { crlf } from '../bytes.ts';

const parse = (text: string) => parseInf(crlf(text));

describe('versionFacts', () => {
  it('gives what [Version] says, strings replaced', () => {
    const text = `[version]
signature = "$Windows NT$"
CLASS = Net
ClassGuid = {4D36E972-E325-11CE-BFC1-08002BE10318}
Provider = %V%
PnpLockDown = 1
[Strings]
V = "Red Hat, Inc."
`;
    expect(versionFacts(parse(text))).toEqual({
      signature: '$Windows NT$',
      class: 'Net',
      classGuid: '{4d36e972-e325-11ce-bfc1-08002be10318}',
      provider: 'Red Hat, Inc.',
      pnpLockdown: true,
    });
  });

  it.each(['[Version]\n', '[Version]\nPnpLockdown = 0\n', '[Version]\nPnpLockdown = yes\n', '[Other]\n'])(
    '%j says nothing',
    (text) => {
      expect(versionFacts(parse(text))).toEqual({ pnpLockdown: false });
    },
  );
});

describe('driverVersion', () => {
  const read = (value: string) => driverVersion(parse(`[Version]\nDriverVer = ${value}\n`));

  it.each([
    ['07/21/2023,62.93.104.24000 ', '07/21/2023,62.93.104.24000', '2023-07-21', '62.93.104.24000'],
    ['7-1-2023 , 1.2', '7-1-2023,1.2', '2023-07-01', '1.2'],
    ['02/29/2024,1.2.3.65535', '02/29/2024,1.2.3.65535', '2024-02-29', '1.2.3.65535'],
    ['04/07/2003,2.0.0.030407', '04/07/2003,2.0.0.030407', '2003-04-07', '2.0.0.030407'],
  ])('%s', (value, raw, date, version) => {
    expect(read(value)).toEqual({ raw, line: 2, date, version });
  });

  it.each([
    ['02/30/2023,1.2.3.4', { date: undefined, version: '1.2.3.4' }],
    ['21/07/2023,1.2.3.4', { date: undefined, version: '1.2.3.4' }],
    ['07/21/23,1.2.3.65536', { date: undefined, version: undefined }],
    ['07/21/2023', { date: '2023-07-21', version: undefined }],
    ['07/21/2023,1.2.3.4.5', { date: '2023-07-21', version: undefined }],
    ['', { date: undefined, version: undefined }],
  ])('%j is not well-formed, and still there', (value, { date, version }) => {
    const found = read(value);
    expect(found?.raw).toBe(value);
    expect([found?.date, found?.version]).toEqual([date, version]);
  });

  it('of an install section of the architecture goes before that of [Version]', () => {
    const inf = parse(
      '[Version]\nDriverVer = 01/01/2020,1\n[Manufacturer]\nV = M, NTamd64, NTx86\n[M.NTamd64]\nA = Own, 1\nB = Other, 2\nC = More, 3\n[M.NTx86]\nA = Other, 1\n[Own]\nDriverVer = 02/02/2021,2\n[Other]\n[More]\n',
    );
    expect(driverVersion(inf)?.version).toBe('1');
    expect(driverVersion(inf, 'amd64')).toMatchObject({ version: '2', line: 12 });
    expect(driverVersion(inf, 'x86')?.version).toBe('1');
    expect(driverVersion(inf, 'ARM64')?.version).toBe('1');
    expect(driverVersions(inf, 'amd64').map(({ version }) => version)).toEqual(['2', '1']);
  });

  it('is absent where [Version] has none', () => {
    expect(driverVersion(parse('[Version]\n'))).toBeUndefined();
  });
});

describe('deviceName', () => {
  it('is the first string whose key ends in .devicedesc', () => {
    const text =
      '[Strings]\nDeviceDesc = "no"\na.DeviceDesc.x = "no"\nNet.DEVICEDESC = "A NIC"\nb.devicedesc = "B"\n';
    expect(deviceName(parse(text))).toEqual({ value: 'A NIC', line: 4 });
  });

  it('is absent where no key does', () => {
    expect(deviceName(parse('[Strings]\na = b\n'))).toBeUndefined();
    expect(deviceName(parse('[S]\nx.devicedesc = b\n'))).toBeUndefined();
  });
});
