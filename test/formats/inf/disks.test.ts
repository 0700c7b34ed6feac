import { expect, it } from 'vitest';
import { undefinedDisks } from '../../../pipeline/formats/inf/files.ts';
import { parseInf } from '../../../pipeline/formats/inf/inf.ts';
import { lastBuild } from '../../../pipeline/formats/windows/targets.ts';
import { crlf } from '../bytes.ts';

it('undefinedDisks gives files on disks that neither section of the architecture defines', () => {
  const text = [
    '[SourceDisksNames]',
    '1 = "Disk"',
    '0x2 = "Disk"',
    '[SourceDisksNames.x86]',
    '3 = "Disk"',
    '[SourceDisksFiles]',
    'a.sys = 01',
    'b.sys = 2,,',
    'c.sys = 3',
    'd.sys =',
    '[SourceDisksFiles.x86]',
    'e.sys = 4',
  ];
  const inf = parseInf(crlf(text.join('\n')));
  expect(undefinedDisks(inf, 'amd64')).toEqual([
    { file: 'c.sys', disk: '3', line: 9 },
    { file: 'd.sys', disk: '', line: 10 },
  ]);
  expect(undefinedDisks(inf, 'x86').map(({ file }) => file)).toEqual(['e.sys', 'd.sys']);
});

it('lastBuild knows the Windows that had several builds, and gives any other build back', () => {
  expect([10240, 22000, 20348, 9600].map(lastBuild)).toEqual([19045, 26200, 20348, 9600]);
});
