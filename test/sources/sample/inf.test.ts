import { expect, test } from 'vitest';
import { buildInf, type InfOptions } from '../../../pipeline/sources/sample/inf.ts';

const base: InfOptions = {
  name: 'testdrv',
  description: 'A test driver',
  vendor: 'pvdisc project',
  driverVer: '06/21/2006,0.1.0.1',
  decorations: ['NTamd64.10.0...16299'],
  hardwareIds: ['ROOT\\PVDISC_A', 'ROOT\\PVDISC_B'],
  driver: {
    files: ['testdrv.sys', 'helper.dll'],
    destination: 13,
    startType: 0,
    loadOrderGroup: 'SCSI miniport',
  },
};

test('a driver has all sections that an installation goes through', () => {
  expect(lines(base)).toEqual([
    '; testdrv.inf: A test driver',
    '',
    '[Version]',
    'Signature = "$Windows NT$"',
    'Class = System',
    'ClassGuid = {4d36e97d-e325-11ce-bfc1-08002be10318}',
    'Provider = %Vendor%',
    'DriverVer = 06/21/2006,0.1.0.1',
    'PnpLockdown = 1',
    '',
    '[SourceDisksNames]',
    '1 = %DiskName%,,,""',
    '',
    '[SourceDisksFiles]',
    'testdrv.sys = 1,,',
    'helper.dll = 1,,',
    '',
    '[DestinationDirs]',
    'DefaultDestDir = 13',
    'testdrv_Files = 13',
    '',
    '[Manufacturer]',
    '%Vendor% = Models,NTamd64.10.0...16299',
    '',
    '[Models.NTamd64.10.0...16299]',
    '%testdrv.DeviceDesc% = testdrv_Install, ROOT\\PVDISC_A',
    '%testdrv.DeviceDesc% = testdrv_Install, ROOT\\PVDISC_B',
    '',
    '[testdrv_Install]',
    'CopyFiles = testdrv_Files',
    '',
    '[testdrv_Files]',
    'testdrv.sys',
    'helper.dll',
    '',
    '[testdrv_Install.Services]',
    'AddService = testdrv, 2, testdrv_Service',
    '',
    '[testdrv_Service]',
    'DisplayName = %testdrv.DeviceDesc%',
    'ServiceType = 1',
    'StartType = 0',
    'ErrorControl = 1',
    'ServiceBinary = %13%\\testdrv.sys',
    'LoadOrderGroup = SCSI miniport',
    '',
    '[Strings]',
    'Vendor = "pvdisc project"',
    'testdrv.DeviceDesc = "A test driver"',
    'DiskName = "Driver files"',
    '',
  ]);
});

test('a catalog is named only when one is given', () => {
  expect(lines({ ...base, catalog: 'testdrv.cat' })).toContain('CatalogFile = testdrv.cat');
  expect(lines(base).filter((line) => line.startsWith('CatalogFile'))).toEqual([]);
});

test('a null driver names its device for each decoration and installs nothing', () => {
  const { driver: _driver, ...device } = base;
  const text = lines({ ...device, decorations: ['NTx86', 'NTARM64'], hardwareIds: ['ROOT\\PVDISC_A'] });
  expect(text.slice(8)).toEqual([
    'PnpLockdown = 1',
    '',
    '[Manufacturer]',
    '%Vendor% = Models,NTx86,NTARM64',
    '',
    '[Models.NTx86]',
    '%testdrv.DeviceDesc% = testdrv_Install, ROOT\\PVDISC_A',
    '',
    '[Models.NTARM64]',
    '%testdrv.DeviceDesc% = testdrv_Install, ROOT\\PVDISC_A',
    '',
    '[testdrv_Install]',
    '',
    '[testdrv_Install.Services]',
    'AddService = ,2',
    '',
    '[Strings]',
    'Vendor = "pvdisc project"',
    'testdrv.DeviceDesc = "A test driver"',
    '',
  ]);
});

function lines(options: InfOptions): string[] {
  return Buffer.from(buildInf(options)).toString('latin1').split('\r\n');
}
