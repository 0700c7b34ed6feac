import type { Change } from '../changed-inf.ts';
import { type Damage, damage } from './damage.ts';

const stored: readonly Change[] = [
  ['viostor_Files = 12', 'viostor_Files = 13'],
  ['%12%\\', '%13%\\'],
  ['NTx86.10.0', 'NTx86.10.0...16299'],
  ['Models.NTx86.10.0', 'Models.NTx86.10.0...16299'],
];
const registry: Change = ['CopyFiles = viostor_Files', 'CopyFiles = viostor_Files\r\nAddReg = Reg'];

/** Damages of files. */
export const files: readonly Damage[] = [
  damage('no [DestinationDirs]', 'destinations', 'no-destination service-binary-not-copied', [
    '[DestinationDirs]\r\nDefaultDestDir = 12\r\nviostor_Files = 12\r\n',
    '',
  ]),
  damage(
    'a misspelled [DestinationDirs]',
    'destinations',
    'misspelled-section no-destination service-binary-not-copied',
    ['[DestinationDirs]', '[DestinationDir]'],
  ),
  damage('a path as destination', 'dirids', 'bad-destination', [
    'viostor_Files = 12',
    'viostor_Files = C:\\Windows',
  ]),
  damage('percent signs around a destination', 'dirids', 'bad-destination', [
    'viostor_Files = 12',
    'viostor_Files = %12%',
  ]),
  damage('another folder as destination', 'destinations', 'service-binary-not-copied', [
    'viostor_Files = 12',
    'viostor_Files = 10',
  ]),
  damage('two destinations of one list', 'destinations', 'doubled-entry', [
    'viostor_Files = 12',
    'viostor_Files = 12\r\nviostor_Files = 11',
  ]),
  damage(
    'a destination for a list that is not there',
    'destinations',
    { why: 'DefaultDestDir has the same folder, so nothing changes' },
    ['viostor_Files = 12', 'viostor_File = 12'],
  ),
  damage('the driver store without a build', 'store', 'newer-syntax', ...stored.slice(0, 2)),
  damage(
    'a rename in the driver store',
    'dirids',
    'driver-store-rename',
    ...stored,
    ['[viostor_Files]\r\nviostor.sys', '[viostor_Files]\r\nother.sys,viostor.sys'],
    ['%13%\\viostor', '%13%\\other'],
  ),
  damage('another folder in the driver store', 'store', 'driver-store-rename', ...stored, [
    'viostor_Files = 13',
    'viostor_Files = 13,x64',
  ]),
  damage(
    'DelFiles in the driver store',
    'dirids',
    'driver-store-rename legacy-directive',
    ...stored,
    ['CopyFiles = viostor_Files', 'DelFiles = Old\r\nCopyFiles = viostor_Files'],
    ['DefaultDestDir = 12', 'Old = 13'],
    ['[Strings]', '[Old]\r\nold.sys\r\n[Strings]'],
  ),
  damage('a file that is not listed', 'disks', 'unlisted-file', ['viostor.sys = 1,,\r\n', '']),
  damage('a misspelled file in the list', 'disks', 'uncopied-file unlisted-file', [
    'viostor.sys = 1,,',
    'viostr.sys = 1,,',
  ]),
  damage('a file that is listed and not copied', 'disks', 'uncopied-file', [
    'viostor.sys = 1,,',
    'viostor.sys = 1,,\r\nviohlp.dll = 1,,',
  ]),
  damage('a further INF that is not there', 'copyInf', 'missing-file', [
    'CopyFiles = viostor_Files',
    'CopyINF = viohlp.inf\r\nCopyFiles = viostor_Files',
  ]),
  damage('a file of a folder that is not there', 'disks', 'missing-file unnamed-file', [
    'viostor.sys = 1,,',
    'viostor.sys = 1,x86,',
  ]),
  damage('a disk that is not defined', 'disks', 'undefined-disk', ['viostor.sys = 1,,', 'viostor.sys = 2,,']),
  damage('no [SourceDisksNames]', 'disks', 'undefined-disk unused-string', [
    '[SourceDisksNames]\r\n1 = %DiskName%,,,""\r\n',
    '',
  ]),
  damage('a misspelled [SourceDisksFiles]', 'disks', 'misspelled-section unlisted-file', [
    '[SourceDisksFiles]',
    '[SourceDiskFiles]',
  ]),
  damage(
    'a list that is not there',
    'validation',
    'missing-section service-binary-not-copied unused-section',
    ['CopyFiles = viostor_Files', 'CopyFiles = viostor_File'],
  ),
  damage(
    'a file as the name of a list',
    'validation',
    'missing-section service-binary-not-copied unused-section',
    ['CopyFiles = viostor_Files', 'CopyFiles = viostor.sys'],
  ),
  damage('a misspelled CopyFiles', 'copyFiles', 'misspelled-directive service-binary-not-copied', [
    'CopyFiles',
    'CopyFile',
  ]),
  damage('an empty list', 'copyFiles', 'empty-copy-list service-binary-not-copied', [
    '[viostor_Files]\r\nviostor.sys',
    '[viostor_Files]',
  ]),
  damage('two files for one path', 'validation', 'conflicting-copies unlisted-file', [
    '[viostor_Files]',
    '[viostor_Files]\r\nviostor.sys,viostor.cat',
  ]),
  damage('a registry line outside HKR', 'validation', 'registry-outside-hkr', registry, [
    '',
    '[Reg]\r\nHKLM,Software\\x,,,y\r\n',
  ]),
  damage('a misspelled registry root', 'addReg', 'bad-registry-line', registry, [
    '',
    '[Reg]\r\nHRK,,x,,y\r\n',
  ]),
  damage('registry flags that are no number', 'addReg', 'bad-registry-line', registry, [
    '',
    '[Reg]\r\nHKR,,x,REG_SZ,y\r\n',
  ]),
  damage('a comma too few in a registry line', 'addReg', 'bad-registry-line', registry, [
    '',
    '[Reg]\r\nHKR,x,0,text\r\n',
  ]),
  damage('a registry list that is not there', 'validation', 'missing-section', registry),
  damage('a list of strings that is appended', 'validation', 'appended-multi-sz', registry, [
    '',
    '[Reg]\r\nHKR,,UpperFilters,0x10008,x\r\n',
  ]),
  damage(
    'RegisterDlls for Windows 10',
    'universal',
    'legacy-directive',
    registry,
    ['AddReg = Reg', 'RegisterDlls = Reg'],
    ['', '[Reg]\r\n11,,x.dll,1\r\n'],
  ),
  damage(
    'LogConfig for Windows 10',
    'universal',
    'legacy-directive',
    registry,
    ['AddReg = Reg', 'LogConfig = Reg'],
    ['', '[Reg]\r\nConfigPriority = NORMAL\r\n'],
  ),
  damage('a co-installer for Windows 10', 'validation', 'refused-co-installer', [
    '',
    '[viostor_Install.CoInstallers]\r\nAddReg = Co\r\n[Co]\r\nHKR,,x,,y\r\n',
  ]),
];
