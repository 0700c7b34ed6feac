import { expect, test } from 'vitest';
import { parseIsoList } from '../../pipeline/assemble/xorriso-list.ts';
import { place } from '../builders/source-setting.ts';

const subject = { place, name: 'x.iso' };

test('reads what xorriso 1.5.4 prints', () => {
  const stdout = [
    'Report layout: xt , Startlba ,   Blocks , Filesize , ISO image path',
    "File data lba:  0 ,       33 ,        1 ,        5 , '/a.txt'",
    "File data lba:  0 ,       34 ,  2097151 , 4294969344 , '/big.bin'",
    "File data lba:  1 ,  2097185 ,        2 , 4294969344 , '/big.bin'",
    `File data lba:  0 ,       39 ,        1 ,        1 , '/it'"'"'s.txt'`,
    "File data lba:  0 ,       41 ,        1 ,        1 , '/\\303\\244 \\303\\266.txt'",
    "'/link'",
    "'/back\\\\slash\\n'",
    '',
  ].join('\n');
  const stderr = 'xorriso : NOTE : x\nlibisofs: WARNING : odd thing\nlibburn : SORRY : other thing\n';
  expect(parseIsoList({ stdout, stderr }, subject)).toEqual({
    files: [
      { path: 'a.txt', size: 5, extents: [{ offset: 67584, length: 5 }] },
      {
        path: 'big.bin',
        size: 4294969344,
        extents: [
          { offset: 69632, length: 4294965248 },
          { offset: 4295034880, length: 4096 },
        ],
      },
      { path: "it's.txt", size: 1, extents: [{ offset: 79872, length: 1 }] },
      { path: 'ä ö.txt', size: 1, extents: [{ offset: 83968, length: 1 }] },
    ],
    specials: ['link', 'back\\slash\n'],
  });
});

test.each([
  'surprise',
  "'relative'",
  "File data lba:  x ,       33 ,        1 ,        5 , '/a.txt'",
  "File data lba:  1 ,       33 ,        1 ,        5 , '/a.txt'",
  "File data lba:  0 ,       33 ,        1 ,        5 , '/\\q'",
])('never passes over a line that it does not know: %s', (line) => {
  expect(() => parseIsoList({ stdout: `${line}\n`, stderr: '' }, subject)).toThrow(
    'x.iso: xorriso listed the ISO with a line that pvdisc does not know',
  );
});

test('two files of one path, which libisofs would rename, are refused', () => {
  const stderr = 'libisofs: WARNING : File name collision resolved with removal of /A.BIN\n';
  expect(() => parseIsoList({ stdout: '', stderr }, subject)).toThrow(
    'x.iso: holds two files of the same path: File name collision',
  );
});
