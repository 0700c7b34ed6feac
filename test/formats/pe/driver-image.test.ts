import { describe, expect, test } from 'vitest';
import { readDriverImage } from '../../../pipeline/formats/pe/driver-image.ts';
import { buildPe } from '../../../pipeline/sources/sample/pe.ts';
import { changedPe, type PeChanges } from '../../builders/changed-pe.ts';
import { peChecksum, peFacts } from '../../builders/pe-facts.ts';
import { makePe } from '../pe-file.ts';

const driver = buildPe({
  arch: 'amd64',
  kind: 'sys',
  version: '1.2.3.4',
  description: 'Driver',
  company: 'Tests',
  fileName: 'driver.sys',
  payloadSize: 2048,
  payloadSeed: 'driver',
  subsystemVersion: '10.0',
});

const changed = (changes: PeChanges) => readDriverImage(changedPe(driver, changes));

test('a good driver has no problems and its checksum', () => {
  const checksum = peChecksum(driver);
  expect(readDriverImage(driver)).toEqual({
    problems: [],
    checksum: { held: checksum, computed: checksum },
    memoryIntegrity: [],
  });
});

test('the checksum of a file of odd length, and of one that holds none', () => {
  const odd = Buffer.concat([driver, Buffer.of(0xee)]);
  expect(readDriverImage(odd).checksum).toEqual({ held: peChecksum(driver), computed: peChecksum(odd) });
  expect(changed({ checksum: 0 }).checksum.held).toBe(0);
});

describe('what no Windows loads', () => {
  test.each([
    ['another subsystem', { subsystem: 2 }, 'its subsystem is 2, not 1 (native)'],
    ['no entry point', { entryPoint: 0 }, 'it has no entry point'],
    [
      'an entry point between sections',
      { entryPoint: 0x1f00 },
      'its entry point at RVA 0x1f00 is in no section',
    ],
    ['overlapping sections', { virtualSize: 0x1001 }, 'its section .text overlaps the next one'],
  ] satisfies [string, PeChanges, string][])('%s', (_, changes, problem) => {
    expect(changed(changes).problems).toEqual([problem]);
  });

  test('more sections than Windows takes', () => {
    const many = makePe({ section: Buffer.alloc(97 * 40) });
    many.writeUInt16LE(97, 0x46);
    expect(readDriverImage(many).problems[0]).toBe('it has 97 sections; Windows loads at most 96');
  });
});

describe('what memory integrity refuses', () => {
  const code = 0x6000_0020;
  const writableCode = 0xe000_0020;
  test.each([
    [
      'writable code',
      { firstSection: { name: 'PAGE', characteristics: writableCode } },
      'its section PAGE is writable and executable',
    ],
    [
      'small alignment',
      { sectionAlignment: 0x80 },
      'its sections are aligned to 0x80, not to pages of 0x1000',
    ],
    [
      'import addresses in code',
      { importsInCode: true },
      'its import addresses are in the executable section .text',
    ],
  ] satisfies [string, PeChanges, string][])('%s', (_, changes, problem) => {
    expect(changed(changes).memoryIntegrity).toEqual([problem]);
  });

  test.each([
    ['the writable INIT of old linkers', { firstSection: { name: 'INIT', characteristics: writableCode } }],
    ['code that is only read', { firstSection: { name: 'PAGE', characteristics: code } }],
    ['alignment to several pages', { sectionAlignment: 0x2000 }],
  ] satisfies [string, PeChanges][])('%s passes', (_, changes) => {
    expect(changed(changes).memoryIntegrity).toEqual([]);
  });
});

test('a section without a virtual size ends with its bytes in the file', () => {
  const { sections } = peFacts(driver);
  const entryPoint = (sections[0]?.rva ?? 0) + (sections[0]?.rawSize ?? 0) - 1;
  expect(changed({ entryPoint }).problems).toHaveLength(1);
  expect(changed({ entryPoint, virtualSize: 0 }).problems).toEqual([]);
});
