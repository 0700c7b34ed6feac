import { describe, expect, it } from 'vitest';
import {
  archOfCatalogWord,
  isCatalogWord,
  needsVersion1,
  osAttrOf,
} from '../../../pipeline/formats/windows/catalog-words.ts';

describe('osAttrOf', () => {
  it.each([
    [
      ['XPX86', 'Server2003X86'],
      ['2:5.1', '2:5.2'],
    ],
    [
      ['XPX64', 'Server2003X64'],
      ['2:5.1', '2:5.2'],
    ],
    [
      ['XPX86', 'VistaX86', '7X86'],
      ['2:5.1', '2:6.0', '2:6.1'],
    ],
    [
      ['Server2008X64', '7X64', 'Server2008R2X64'],
      ['2:6.0', '2:6.1'],
    ],
    [['8X64', 'Server2012X64'], ['2:6.2']],
    [['_v63_X64', '_v63_Server_X64'], ['2:6.3']],
    [
      ['_v100_X64_21H2', 'Server_v100_X64', '_v63'],
      ['2:6.3', '2:10.0'],
    ],
    [[], []],
  ])('of %j is %j, as in catalogs that Inf2Cat made', (words, expected) => {
    expect(osAttrOf(words)).toEqual(expected);
  });
});

it('knows the words of Inf2Cat, by their case', () => {
  const known = [
    '_v100',
    '_v100_X64',
    '_v100_ARM64_RS3',
    'Server_v100_X64_24H2',
    'Server2008R2X64',
    '_v63_Server_X64',
  ];
  expect(known.filter((word) => !isCatalogWord(word))).toEqual([]);
  const unknown = [
    '',
    'w10',
    '_V100_X64',
    '10_X64',
    'Server_v100',
    'Server2008R2X86',
    '_v100_X86',
    '_v100_X64_',
    'XPX64,8X64',
  ];
  expect(unknown.filter(isCatalogWord)).toEqual([]);
});

it.each([
  [['2:5.1'], true],
  [['2:6.1', '2:10.0'], true],
  [['2:6.2', '2:6.3', '2:10.0'], false],
])('a catalog for %j is of version 1: %s', (osAttr, expected) => {
  expect(needsVersion1(osAttr)).toBe(expected);
});

describe('archOfCatalogWord', () => {
  it.each([
    ['XPX86', 'x86'],
    ['_v100_22H2', 'x86'],
    ['_v63_Server_X64', 'amd64'],
    ['Server_v100_ARM64_24H2', 'ARM64'],
    ['IA64', undefined],
  ])('of %s is %s', (word, arch) => {
    expect(archOfCatalogWord(word)).toBe(arch);
  });
});
