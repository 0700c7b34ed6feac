import { driverFolder } from '../../builders/tree.ts';
import type { RuleCase, RuleCases } from '../../contracts/rule-contract.ts';
import { type Change, changed, changedFolder } from './changed-inf.ts';

const w10 = 'viostor/w10/x86/viostor.inf';
const w7 = 'viostor/w7/x86/viostor.inf';
const good: RuleCase = { files: driverFolder('Win10/amd64') };
const xp = {
  targets: [
    {
      os: 'xp',
      arch: 'x86',
      folder: 'Wxp/x86',
      version: '5.1.2600',
      product: 'workstation',
      decoration: 'NTx86.5.1',
      windows: 'Windows XP',
    },
  ],
};
const own = '{11111111-2222-3333-4444-555555555555}';
const system = '{4d36e97d-e325-11ce-bfc1-08002be10318}';
const scsi: readonly Change[] = [
  ['Class = System', 'Class = SCSIAdapter'],
  [system, '{4d36e97b-e325-11ce-bfc1-08002be10318}'],
];
const extension: readonly Change[] = [
  ['Class = System', 'Class = Extension'],
  [system, '{e2f84ce7-8efa-411c-aa69-97454ca4cb57}'],
];
const stored: readonly Change[] = [
  ['viostor_Files = 12', 'viostor_Files = 13'],
  ['%12%\\viostor.sys', '%13%\\viostor.sys'],
  ['NTx86.10.0', 'NTx86.10.0...16299'],
  ['Models.NTx86.10.0', 'Models.NTx86.10.0...16299'],
];

function changedText(...changes: readonly Change[]): Uint8Array | string {
  return changedFolder('Win10/x86', ...changes)['Win10/x86/viostor.inf'] ?? '';
}

/** The cases of the rules about [Version], services and the places of files. */
export const infInstallCases: Readonly<Record<string, RuleCases>> = {
  'inf/appended-multi-sz': {
    passes: changed(
      ['_Files\r\n\r\n', '_Files\r\nAddReg = Reg\r\n\r\n'],
      ['', '[Reg]\r\nHKR,,a,0x00010000,x\r\nHKR,,b,0x8,y\r\n'],
    ),
    fails: changed(
      ['_Files\r\n\r\n', '_Files\r\nAddReg = Reg\r\n\r\n'],
      ['', '[Reg]\r\nHKR,,UpperFilters,0x00010008,x\r\n'],
    ),
    findings: [`${w10}:50: appends to the list of strings "UpperFilters"`],
  },
  'inf/bad-decoration': {
    passes: good,
    fails: changed(
      ['Models,NTx86.10.0', 'Models,NTx86.10.0,NTamd46.10.0'],
      ['', '[Models.NTamd46.10.0]\r\n%viostor.DeviceDesc% = viostor_Install, ROOT\\PVDISC_VIOSTOR\r\n'],
    ),
    findings: [`${w10}:23: "NTamd46.10.0" is not a decoration that Windows knows`],
  },
  'inf/bad-destination': {
    passes: changed(['viostor_Files = 12', 'viostor_Files = 12\r\nOther = soon']),
    fails: changed(['DefaultDestDir = 12', 'DefaultDestDir = %12%']),
    findings: [`${w10}:19: the destination of DefaultDestDir is "%12%", not a directory number`],
  },
  'inf/bad-extension': {
    passes: changed(
      ...extension,
      ['PnpLockdown = 1', `PnpLockdown = 1\r\nExtensionId = ${own}`],
      ['viostor, 2,', 'viostor,,'],
    ),
    fails: {
      files: {
        ...changedFolder('Win10/x86', ...extension),
        ...changedFolder(
          'Win11/ARM64',
          ...extension,
          ['viostor, 2,', 'viostor,,'],
          ['PnpLockdown = 1', 'PnpLockdown = 1\r\nExtensionId = 1'],
        ),
      },
    },
    findings: [
      `${w10}:3: the extension has no ExtensionId`,
      `${w10}:35: the extension makes "viostor" the function service of the device`,
      'viostor/w11/ARM64/viostor.inf:11: its ExtensionId "1" is no GUID in braces',
    ],
  },
  'inf/bad-service-binary': {
    passes: changed(['%12%\\viostor.sys', 'system32\\drivers\\viostor.sys']),
    fails: {
      files: {
        ...changedFolder('Win10/x86', ['%12%\\viostor.sys', 'C:\\Windows\\system32\\drivers\\viostor.sys']),
        ...changedFolder('Win11/ARM64', ['%12%\\viostor.sys', 'viostor.sys']),
        ...changedFolder('Win7/x86', ['%12%\\viostor.sys', '12\\viostor.sys']),
      },
    },
    findings: [
      `${w10}:42: its ServiceBinary "C:\\Windows\\system32\\drivers\\viostor.sys" has a drive letter`,
      'viostor/w11/ARM64/viostor.inf:42: its ServiceBinary "viostor.sys" has no folder',
      `${w7}:42: its ServiceBinary "12\\viostor.sys" has a directory number without percent signs`,
    ],
  },
  'inf/bad-service-value': {
    passes: changed(['ServiceType = 1', 'ServiceType = 0x00000001']),
    fails: {
      files: {
        ...changedFolder(
          'Win10/x86',
          ['ServiceType = 1', 'ServiceType = 3'],
          ['StartType = 3', 'StartType = 5'],
          ['ErrorControl = 1', 'ErrorControl = 0x4'],
        ),
        ...changedFolder(
          'Win7/x86',
          ['ServiceType = 1', 'ServiceType = 0x20'],
          ['StartType = 3', 'StartType = 0'],
        ),
      },
    },
    findings: [
      `${w10}:39: the ServiceType of [viostor_Service] is 3, which Windows does not know`,
      `${w10}:40: the StartType of [viostor_Service] is 5, which Windows does not know`,
      `${w10}:41: the ErrorControl of [viostor_Service] is 0x4, which Windows does not know`,
      `${w7}:39: the ServiceType of [viostor_Service] is 0x20, a program, but its ServiceBinary is the driver "viostor.sys"`,
    ],
  },
  'inf/boot-disk-service': {
    passes: {
      files: {
        ...changedFolder('Win7/x86', ...scsi, [
          'StartType = 3',
          'StartType = 0\r\nLoadOrderGroup = SCSI miniport',
        ]),
        ...changedFolder(
          'Win10/x86',
          ...scsi,
          ['ROOT\\PVDISC_VIOSTOR', 'PCI\\VEN_1217&DEV_8130'],
          ['StartType = 3', 'StartType = 3\r\nLoadOrderGroup = SCSI miniport'],
        ),
      },
    },
    fails: changed(...scsi, ['StartType = 3', 'StartType = 3\r\nLoadOrderGroup = SCSI miniport']),
    findings: [`${w10}:40: the disk driver "viostor" has StartType 3, so a guest cannot boot from its disks`],
  },
  'inf/class-mismatch': {
    passes: changed(
      [system, own],
      ['', '[ClassInstall32]\r\nAddReg = Class_Reg\r\n[Class_Reg]\r\nHKR,,,0,Own\r\n'],
    ),
    fails: {
      files: {
        ...changedFolder('Win10/x86', ['Class = System', 'Class = Net']),
        ...changedFolder('Win7/x86', [system, own]),
      },
    },
    findings: [
      `${w10}:6: its Class is Net, but the ClassGuid is of the class System, and the class has the ClassGuid {4d36e972-e325-11ce-bfc1-08002be10318}`,
      `${w7}:6: its Class is System, but the class has the ClassGuid ${system}`,
    ],
  },
  'inf/conflicting-copies': {
    passes: changed(['[viostor_Files]\r\n', '[viostor_Files]\r\nVIOSTOR.SYS\r\n']),
    fails: {
      files: driverFolder('Win10/x86', {
        infFiles: ['viostor.sys', 'other.txt'],
        extras: {
          'other.txt': '',
          'viostor.inf': changedText(
            ['[viostor_Files]', '[viostor_Files]\r\nviostor.sys,other.txt'],
            ['viostor.sys = 1,,', 'viostor.sys = 1,,\r\nother.txt = 1'],
          ),
        },
      }),
    },
    findings: [
      `${w10}:34: copies "viostor.sys" to "%windir%\\system32\\drivers\\viostor.sys", where line 33 copies "other.txt"`,
    ],
  },
  'inf/driver-store-rename': {
    passes: changed(...stored),
    fails: changed(
      ...stored,
      ['[viostor_Files]\r\nviostor.sys', '[viostor_Files]\r\nother.sys,viostor.sys'],
      ['%13%\\viostor.sys', '%13%\\other.sys'],
    ),
    findings: [`${w10}:32: renames "viostor.sys" to "other.sys" in the driver store`],
  },
  'inf/driver-store-too-early': {
    passes: changed(...stored),
    fails: {
      files: changedFolder(
        'Win7/x86',
        ['viostor_Files = 12', 'viostor_Files = 13'],
        ['%12%\\viostor.sys', '%13%\\viostor.sys'],
      ),
    },
    findings: [
      `${w7}:20: the destination of viostor_Files is the driver store (13), which Windows 7 does not know`,
    ],
  },
  'inf/incomplete-model': {
    passes: good,
    fails: changed([
      'ROOT\\PVDISC_VIOSTOR',
      'ROOT\\PVDISC_VIOSTOR\r\n%Vendor% = viostor_Install\r\n%Vendor% = ,ROOT\\PVDISC_VIOSTOR\r\nviostor_Install,ROOT\\Y',
    ]),
    findings: [
      `${w10}:27: the model "pvdisc project" has no hardware ID`,
      `${w10}:28: the model "pvdisc project" has no install section`,
      `${w10}:29: the model "viostor_Install" has no equals sign`,
    ],
  },
  'inf/legacy-directive': {
    passes: {
      files: changedFolder('Win7/x86', ['_Files\r\n\r\n', '_Files\r\nDelFiles = viostor_Files\r\n\r\n']),
    },
    fails: changed(
      ['_Files\r\n\r\n', '_Files\r\nDelFiles = viostor_Files\r\n\r\n'],
      ['2, viostor_Service', '2, viostor_Service\r\nDelService = old'],
    ),
    findings: [
      `${w10}:30: [viostor_Install] has the directive DelFiles, which universal INFs must not have`,
      `${w10}:37: [viostor_Install.Services] has the directive DelService, which universal INFs must not have`,
    ],
  },
  'inf/needs-of-other-kind': {
    passes: changed(
      ['viostor, 2,', 'viostor,,'],
      [
        '[viostor_Install.Services]',
        '[viostor_Install.Services]\r\nInclude = wudfrd.inf\r\nNeeds = WUDFRD.NT.Services',
      ],
    ),
    fails: changed([
      '[viostor_Install.Services]',
      '[viostor_Install.Services]\r\nInclude = wudfrd.inf\r\nNeeds = WUDFRD.NT',
    ]),
    findings: [`${w10}:36: [viostor_Install.Services] needs [WUDFRD.NT], a section of another kind`],
  },
  'inf/circular-needs': {
    passes: changed(
      ['_Files\r\n\r\n', '_Files\r\nInclude = machine.inf\r\nNeeds = viostor_Install, More\r\n\r\n'],
      ['', '[More]\r\nAddReg = Values\r\n[Values]\r\nHKR,,a,,x\r\n'],
    ),
    fails: changed(
      ['_Files\r\n\r\n', '_Files\r\nNeeds = More\r\n\r\n'],
      ['', '[More]\r\nNeeds = VIOSTOR_install\r\n'],
    ),
    findings: [`${w10}:50: [More] needs [VIOSTOR_install], which leads back to it`],
  },
  'inf/newer-syntax': {
    passes: changed(...stored),
    fails: {
      files: {
        ...changedFolder('Win10/x86', ...stored.slice(0, 2)),
        ...changedFolder(
          'Win11/amd64',
          ['viostor_Files = 12', 'viostor_Files = 13'],
          ['%12%\\', '%13%\\'],
          ['NTamd64.10.0...16299', 'NTamd64.6.2'],
          ['Models.NTamd64.10.0...16299', 'Models.NTamd64.6.2'],
        ),
      },
    },
    findings: [
      `${w10}:23: the decoration NTx86.10.0 allows builds before 16299, which do not know directory number 13`,
      'viostor/w11/amd64/viostor.inf:23: the decoration NTamd64.6.2 allows builds before 16299, which do not know directory number 13',
    ],
  },
  'inf/no-class': {
    passes: { ...xp, files: changedFolder('Wxp/x86', [`ClassGuid = ${system}\r\n`, '']) },
    fails: {
      files: {
        ...changedFolder('Win10/x86', [`ClassGuid = ${system}\r\n`, ''], ['Class = System\r\n', '']),
        ...changedFolder('Win7/x86', [system, system.slice(1, -1)]),
      },
    },
    findings: [
      `${w10}:3: [Version] has no Class`,
      `${w10}:3: [Version] has no ClassGuid`,
      `${w7}:6: its ClassGuid "${system.slice(1, -1)}" is not a GUID in braces`,
    ],
  },
  'inf/no-destination': {
    passes: changed(['viostor_Files = 12\r\n', '']),
    fails: {
      files: {
        ...changedFolder(
          'Win10/x86',
          ['[DestinationDirs]\r\nDefaultDestDir = 12\r\nviostor_Files = 12\r\n', ''],
          ['%12%', '%11%'],
        ),
        ...changedFolder(
          'Win7/x86',
          ['DefaultDestDir = 12\r\n', ''],
          ['= viostor_Files\r\n', '= viostor_Files,@viostor.sys\r\n'],
        ),
      },
    },
    findings: [
      `${w10}:28: copies the list [viostor_Files], but there is no [DestinationDirs]`,
      `${w7}:28: copies "viostor.sys", but it has no destination`,
    ],
  },
  'inf/no-provider': {
    passes: { ...xp, files: changedFolder('Wxp/x86', ['Provider = %Vendor%\r\n', '']) },
    fails: {
      files: {
        ...changedFolder('Win10/x86', ['Provider = %Vendor%\r\n', '']),
        ...changedFolder('Win7/x86', ['Provider = %Vendor%', 'Provider =']),
      },
    },
    findings: [`${w10}:3: [Version] has no Provider`, `${w7}:7: the Provider is empty`],
  },
  'inf/odd-service-start': {
    passes: changed(['StartType = 3', 'StartType = 0x1']),
    fails: {
      files: {
        ...changedFolder('Win10/x86', ['StartType = 3', 'StartType = 2']),
        ...changedFolder('Win7/x86', ['StartType = 3', 'StartType = 4']),
      },
    },
    findings: [
      `${w10}:40: the function driver "viostor" has StartType 2 (automatic)`,
      `${w7}:40: the function driver "viostor" has StartType 4 (disabled)`,
    ],
  },
  'inf/reserved-class': {
    passes: good,
    fails: changed(
      ['Class = System', 'Class = LegacyDriver'],
      [system, '{8ecc055d-047f-11d1-a537-0000f8753ed1}'],
    ),
    findings: [`${w10}:5: its class LegacyDriver is reserved`],
  },
  'inf/several-function-services': {
    passes: changed(['viostor, 2,', 'viostor, 2, viostor_Service\r\nAddService = viofilter, 0x800,']),
    fails: changed(['viostor, 2,', 'viofilter, 0x802, viostor_Service\r\nAddService = viostor, 2,']),
    findings: [
      `${w10}:36: [viostor_Install] makes "viofilter" and "viostor" the function driver of its device`,
    ],
  },
};
