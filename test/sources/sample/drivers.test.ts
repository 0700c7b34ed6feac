import { afterEach, expect, test, vi } from 'vitest';
import { sampleFiles } from '../../../pipeline/sources/sample/drivers.ts';
import { peChecksum, peFacts } from '../../builders/pe-facts.ts';

const folders = [
  'Win10/ARM64',
  'Win10/amd64',
  'Win10/x86',
  'Win11/ARM64',
  'Win11/amd64',
  'Win7/amd64',
  'Win7/x86',
  'Win8.1/amd64',
];
const machines: Readonly<Record<string, number>> = { x86: 0x014c, amd64: 0x8664, ARM64: 0xaa64 };

afterEach(() => {
  vi.useRealTimers();
});

test('the tree is a build output: flat folders per Windows and architecture, and a null driver at the root', () => {
  const names = [
    'sample-test.exe',
    'sampleblk.inf',
    'sampleblk.pdb',
    'sampleblk.sys',
    'samplenet.inf',
    'samplenet.sys',
    'samplenetco.exe',
  ];
  expect(sampleFiles().map(({ path }) => path)).toEqual([
    ...folders.flatMap((folder) => names.map((name) => `${folder}/${name}`)),
    'samplenull.inf',
  ]);
});

test('the bytes are the same on every call, whatever the date', () => {
  const first = sampleFiles().map(({ bytes }) => Buffer.from(bytes()));
  vi.useFakeTimers({ now: new Date('2031-05-06T07:08:09Z') });
  const second = sampleFiles();
  expect(second.filter(({ bytes }, index) => !first[index]?.equals(bytes())).map(({ path }) => path)).toEqual(
    [],
  );
});

test('all files together take about 1 MB', () => {
  const total = sampleFiles().reduce((sum, { bytes }) => sum + bytes().length, 0);
  expect(total).toBeGreaterThan(700_000);
  expect(total).toBeLessThan(1_500_000);
});

test('no two programs are the same', () => {
  const programs = filesOf(/\.(sys|exe)$/).map(({ bytes }) => Buffer.from(bytes()).toString('latin1'));
  expect(programs.length).toBe(32);
  expect(new Set(programs).size).toBe(32);
});

test.each(filesOf(/\.(sys|exe)$/))('$path is a PE file for its folder', ({ path, bytes }) => {
  const file = bytes();
  const facts = peFacts(file);
  const [folder = '', arch = ''] = path.split('/');
  expect(facts.machine).toBe(machines[arch]);
  expect(facts.subsystem).toBe(path.endsWith('.sys') ? 1 : 3);
  expect(facts.subsystemVersion).toBe({ Win7: '6.1', 'Win8.1': '6.3', Win10: '10.0', Win11: '10.0' }[folder]);
  expect(facts.checksum).toBe(peChecksum(file));
});

test.each(filesOf(/\.inf$/))('$path is ASCII with CRLF only', ({ bytes }) => {
  const text = Buffer.from(bytes()).toString('latin1');
  expect(text.replaceAll('\r\n', '')).toMatch(/^[\x20-\x7e]+$/);
  expect(text.endsWith('\r\n')).toBe(true);
  expect(text).toContain('\r\nProvider = %Vendor%\r\n');
  expect(text).toContain('\r\nVendor = "pvdisc project"\r\n');
});

test.each([
  ['Win7/x86/sampleblk.inf', 'NTx86.6.1', '0.1.0.61', 12, 0],
  ['Win8.1/amd64/samplenet.inf', 'NTamd64.6.3', '0.1.0.63', 12, 3],
  ['Win10/ARM64/sampleblk.inf', 'NTARM64.10.0', '0.1.0.100', 12, 0],
  ['Win11/amd64/samplenet.inf', 'NTamd64.10.0...16299', '0.1.0.110', 13, 3],
])('%s is for %s', (path, decoration, version, destination, startType) => {
  const text = Buffer.from(find(path).bytes()).toString('latin1');
  expect(text).toContain(`\r\n%Vendor% = Models,${decoration}\r\n\r\n[Models.${decoration}]\r\n`);
  expect(text).toContain(`\r\nDriverVer = 06/21/2006,${version}\r\n`);
  expect(text).toContain(`\r\nDefaultDestDir = ${destination}\r\n`);
  expect(text).toContain(`\r\nStartType = ${startType}\r\n`);
});

test('the null driver is for all three architectures', () => {
  const text = Buffer.from(find('samplenull.inf').bytes()).toString('latin1');
  expect(text).toContain('\r\n%Vendor% = Models,NTx86,NTamd64,NTarm64\r\n');
  expect(text).toContain('\r\nAddService = ,2\r\n');
});

test('the symbols are a program database of whole blocks', () => {
  const bytes = Buffer.from(find('Win10/amd64/sampleblk.pdb').bytes());
  expect(bytes.toString('latin1', 0, 32)).toBe('Microsoft C/C++ MSF 7.00\r\n\x1aDS\0\0\0');
  const [blockSize, , blocks, directoryBytes, , directoryMap = 0] = Array.from({ length: 6 }, (_, index) =>
    bytes.readUInt32LE(32 + index * 4),
  );
  expect([blockSize, blocks, directoryBytes]).toEqual([512, bytes.length / 512, 4]);
  expect(bytes.readUInt32LE(512 * bytes.readUInt32LE(512 * directoryMap))).toBe(0);
});

function filesOf(pattern: RegExp) {
  return sampleFiles().filter(({ path }) => pattern.test(path));
}

function find(path: string) {
  const file = sampleFiles().find((candidate) => candidate.path === path);
  if (file === undefined) throw new Error(`${path} is not in the sample`);
  return file;
}
