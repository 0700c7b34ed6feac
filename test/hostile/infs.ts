import { driverFolder } from '../builders/tree.ts';
import { type CaseOf, casesOf, type HostileCase } from './case.ts';

const invalid = /viostor\.inf(?::\d+)?: is not a valid INF: /;
const errors = /[1-9]\d* errors?, \d+ warnings?/;
const unclaimed = /belongs to no driver of the manifest and is not ignored/;
const refused = new RegExp(`${invalid.source}|${errors.source}|${unclaimed.source}`);

/** The INF of a good driver, with lines after it. */
function goodAnd(text: string): Buffer {
  const inf = driverFolder('Win10/amd64')['Win10/amd64/viostor.inf'] ?? '';
  return Buffer.concat([Buffer.from(inf), Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1')]);
}

function version(text: string): Buffer {
  return Buffer.from(`[Version]\r\nSignature="$WINDOWS NT$"\r\n${text.replaceAll('\n', '\r\n')}`, 'latin1');
}

const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
const times = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('');

const bytes: readonly CaseOf[] = [
  { name: 'of no bytes', bytes: () => Buffer.alloc(0), says: refused },
  { name: 'of zeros', bytes: () => Buffer.alloc(100_000), says: refused },
  {
    name: 'of 9 MB',
    bytes: () => Buffer.alloc(9 * 2 ** 20, ' '),
    says: /the limit is 8388608/,
  },
  {
    name: 'of 600 MB',
    bytes: () => Buffer.from('[Version]'),
    grownTo: 600 * 2 ** 20,
    says: /the INF has 629145600 bytes; the limit is 8388608/,
    dangerous: true,
  },
  {
    name: 'of all bytes',
    bytes: () =>
      Buffer.from(Array.from({ length: 65_536 }, (_, index) => Math.imul(index, 2654435761) >>> 24)),
    says: refused,
  },
  {
    name: 'that is a program',
    bytes: () => Buffer.from(driverFolder('Win10/amd64')['Win10/amd64/viostor.sys'] ?? ''),
    says: refused,
  },
  {
    name: 'that is a web page',
    bytes: () => Buffer.from('<!doctype html><title>Sign in</title>'),
    says: refused,
  },
  { name: 'with a NUL', bytes: () => goodAnd('[X]\na\0b = c\n'), says: /NUL character: not a text file/ },
  {
    name: 'in half of UTF-16',
    bytes: () => utf16('[Version]\r\nSignature="$WINDOWS NT$"').subarray(0, 41),
    says: refused,
  },
  {
    name: 'in UTF-16 with lone surrogates',
    bytes: () => utf16(`[Version]\r\nx=${'\ud800'}y`),
    says: /not valid utf-16le/,
  },
  {
    name: 'in broken UTF-8',
    bytes: () => Buffer.from([0xef, 0xbb, 0xbf, 0x5b, 0xff, 0xfe]),
    says: /not valid utf-8/,
  },
  {
    name: 'in UTF-16 with its bytes swapped',
    bytes: () => Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from('[V]', 'utf16le')]),
    says: refused,
  },
];

const counts: readonly CaseOf[] = [
  {
    name: 'of two million lines',
    bytes: () => Buffer.alloc(2_000_000, '\n'),
    says: /more than 500000 lines/,
    dangerous: true,
  },
  {
    name: 'of two million sections',
    bytes: () => version(times(2_000_000, () => '[]\n')),
    says: refused,
  },
  {
    name: 'of 400,000 sections',
    bytes: () => version(times(400_000, (index) => `[${index.toString(36)}]\n`)),
    says: /more than 20000 sections/,
    dangerous: true,
  },
  {
    name: 'of one section 400,000 times',
    bytes: () => version(times(400_000, () => '[a]\nb\n').slice(0, 2_000_000)),
    says: refused,
  },
  {
    name: 'with a line of 8 MB',
    bytes: () => version(`x = ${'a'.repeat(8_000_000)}\n`),
    says: refused,
  },
  {
    name: 'with a line of 4 million commas',
    bytes: () => version(`x = ${','.repeat(4_000_000)}\n`),
    says: refused,
    dangerous: true,
  },
  {
    name: 'with a quote that never ends',
    bytes: () => version(`x = "${'a'.repeat(4_000_000)}`),
    says: refused,
  },
  {
    name: 'with a line that goes on for 400,000 lines',
    bytes: () => version(`x = ${'a,\\\n'.repeat(400_000)}`),
    says: refused,
  },
  {
    name: 'with brackets in brackets',
    bytes: () => version(`${'['.repeat(2_000_000)}\n`),
    says: refused,
  },
  {
    name: 'with backslashes only',
    bytes: () => Buffer.alloc(4_000_000, '\\'),
    says: refused,
  },
  {
    name: 'with percent signs only',
    bytes: () => Buffer.alloc(4_000_000, '%'),
    says: refused,
  },
  {
    name: 'that copies 120,000 files that are not there',
    bytes: () =>
      version(
        `[Manufacturer]\nM=M,NTamd64\n[M.NTamd64]\nD=I,PCI\\X\n[I]\nCopyFiles=C\n[C]\n${times(120_000, (index) => `f${index}.sys\n`)}`,
      ),
    says: /and \d+ more, in lines /,
    dangerous: true,
  },
  {
    name: 'of 20,000 strings that are nowhere',
    bytes: () => goodAnd(`[X]\n${times(20_000, (index) => `%s${index}%\n`)}`),
    says: /more than 10000 mistakes/,
  },
];

const loops: readonly CaseOf[] = [
  {
    name: 'with strings that grow a thousandfold',
    bytes: () => goodAnd(`[X]\n${'%a%,%a%,%a%\n'.repeat(100_000)}[Strings]\na = "${'x'.repeat(4000)}"\n`),
    says: /grow beyond reason|not a valid INF/,
    dangerous: true,
  },
  {
    name: 'with strings that are each other',
    bytes: () => version('[Manufacturer]\n%a%=%b%\n[Strings]\na="%b%"\nb="%a%"\n'),
    says: refused,
  },
  {
    name: 'with a string that is itself',
    bytes: () => version('[Manufacturer]\n%a%=%a%,NTamd64\n[%a%.NTamd64]\n%a%=%a%,%a%\n[Strings]\na="%a%"\n'),
    says: refused,
  },
  {
    name: 'that needs itself',
    bytes: () =>
      version(
        `CatalogFile=viostor.cat\n[Manufacturer]\nM=M,NTamd64\n[M.NTamd64]\nD=I,PCI\\X\n[I]\nInclude=viostor.inf\nNeeds=I,I,I\nCopyFiles=I\n`,
      ),
    says: refused,
  },
  {
    name: 'whose lists copy each other',
    bytes: () =>
      version(
        '[Manufacturer]\nM=M,NTamd64\n[M.NTamd64]\nD=I,PCI\\X\n[I]\nCopyFiles=A,B\n[A]\nCopyFiles=B\n[B]\nCopyFiles=A\n',
      ),
    says: refused,
  },
  {
    name: 'whose sections merge without end',
    bytes: () => version(`[Manufacturer]\nM=M,NTamd64\n${times(50_000, () => '[M.NTamd64]\nD=I,PCI\\X\n')}`),
    says: refused,
  },
  {
    name: 'of 40,000 vendors with 40,000 models',
    bytes: () =>
      version(`[Manufacturer]\n${'V=M,NTamd64\n'.repeat(40_000)}[M.NTamd64]\n${'D=I,X\n'.repeat(40_000)}`),
    says: refused,
    dangerous: true,
  },
  {
    name: 'of 40,000 services',
    bytes: () =>
      version(`[I.Services]\n${'AddService=a,2,S\n'.repeat(40_000)}[I]\n[S]\n${'a=b\n'.repeat(40_000)}`),
    says: refused,
  },
];

const copies: readonly CaseOf[] = [
  '..\\..\\..\\evil.sys',
  '/etc/passwd',
  'C:\\Windows\\System32\\hal.dll',
  '\\\\server\\share\\x.sys',
  'aux.sys',
  'evil.sys.',
  'a.sys:stream',
  'x'.repeat(5000),
].map((name) => ({
  name: `that copies ${name.slice(0, 30)}`,
  bytes: () =>
    version(
      `Class=System\nCatalogFile=viostor.cat\nDriverVer=01/02/2026,1.0.0.0\n[SourceDisksNames]\n1=D\n[SourceDisksFiles]\nviostor.sys=1\n${name}=1\n[Manufacturer]\nM=M,NTamd64\n[M.NTamd64]\nD=I,PCI\\VEN_1AF4\n[I.NT]\nCopyFiles=L\n[L]\nviostor.sys\n${name}\n`,
    ),
  says: new RegExp(`${invalid.source}|which is (not in|outside) its folder \\[inf/missing-file\\]`),
}));

/** Hostile INFs. */
export const hostileInfs: readonly HostileCase[] = casesOf(
  'inf',
  [...bytes, ...counts, ...loops, ...copies].map((one) => ({ ...one, name: `an INF ${one.name}` })),
);
