import { describe, expect, it } from 'vitest';
import { catalogFile, namedFiles } from '../../../pipeline/formats/inf/files.ts';
import { parseInf } from '../../../pipeline/formats/inf/inf.ts';
import { infServices } from '../../../pipeline/formats/inf/install.ts';
import { selectModels } from '../../../pipeline/formats/inf/select.ts';
import { deviceName, driverVersion, versionFacts } from '../../../pipeline/formats/inf/version.ts';
import { cpuTimeOf } from '../../builders/cpu-time.ts';
import { crlf, mutations, outcome, truncations } from '../bytes.ts';

/** Asks everything that can be asked of an INF. */
function readAll(bytes: Uint8Array): void {
  const inf = parseInf(bytes);
  for (const arch of ['x86', 'amd64', 'ARM64'] as const) {
    catalogFile(inf, arch);
    namedFiles(inf, arch);
    infServices(inf, arch);
    selectModels(inf, { major: 10, minor: 0, build: 19045, productType: 1, suite: 0, arch });
  }
  versionFacts(inf);
  driverVersion(inf);
  deviceName(inf);
}

const sample = crlf(`; a small driver
[Version]
Signature = "$Windows NT$"
Class = System
CatalogFile.NTamd64 = x.cat
DriverVer = 07/21/2023,1.2.3.4
[SourceDisksNames]
1 = %Disk%,,,\\base
[SourceDisksFiles]
x.sys = 1,sub
[Manufacturer]
%V% = M, NTamd64.10.0...16299, NTx86
[M.NTamd64.10.0...16299]
%x.DeviceDesc% = Inst, PCI\\VEN_1AF4&DEV_1005, \\ ; continued
  PCI\\VEN_1AF4
[Inst.NT]
CopyFiles = List, @y.dll
[List]
x_1.sys, x.sys,,0x4002
[Inst.NT.Services]
AddService = x, 2, Service
[Service]
StartType = 3
ServiceBinary = %12%\\x.sys
[Strings]
V = "Vendor ""V"", Inc."
Disk = "Disk"
x.DeviceDesc = "Device"
`);

const megabyte = (text: string) => crlf(`[S]\n${text.repeat(Math.ceil(1_000_000 / text.length))}\n`);

describe('hostile INFs', () => {
  it('cut at any length only ever give a FormatError', () => {
    const outcomes = [...truncations(sample)].map((bytes) => outcome(() => readAll(bytes)));
    expect(outcomes).toHaveLength(sample.length);
    expect(outcomes).toContain('refused');
    expect(outcomes.filter((result) => result === 'ok').length).toBeGreaterThan(sample.length / 2);
  });

  it('with flipped bytes only ever give a FormatError', () => {
    const outcomes = [...mutations(sample, 4000)].map((bytes) => outcome(() => readAll(bytes)));
    expect(new Set(outcomes)).toEqual(new Set(['ok', 'refused']));
  });

  it.each([
    ['quotes', megabyte('"')],
    ['percent signs', megabyte('%')],
    ['commas', megabyte(',')],
    ['blanks', megabyte(' ')],
    ['backslashes', megabyte('\\')],
    ['brackets', megabyte('[')],
    ['continued lines', megabyte('a\\\n')],
    ['undefined strings', megabyte('%a%\n')],
    ['sections', megabyte('[a]\n')],
    ['blank tokens', megabyte('% ')],
    ['empty lines', crlf(`[S]\n${'\n'.repeat(1_000_000)}`)],
    ['strings that grow', crlf(`[S]\n${'%a%,'.repeat(200_000)}\n[Strings]\na = ${'x'.repeat(4000)}\n`)],
    ['no bytes', new Uint8Array()],
    ['random bytes', Uint8Array.from({ length: 65_536 }, (_, index) => Math.imul(index, 2654435761) >>> 24)],
  ])('of many %s end within seconds', (_, bytes) => {
    expect(cpuTimeOf(() => outcome(() => readAll(bytes)))).toBeLessThan(5000);
  });

  it.each([
    ['manufacturers and models', '[Manufacturer]\n', 'V = M, NTamd64\n', '[M.NTamd64]\n', 'D = I, X\n'],
    [
      'services',
      '[ClassInstall32.Services]\n',
      'AddService = a, 2, S\n',
      '[ClassInstall32]\n[S]\n',
      'a = b\n',
    ],
    ['disks and files', '[SourceDisksFiles]\n', 'a = 1\n', '[SourceDisksNames]\n', '2 = x\n'],
  ])('that multiply %s end within seconds', (_, headA, a, headB, b) => {
    const bytes = crlf(headA + a.repeat(40_000) + headB + b.repeat(40_000));
    expect(cpuTimeOf(() => outcome(() => readAll(bytes)))).toBeLessThan(5000);
  });
});
