import type { RuleCases } from '../../contracts/rule-contract.ts';
import { type Change, changed, changedFolder, encodedFolder, withLineFeeds } from './changed-inf.ts';

const w10 = 'viostor/w10/x86/viostor.inf';
const w7 = 'viostor/w7/x86/viostor.inf';
const wanted = 'but Windows reads ANSI or UTF-16LE with a byte order mark';
const device: Change = ['DeviceDesc = "viostor test driver', 'DeviceDesc = "Gerät'];

const reg: Change = ['_Files\r\n\r\n', '_Files\r\nAddReg = Reg\r\n\r\n'];

/** The cases of the rules about an INF's bytes and lines, whatever its sections say. */
export const infTextCases: Readonly<Record<string, RuleCases>> = {
  'inf/dangling-continuation': {
    passes: changed(['ErrorControl = 1', 'ErrorControl = \\\r\n  1']),
    fails: changed(['%12%\\viostor.sys', '%12%\\viostor.sys \\']),
    findings: [`${w10}:42: the line ends in a backslash, but no continuation follows`],
  },
  'inf/bad-registry-line': {
    passes: changed(reg, [
      '',
      '[Reg]\r\nhkr,,x,0x10000,y\r\nHKR,%Vendor%\r\nHKR,,y,-1,z\r\nHKR,,z,0x10001,0x1\r\nHKR,,b,0x10001,1,0,0,0\r\n',
    ]),
    fails: changed(reg, [
      '',
      '[Reg]\r\nHKX,,x,,y\r\nHKR,,x,REG_SZ,y\r\nx = HKR,,x\r\nHKR,,d,0x10003,one\r\n',
    ]),
    findings: [
      `${w10}:50: a line of [Reg] begins with "HKX", not with a root`,
      `${w10}:51: the flags of a line of [Reg] are "REG_SZ"`,
      `${w10}:52: a line of [Reg] begins with "x", not with a root`,
      `${w10}:53: the number (REG_DWORD) of a line of [Reg] is "one"`,
    ],
  },
  'inf/doubled-entry': {
    passes: changed(['Class = System', 'Class = System\r\nclass = System']),
    fails: changed(
      ['PnpLockdown = 1', 'PnpLockdown = 1\r\nPnpLockdown = 0'],
      ['StartType = 3', 'StartType = 3\r\nStartType = 0'],
      ['', 'vendor = "other"\r\n'],
    ),
    findings: [
      `${w10}:11: [Version] has "PnpLockdown" again, with another value than in line 10`,
      `${w10}:42: [viostor_Service] has "StartType" again, with another value than in line 41`,
      `${w10}:50: [Strings] has "vendor" again, with another value than in line 47`,
    ],
  },
  'inf/encoding': {
    passes: { files: encodedFolder('Win10/x86', 'utf16le', '\ufeff') },
    fails: {
      files: {
        ...encodedFolder('Win10/x86', 'utf8', '\ufeff'),
        ...encodedFolder('Win7/x86', 'utf16le', ''),
        ...encodedFolder('Win11/ARM64', 'utf16be', '\ufeff'),
      },
    },
    findings: [
      `${w10}: is in UTF-8 with a byte order mark, ${wanted}`,
      `viostor/w11/ARM64/viostor.inf: is in UTF-16BE with a byte order mark, ${wanted}`,
      `${w7}: is in UTF-16LE without a byte order mark, ${wanted}`,
    ],
  },
  'inf/lf-line-ends': {
    passes: changed(['[Strings]\r\n', '[Strings]\n']),
    fails: { files: withLineFeeds(changedFolder('Win10/x86')) },
    findings: [`${w10}: its lines end in LF, not CRLF`],
  },
  'inf/line-without-key': {
    passes: changed(['_Files\r\n\r\n', '_Files\r\nReboot\r\n\r\n']),
    fails: changed(
      ['PnpLockdown = 1', 'PnpLockdown = 1\r\nDriver of the year'],
      ['ErrorControl = 1', 'ErrorControl = 1\r\nDescription x,y'],
    ),
    findings: [
      `${w10}:11: a line of [Version] has no equals sign: Driver of the year`,
      `${w10}:43: a line of [viostor_Service] has no equals sign: Description x,y`,
    ],
  },
  'inf/misspelled-directive': {
    passes: changed(['_Files\r\n\r\n', '_Files\r\nCharacteristics = 0x84\r\n\r\n']),
    fails: changed(
      ['_Files\r\n\r\n', '_Files\r\nAdd_Reg = x\r\n\r\n'],
      ['ErrorControl = 1', 'ErrorControl = 1\r\nLoadOrderGrup = x'],
    ),
    findings: [
      `${w10}:30: "Add_Reg" in [viostor_Install] is not a directive; "AddReg" is`,
      `${w10}:43: "LoadOrderGrup" in [viostor_Service] is not a directive; "LoadOrderGroup" is`,
    ],
  },
  'inf/misspelled-section': {
    passes: changed(['[SourceDisksFiles]', '[SourceDisksFiles]\r\n']),
    fails: changed(
      ['[DestinationDirs]', '[DestinationDir]'],
      ['CopyFiles = viostor_Files\r\n', ''],
      ['[viostor_Files]\r\nviostor.sys\r\n', ''],
      ['%12%\\viostor.sys', '%12%\\WUDFRd.sys'],
      ['', '[viostor_Install.NTamd64]\r\nCopyFiles = @viostor.sys\r\n'],
    ),
    findings: [`${w10}:18: [DestinationDir] is not used; Windows looks for [DestinationDirs]`],
  },
  'inf/non-ascii-text': {
    passes: {
      files: {
        ...encodedFolder('Win10/x86', 'latin1', '; © nobody\r\n'),
        ...encodedFolder('Win7/x86', 'utf16le', '\ufeff', device),
      },
    },
    fails: {
      files: {
        ...encodedFolder('Win10/x86', 'utf8', '', device, ['pvdisc project', 'Größe']),
        ...encodedFolder('Win7/x86', 'latin1', '', device),
      },
    },
    findings: [
      `${w10}:45: has non-ASCII characters but is not in UTF-16: "GrÃ¶ÃŸe" and 1 more`,
      `${w7}:46: has non-ASCII characters but is not in UTF-16: "Gerät"`,
    ],
  },
  'inf/open-quote': {
    passes: changed(['viostor test driver', 'a ""test"" driver']),
    fails: changed(['viostor test driver"', 'viostor test driver']),
    findings: [`${w10}:46: a quotation mark is not closed: viostor.DeviceDesc = "viostor test driver`],
  },
  'inf/text-after-end': {
    passes: changed(['', '\u001a\u001a\r\n; x']),
    fails: changed(['', '\u001a\r\n[Lost]\r\n']),
    findings: [`${w10}:49: has text after the Ctrl-Z that ends it: [Lost]`],
  },
  'inf/text-after-header': {
    passes: changed(['[viostor_Files]', '[viostor_Files] ; copied']),
    fails: changed(['[viostor_Files]', '[viostor_Files] other.sys']),
    findings: [`${w10}:31: has text after the name of a section: other.sys`],
  },
  'inf/text-before-section': {
    passes: changed(['[Version]', '; /*++\r\n; Abstract: a driver\r\n\r\n[Version]']),
    fails: changed(['[Version]', '/*++\r\nAbstract: a driver, "x\r\n--*/\r\n[Version]']),
    findings: [`${w10}:3: has text before its first section: "/*++"`],
  },
  'inf/unescaped-variable': {
    passes: changed(['DisplayName = %viostor.DeviceDesc%', 'DisplayName = %%SystemRoot%%']),
    fails: changed(['DisplayName = %viostor.DeviceDesc%', 'DisplayName = %SystemRoot%\\%5C.%5CEvent']),
    findings: [
      `${w10}:38: %SystemRoot% is written like a token of [Strings]`,
      `${w10}:38: %5C.% is written like a token of [Strings]`,
    ],
  },
  'inf/untranslated-string': {
    passes: changed(['', '[Strings.0407]\r\nVendor = x\r\nviostor.DeviceDesc = y\r\nDiskName = z\r\n']),
    fails: changed(
      ['DiskName = "Driver files"\r\n', ''],
      ['', '[Strings.0407]\r\nVendor = x\r\nDiskName = z\r\n'],
    ),
    findings: [
      `${w10}:44: [Strings] does not define %diskname%, which other languages define`,
      `${w10}:47: [Strings.0407] does not define %viostor.devicedesc%, which other languages define`,
    ],
  },
  'inf/unreadable': {
    passes: changed(),
    fails: {
      ...changed(),
      tree: (tree) => ({
        ...tree,
        upstream: {
          content: { file: 'x.iso', sha256: '', size: 0 },
          label: 'virtio-win-0.1.9',
          unreadable: [{ place: w10, message: 'is not an INF' }],
        },
      }),
    },
    findings: [`${w10}: is not an INF`],
  },
};
