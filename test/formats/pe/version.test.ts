import { describe, expect, it } from 'vitest';
import { readPeVersion } from '../../../pipeline/formats/pe/version.ts';
import { makePe, type PeParts } from '../pe-file.ts';

const align = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);

/** A node of the version tree. */
function block(key: string, value: Buffer, isText: boolean, children: Buffer[] = []): Buffer {
  const head = Buffer.concat([Buffer.alloc(6), Buffer.from(`${key}\0`, 'utf16le')]);
  const bytes = Buffer.concat([align(head), align(value), ...children.map(align)]);
  bytes.writeUInt16LE(bytes.length, 0);
  bytes.writeUInt16LE(isText ? value.length / 2 : value.length, 2);
  bytes.writeUInt16LE(isText ? 1 : 0, 4);
  return bytes;
}

function fixedInfo(): Buffer {
  const fixed = Buffer.alloc(52);
  fixed.writeUInt32LE(0xfeef04bd, 0);
  for (const [index, part] of [93, 62, 24000, 104, 2, 1, 4, 3].entries())
    fixed.writeUInt16LE(part, 8 + index * 2);
  return fixed;
}

const text = (value: string) => Buffer.from(`${value}\0`, 'utf16le');
const table = block('040904b0', Buffer.alloc(0), true, [
  block('CompanyName', text('Red Hat, Inc.'), true),
  block('FileVersion', text('62.93.104.24000 built by: WinDDK'), true),
  block('__proto__', text('x'), true),
]);
const strings = block('StringFileInfo', Buffer.alloc(0), true, [table]);
const translation = block('VarFileInfo', Buffer.alloc(0), true, []);
const version = block('VS_VERSION_INFO', fixedInfo(), false, [translation, strings]);

/** A resource tree with this data under type / name / language. */
function resources(data: Buffer, type = 16): Buffer {
  const tree = Buffer.alloc(88);
  for (const [offset, id, target] of [
    [0, type, 0x80000018],
    [24, 1, 0x80000030],
    [48, 0x409, 72],
  ] as const) {
    tree.writeUInt16LE(1, offset + 14);
    tree.writeUInt32LE(id, offset + 16);
    tree.writeUInt32LE(target, offset + 20);
  }
  tree.writeUInt32LE(0x1000 + tree.length, 72);
  tree.writeUInt32LE(data.length, 76);
  return Buffer.concat([tree, data]);
}

function peOf(section: Buffer, more: PeParts = {}): Buffer {
  return makePe({ section, resource: { rva: 0x1000, size: section.length }, ...more });
}

describe('readPeVersion', () => {
  it.each([true, false])('reads the numbers and strings (PE32+: %s)', (is64) => {
    const found = readPeVersion(peOf(resources(version), { is64 }));
    expect(found).toMatchObject({ fileVersion: '62.93.104.24000', productVersion: '1.2.3.4' });
    expect(Object.entries(found?.strings ?? {})).toEqual([
      ['CompanyName', 'Red Hat, Inc.'],
      ['FileVersion', '62.93.104.24000 built by: WinDDK'],
      ['__proto__', 'x'],
    ]);
  });

  it.each([
    ['set', 0x3f, 1, true],
    ['not set', 0x3f, 2, false],
    ['outside of the mask', 0x3e, 1, false],
  ])('reads VS_FF_DEBUG: %s', (_, mask, flags, expected) => {
    const fixed = fixedInfo();
    fixed.writeUInt32LE(mask, 24);
    fixed.writeUInt32LE(flags, 28);
    expect(readPeVersion(peOf(resources(block('VS_VERSION_INFO', fixed, false))))?.isDebug).toBe(expected);
  });

  it('reads numbers without strings', () => {
    const bare = block('VS_VERSION_INFO', fixedInfo(), false);
    expect(readPeVersion(peOf(resources(bare)))).toMatchObject({
      fileVersion: '62.93.104.24000',
      strings: {},
    });
  });

  it('is absent without resources, or with none of that type', () => {
    expect(readPeVersion(makePe())).toBeUndefined();
    expect(readPeVersion(peOf(resources(version, 3)))).toBeUndefined();
  });

  const loop = resources(version);
  loop.writeUInt32LE(0x80000000, 48 + 20);
  const many = resources(version);
  many.writeUInt16LE(0xffff, 12);
  const empty = Buffer.from(version);
  empty.writeUInt16LE(0, empty.indexOf(Buffer.from('VarFileInfo', 'utf16le')) - 6);
  it.each([
    ['a folder in a folder for ever', loop, /^version resource at byte 2147483648/],
    ['more entries than any file', many, 'a resource folder has 65536 entries; the limit is 4096'],
    ['a block without length', resources(empty), 'a version block has an invalid length: 0'],
    [
      'another block',
      resources(block('OTHER', fixedInfo(), false)),
      'the version resource has no VS_FIXEDFILEINFO',
    ],
    [
      'no fixed numbers',
      resources(block('VS_VERSION_INFO', Buffer.alloc(4), false)),
      'the version resource has no VS_FIXEDFILEINFO',
    ],
    [
      'data beyond the section',
      resources(version).subarray(0, 120),
      /^version resource at RVA 0x1058 is outside all sections/,
    ],
  ])('refuses %s', (_, section, message) => {
    expect(() => readPeVersion(peOf(section))).toThrow(expect.objectContaining({ name: 'FormatError' }));
    expect(() => readPeVersion(peOf(section))).toThrow(message);
  });

  it('reads a resource directory that is longer than its section', () => {
    const section = resources(version);
    const pe = makePe({ section, resource: { rva: 0x1000, size: section.length + 4096 } });
    expect(readPeVersion(pe)).toEqual(readPeVersion(peOf(section)));
  });

  it('refuses resources in no section', () => {
    const pe = makePe({ resource: { rva: 0x5000, size: 16 } });
    expect(() => readPeVersion(pe)).toThrow('resources at RVA 0x5000 is outside all sections');
  });
});
