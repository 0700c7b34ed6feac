import { deflateSync } from 'node:zlib';
import { NtExecutable, NtExecutableResource } from 'pe-library';
import { Resource } from 'resedit';
import { describe, expect, test } from 'vitest';
import { buildPe, entryCode, type PeOptions } from '../../../pipeline/sources/sample/pe.ts';
import { peChecksum, peFacts } from '../../builders/pe-facts.ts';

const base: PeOptions = {
  arch: 'amd64',
  kind: 'sys',
  version: '1.22.333.65535',
  description: 'A test driver',
  company: 'pvdisc project',
  fileName: 'test.sys',
  payloadSize: 5000,
  payloadSeed: 'seed',
  subsystemVersion: '6.3',
};

const machines = [
  { arch: 'x86', machine: 0x014c, magic: 0x10b, optionalHeaderSize: 224, word: 0x0100 },
  { arch: 'amd64', machine: 0x8664, magic: 0x20b, optionalHeaderSize: 240, word: 0x0020 },
  { arch: 'ARM64', machine: 0xaa64, magic: 0x20b, optionalHeaderSize: 240, word: 0x0020 },
] as const;
const kinds = [
  { kind: 'sys', subsystem: 1, dll: 0, fileType: 3, fileSubtype: 7 },
  { kind: 'dll', subsystem: 2, dll: 0x2000, fileType: 2, fileSubtype: 0 },
  { kind: 'exe', subsystem: 3, dll: 0, fileType: 1, fileSubtype: 0 },
] as const;
const all = machines.flatMap((machine) => kinds.map((kind) => ({ ...machine, ...kind })));

describe.each(all)('a $kind for $arch', ({ arch, kind, ...expected }) => {
  const bytes = buildPe({ ...base, arch, kind });
  const facts = peFacts(bytes);

  test('has the headers of its machine and kind', () => {
    expect(facts).toMatchObject({
      dosMagic: 0x5a4d,
      signature: 0x4550,
      machine: expected.machine,
      magic: expected.magic,
      optionalHeaderSize: expected.optionalHeaderSize,
      characteristics: 0x0002 | expected.word | expected.dll,
      subsystem: expected.subsystem,
      subsystemVersion: '6.3',
      timeDateStamp: Date.parse('2026-11-20T00:00:00Z') / 1000,
      directoryCount: 16,
      certificate: { offset: 0, size: 0 },
    });
  });

  test('has sections that follow one another, aligned in the file and in memory', () => {
    expect(facts.sections.map(({ name, characteristics }) => [name, characteristics])).toEqual([
      ['.text', 0x60000020],
      ['.data', 0xc0000040],
      ['.rsrc', 0x40000040],
    ]);
    expect([facts.fileAlignment, facts.sectionAlignment]).toEqual([512, 4096]);
    expect(facts.sizeOfHeaders).toBeGreaterThanOrEqual(facts.headersEnd);
    let offset = facts.sizeOfHeaders;
    let rva = 4096;
    for (const section of facts.sections) {
      expect([section.rawOffset, section.rva]).toEqual([offset, rva]);
      expect(section.rawSize).toBe(Math.ceil(section.virtualSize / 512) * 512);
      offset += section.rawSize;
      rva += Math.ceil(section.virtualSize / 4096) * 4096;
    }
    expect(bytes.length).toBe(offset);
    expect(facts.sizeOfImage).toBe(rva);
  });

  test('sums up its sections in the optional header', () => {
    const [text, data, rsrc] = facts.sections;
    expect(facts.sizeOfCode).toBe(text?.rawSize);
    expect(facts.sizeOfInitializedData).toBe((data?.rawSize ?? 0) + (rsrc?.rawSize ?? 0));
    expect([facts.entryPoint, facts.baseOfCode]).toEqual([text?.rva, text?.rva]);
    expect(facts.baseOfData).toBe(arch === 'x86' ? data?.rva : undefined);
    expect(facts.imageBase).toBe(arch === 'x86' ? 0x40_0000 : 0x1_4000_0000);
    expect(facts.resource).toEqual({ rva: rsrc?.rva, size: rsrc?.virtualSize });
  });

  test('starts with code that only returns', () => {
    const [text] = facts.sections;
    const code = bytes.subarray(text?.rawOffset, (text?.rawOffset ?? 0) + (text?.virtualSize ?? 0));
    expect([...code]).toEqual([...entryCode(arch, kind)]);
  });

  test('has the checksum that Windows demands of drivers', () => {
    expect(facts.checksum).toBe(peChecksum(bytes));
  });

  test('tells its version', () => {
    const [info, ...others] = versionInfo(bytes);
    expect(others).toEqual([]);
    expect(info?.fixedInfo).toMatchObject({
      fileVersionMS: (1 << 16) + 22,
      fileVersionLS: 333 * 65536 + 65535,
      productVersionMS: (1 << 16) + 22,
      productVersionLS: 333 * 65536 + 65535,
      fileType: expected.fileType,
      fileSubtype: expected.fileSubtype,
    });
    expect(info?.getStringValues({ lang: 0x409, codepage: 1200 })).toEqual({
      CompanyName: 'pvdisc project',
      FileDescription: 'A test driver',
      FileVersion: '1.22.333.65535',
      InternalName: 'test.sys',
      OriginalFilename: 'test.sys',
      ProductName: 'A test driver',
      ProductVersion: '1.22.333.65535',
    });
  });
});

test('entry points of drivers return STATUS_UNSUCCESSFUL', () => {
  const hex = (arch: PeOptions['arch']) => Buffer.from(entryCode(arch, 'sys')).toString('hex');
  expect(hex('x86')).toBe('b8010000c0c20800');
  expect(hex('amd64')).toBe('b8010000c0c3');
  expect(hex('ARM64')).toBe('200080520000b872c0035fd6');
});

test('the payload has the given size, does not compress and depends on the seed alone', () => {
  const payload = (options: Partial<PeOptions>) => {
    const bytes = buildPe({ ...base, ...options });
    const data = peFacts(bytes).sections[1];
    return Buffer.from(bytes.subarray(data?.rawOffset, (data?.rawOffset ?? 0) + (data?.virtualSize ?? 0)));
  };
  const first = payload({});
  expect(first.length).toBe(5000);
  expect(deflateSync(first).length).toBeGreaterThan(4900);
  expect(payload({ arch: 'x86' }).equals(first)).toBe(true);
  expect(payload({ payloadSeed: 'another' }).equals(first)).toBe(false);
});

test('the same options give the same bytes', () => {
  expect(Buffer.from(buildPe(base)).equals(buildPe({ ...base }))).toBe(true);
});

function versionInfo(bytes: Uint8Array): Resource.VersionInfo[] {
  const resources = NtExecutableResource.from(NtExecutable.from(bytes));
  return Resource.VersionInfo.fromEntries(resources.entries);
}
