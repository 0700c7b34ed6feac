import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { type PeImport, readPeImports } from '../../../pipeline/formats/pe/imports.ts';
import { lacksTool } from '../../builders/needs.ts';
import { makePe } from '../pe-file.ts';
import { realDrivers } from '../reference.ts';

const rva = 0x1000;

/** A section with one descriptor, its lookup table at 0x40, the library's name at 0x80 and a hint with name at 0xa0. */
function sectionOf(entries: readonly bigint[], is64: boolean, lookup = rva + 0x40): Buffer {
  const section = Buffer.alloc(0x100);
  section.writeUInt32LE(lookup, 0);
  section.writeUInt32LE(rva + 0x80, 12);
  section.writeUInt32LE(rva + 0x40, 16);
  for (const [index, entry] of entries.entries()) {
    if (is64) section.writeBigUInt64LE(entry, 0x40 + index * 8);
    else section.writeUInt32LE(Number(entry), 0x40 + index * 4);
  }
  section.write('ntoskrnl.exe\0', 0x80, 'latin1');
  section.write('\x05\0IoCreateDevice\0', 0xa0, 'latin1');
  return section;
}

function importsOf(section: Buffer, is64: boolean): PeImport[] {
  return readPeImports(makePe({ is64, section, imports: { rva, size: 40 } }));
}

test.each([
  ['PE32+', true, 1n << 63n],
  ['PE32', false, 1n << 31n],
])('%s: functions by name and by number', (_, is64, ordinal) => {
  const expected = [{ library: 'ntoskrnl.exe', functions: ['IoCreateDevice', '#18'] }];
  const entries = [BigInt(rva + 0xa0), ordinal | 18n];
  expect(importsOf(sectionOf(entries, is64), is64)).toEqual(expected);
  expect(importsOf(sectionOf(entries, is64, 0), is64)).toEqual(expected);
});

test('a file without an import directory imports nothing', () => {
  expect(readPeImports(makePe())).toEqual([]);
});

test.each([
  ['a directory outside of the sections', sectionOf([], true), 0x9000, /^import directory at RVA 0x9000/],
  [
    'a name outside of the sections',
    sectionOf([0x9000n], true),
    rva,
    /^imported name at RVA 0x9002 is in no/,
  ],
  ['a name without an end', sectionOf([BigInt(rva + 0xa0)], true).fill(1, 0xa0), rva, /has no end$/],
  [
    'a table that goes on to the end',
    sectionOf([], true).fill(0x80, 0x40),
    rva,
    /^imported name|^import lookup/,
  ],
])('%s is refused', (_, section, address, message) => {
  const bytes = makePe({ section, imports: { rva: address, size: 40 } });
  expect(() => readPeImports(bytes)).toThrow(
    expect.objectContaining({ name: 'FormatError', message: expect.stringMatching(message) }),
  );
});

describe.skipIf(realDrivers === undefined || lacksTool('objdump'))('real binaries', () => {
  const root = realDrivers ?? '.';
  const files = realDrivers === undefined ? [] : readdirSync(root, { recursive: true, encoding: 'utf8' });
  const binaries = files.filter((name) => /\.(sys|dll|exe)$/i.test(name)).sort();

  test('import what objdump lists', { timeout: 600_000 }, async () => {
    expect(binaries.length).toBeGreaterThan(50);
    for (const name of binaries.filter((_, index) => index % 8 === 0)) {
      const { stdout } = await execa('objdump', ['-p', join(root, name)]);
      expect([name, readPeImports(readFileSync(join(root, name)))]).toEqual([name, listed(stdout)]);
    }
  });
});

function listed(text: string): PeImport[] {
  const [, tables = ''] = /^The Import Tables.*?$(.*?)^(?:The |PE File Base)/ms.exec(text) ?? [];
  return tables
    .split('DLL Name: ')
    .slice(1)
    .map((part) => {
      const [library = '', , ...lines] = part.split('\n');
      const functions = lines.flatMap((line) => {
        const [, entry = '', member] = /^\t([0-9a-f]+)\t +[0-9a-f]+ +(\S+)/.exec(line) ?? [];
        if (member === undefined) return [];
        return [member === '<none>' ? `#${Number.parseInt(entry.slice(-4), 16)}` : member];
      });
      return { library, functions };
    });
}
