import { expect, test } from 'vitest';
import { readRepackedInf, repackedFiles } from './distrobuilder.ts';

const guid = '{4d36e97b-e325-11ce-bfc1-08002be10318}';
const good = `; comment\r\n[version]\r\nSignature="$Windows NT$"\r\nClassGUID=${guid}\r\nDriverVer = 1/2/2026,100.6.1.2\r\n`;

test('an INF gives its class and version', () => {
  expect(readRepackedInf(Buffer.from(good))).toEqual({ classGuid: guid, driverVer: '1/2/2026,100.6.1.2' });
});

test.each([
  ['in UTF-16', Buffer.from(good, 'utf16le'), 'no line [Version]'],
  [
    'with a comment after DriverVer',
    good.replace('6.1.2', '6.1.2 ; new'),
    'DriverVer is "1/2/2026,100.6.1.2 ; new"',
  ],
  ['with a version of three parts', good.replace('100.6.1.2', '6.1.2'), 'DriverVer is "1/2/2026,6.1.2"'],
  ['with an indented key', good.replace('ClassGUID', ' ClassGUID'), 'no line ClassGuid = ...'],
  ['without [Version]', good.replace('[version]', '[Versions]'), 'no line [Version]'],
])('an INF %s is refused', (_, text, message) => {
  expect(() => readRepackedInf(Buffer.from(text))).toThrow(message);
});

test('a folder is found with its case only, and gives the files of known kinds', () => {
  const paths = [
    'a/2k12R2/amd64/A.INF',
    'a/2k12R2/amd64/a.pdb',
    'a/2k12R2/amd64/a.sys',
    'a/2k12R2/amd64/x/b.sys',
  ];
  expect(repackedFiles(paths, 'a/2k12R2/amd64')).toEqual(['A.INF', 'a.sys']);
  expect(repackedFiles(paths, 'a/2k12r2/amd64')).toBeUndefined();
});
