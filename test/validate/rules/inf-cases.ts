import { driverFolder } from '../../builders/tree.ts';
import type { RuleCase, RuleCases } from '../../contracts/rule-contract.ts';
import { changed, changedFolder, folderWithoutModels } from './changed-inf.ts';
import { infInstallCases } from './inf-install-cases.ts';
import { infTextCases } from './inf-text-cases.ts';

const w10 = 'viostor/w10/x86/viostor.inf';
const w7 = 'viostor/w7/x86/viostor.inf';
const good: RuleCase = { files: driverFolder('Win10/amd64') };

/** The cases of the rules that need nothing but the INF. */
export const infCases: Readonly<Record<string, RuleCases>> = {
  ...infInstallCases,
  ...infTextCases,
  'inf/bad-driver-ver': {
    passes: changed(['DriverVer = 01/02/2026,0.1.0.1', 'DriverVer = 1-2-2026, 0.1.0.1']),
    fails: {
      files: {
        ...changedFolder('Win10/x86', ['DriverVer = 01/02/2026', 'DriverVer = 2026/01/02']),
        ...changedFolder('Win7/x86', ['DriverVer = 01/02/2026,0.1.0.1\r\n', '']),
        ...driverFolder('Win11/ARM64', { inf: { driverVer: '01/02/2026,0.1.1.65536' } }),
        ...changedFolder('Win10/amd64', ['_Files\r\n\r\n', '_Files\r\nDriverVer = 01/02/2026\r\n\r\n']),
      },
    },
    findings: [
      'viostor/2k22/amd64/viostor.inf:30: its DriverVer "01/02/2026" has no version of numbers up to 65535',
      'viostor/w10/amd64/viostor.inf:30: its DriverVer "01/02/2026" has no version of numbers up to 65535',
      `${w10}:8: its DriverVer "2026/01/02,0.1.0.1" has no date MM/DD/YYYY`,
      'viostor/w11/ARM64/viostor.inf:8: its DriverVer "01/02/2026,0.1.1.65536" has no version of numbers up to 65535',
      `${w7}:3: [Version] has no DriverVer`,
    ],
  },
  'inf/bad-signature': {
    passes: changed(['$Windows NT$', '$WINDOWS nt$']),
    fails: {
      files: {
        ...changedFolder('Win10/x86', ['$Windows NT$', '$Windows 95$']),
        ...changedFolder('Win7/x86', ['Signature = "$Windows NT$"\r\n', '']),
      },
    },
    findings: [`${w10}:4: its Signature is "$Windows 95$"`, `${w7}:3: [Version] has no Signature`],
  },
  'inf/chicago-signature': {
    passes: good,
    fails: changed(['$Windows NT$', '$CHICAGO$']),
    findings: [`${w10}:4: its Signature is "$CHICAGO$", the one of Windows 95`],
  },
  'inf/class-install-of-microsoft-class': {
    passes: changed(
      ['{4d36e97d-e325-11ce-bfc1-08002be10318}', '{11111111-2222-3333-4444-555555555555}'],
      ['', '[ClassInstall32]\r\nAddReg = Class_Reg\r\n[Class_Reg]\r\nHKR,,,0,Own\r\n'],
    ),
    fails: changed(['', '[ClassInstall32]\r\nAddReg = Class_Reg\r\n[Class_Reg]\r\nHKR,,,0,System\r\n']),
    findings: [`${w10}:48: [ClassInstall32] changes the class System, which Windows defines`],
  },
  'inf/co-installer': {
    passes: good,
    fails: {
      files: changedFolder(
        'Win7/x86',
        ['_Files\r\n\r\n', '_Files\r\nAddReg = Co\r\n\r\n'],
        ['', '[Co]\r\nHKR,,CoInstallers32,0x00010000,"co.dll,Entry"\r\n'],
      ),
    },
    findings: [`${w7}:50: has a co-installer`],
  },
  'inf/default-install-with-models': {
    passes: good,
    fails: changed(['', '[DefaultInstall.NTx86]\r\nCopyFiles = viostor_Files\r\n']),
    findings: [`${w10}:48: has both [DefaultInstall.NTx86] and [Manufacturer]`],
  },
  'inf/does-not-install': {
    passes: { files: driverFolder('Win10/x86', { inf: { decorations: ['NTx86.10.0...16299'] } }) },
    fails: { files: driverFolder('Win10/x86', { inf: { decorations: ['NTx86.10.0...22000'] } }) },
    findings: [`${w10}:22: is for NTx86.10.0...22000, which does not install on Windows 10 (10.0.10240)`],
  },
  'inf/duplicate-section': {
    passes: good,
    fails: changed(['', '[sourcedisksnames]\r\n2 = %DiskName%\r\n']),
    findings: [`${w10}:48: [SourceDisksNames] repeats the section of line 12`],
  },
  'inf/empty-copy-list': {
    passes: changed(['CopyFiles = viostor_Files', 'CopyFiles = viostor_Files, @viostor.sys']),
    fails: changed(
      ['CopyFiles = viostor_Files', 'CopyFiles = viostor_Files, Nothing'],
      ['', '[Nothing]\r\n; x\r\n'],
    ),
    findings: [`${w10}:48: [Nothing] is an empty CopyFiles list`],
  },
  'inf/include-without-needs': {
    passes: changed(['_Files\r\n\r\n', '_Files\r\nInclude = msdv.inf\r\nNeeds = MSDV\r\n\r\n']),
    fails: changed(['_Files\r\n\r\n', '_Files\r\nInclude = msdv.inf\r\n\r\n']),
    findings: [`${w10}:30: includes msdv.inf, but has no Needs`],
  },
  'inf/incomplete-service': {
    passes: changed(['StartType = 3', 'StartType = 0x3']),
    fails: changed(['StartType = 3\r\n', ''], ['ErrorControl = 1', 'ErrorControl = normal']),
    findings: [`${w10}:37: service "viostor" has no valid StartType, ErrorControl`],
  },
  'inf/microsoft-provider': {
    passes: changed(['Provider = %Vendor%', 'Provider = "Microsoft Fan Club"']),
    fails: changed(['Provider = %Vendor%', 'Provider = microsoft']),
    findings: [`${w10}:7: its Provider is "microsoft"`],
  },
  'inf/missing-models-section': {
    passes: good,
    fails: changed(['Models,NTx86.10.0', 'Models,NTx86.10.0,NTx86.10.0...22000']),
    findings: [`${w10}:23: [Manufacturer] names [Models.NTx86.10.0...22000], which is missing`],
  },
  'inf/missing-section': {
    passes: changed(
      ['[viostor_Install]', '[viostor_Install.NTx86]'],
      ['[viostor_Install.Services]', '[viostor_Install.NTx86.Services]'],
    ),
    fails: changed(
      [
        'ROOT\\PVDISC_VIOSTOR',
        'ROOT\\PVDISC_VIOSTOR\r\n%viostor.DeviceDesc% = Lost_Install, ROOT\\PVDISC_LOST',
      ],
      ['viostor_Service\r\n', 'viostor_Service, Lost_Log\r\n'],
      ['ErrorControl = 1', 'ErrorControl = 1\r\nAddReg = Lost_Reg'],
      ['', '[Lost_Install.NTamd64]\r\nReboot\r\n'],
    ),
    findings: [
      `${w10}:27: a device is installed by [Lost_Install], which is missing; the INF has [Lost_Install.NTamd64]`,
      `${w10}:36: "AddService" names [Lost_Log], which is missing`,
      `${w10}:43: "AddReg" names [Lost_Reg], which is missing`,
    ],
  },
  'inf/models-of-other-arch': {
    passes: good,
    fails: { files: driverFolder('Win10/x86', { inf: { decorations: ['NTx86.10.0', 'NTamd64.10.0'] } }) },
    findings: [`${w10}:23: also has models for NTamd64.10.0, but its folder is for x86`],
  },
  'inf/no-function-service': {
    passes: {
      files: {
        ...changedFolder(
          'Win11/amd64',
          [
            'viostor_Install, ROOT',
            'Pseudo, ROOT\\PVDISC_VIOSTOR\r\n%viostor.DeviceDesc% = viostor_Install, ROOT',
          ],
          ['', '[Pseudo]\r\n'],
        ),
        ...changedFolder('Win10/x86', [
          'AddService = viostor, 2,',
          'AddService = ,2\r\nAddService = viostor, 0x800,',
        ]),
        ...changedFolder(
          'Win7/x86',
          ['{4d36e97d-', '{4D36E975-'],
          ['Class = System', 'Class = NetTrans'],
          ['viostor, 2,', 'viostor, 0x800,'],
        ),
        ...changedFolder('Win10/amd64', [
          'AddService = viostor, 2,',
          'Include = WUDFRD.inf\r\nNeeds = WUDFRD.NT.Services\r\nAddService = viostor,,',
        ]),
        ...changedFolder('Win11/ARM64', [
          '.Services]',
          '.Services]\r\nNeeds = Common.Services\r\n[Common.Services]',
        ]),
      },
    },
    fails: {
      files: {
        ...changedFolder('Win10/x86', ['viostor, 2, viostor_Service', 'viostor, 0x800, viostor_Service']),
        ...changedFolder('Win7/x86', [
          'AddService = viostor, 2,',
          'Include = netvwifibus.inf\r\nNeeds = VWiFiBus.Services\r\nAddService = viostor,,',
        ]),
      },
    },
    findings: [
      `${w10}:28: [viostor_Install] gives its device no function service (AddService with flag 0x2)`,
      `${w7}:28: [viostor_Install] gives its device no function service (AddService with flag 0x2)`,
    ],
  },
  'inf/no-models': {
    passes: good,
    fails: { files: folderWithoutModels() },
    findings: [`${w10}:22: has no models for x86`],
  },
  'inf/no-pnp-lockdown': {
    passes: changed(['PnpLockdown = 1', 'PNPLOCKDOWN = 0x1']),
    fails: changed(['PnpLockdown = 1\r\n', 'PnpLockdown = 0\r\n']),
    findings: [`${w10}:3: [Version] does not set PnpLockdown = 1`],
  },
  'inf/refused-co-installer': {
    passes: good,
    fails: changed(['', '[viostor_Install.CoInstallers]\r\nAddReg = Co\r\n[Co]\r\nHKR,,x,,y\r\n']),
    findings: [`${w10}:48: has a co-installer, which Windows 10 refuses`],
  },
  'inf/registry-outside-hkr': {
    passes: changed(
      ['ErrorControl = 1', 'ErrorControl = 1\r\nAddReg = Reg'],
      ['', '[Reg]\r\nHKR,Parameters,x,,HKLM\r\n'],
    ),
    fails: changed(
      ['ErrorControl = 1', 'ErrorControl = 1\r\nAddReg = Reg'],
      ['', '[Reg]\r\nHKR,,x,,y\r\nhklm,Software\\X,x,,y\r\n'],
    ),
    findings: [`${w10}:51: writes to hklm\\Software\\X, outside the device's own part of the registry`],
  },
  'inf/section-of-included-inf': {
    passes: changed(['_Files\r\n\r\n', '_Files\r\nInclude = pci.inf\r\nNeeds = PciD3ColdSupported\r\n\r\n']),
    fails: changed([
      '_Files\r\n\r\n',
      '_Files, FakeModemCopyFileSection\r\nAddReg = Other\r\nInclude = mdmcpq.inf\r\nNeeds = Any\r\n\r\n',
    ]),
    findings: [
      `${w10}:29: "CopyFiles" names [FakeModemCopyFileSection], a section of mdmcpq.inf`,
      `${w10}:30: "AddReg" names [Other], which this INF lacks and only mdmcpq.inf can have`,
    ],
  },
  'inf/service-binary-not-copied': {
    passes: {
      files: {
        ...changedFolder('Win10/x86', ['%12%\\viostor.sys', '%12%\\WUDFRd.sys']),
        ...changedFolder('Win7/x86', ['%12%\\viostor.sys', '%11%\\svchost.exe -k netsvcs']),
        ...changedFolder('Win10/amd64', ['%12%\\viostor.sys', 'system32\\drivers\\mf.sys']),
        ...changedFolder('Win11/amd64', ['%12%\\viostor.sys', '%13%\\viostor.sys']),
      },
    },
    fails: {
      files: {
        ...changedFolder(
          'Win10/x86',
          ['%12%\\viostor.sys', '%12%\\other.sys'],
          ['_Files\r\n\r\n', '_Files\r\nInclude = netvwifibus.inf\r\nNeeds = VWiFiBus.CopyFiles\r\n\r\n'],
        ),
        ...changedFolder('Win7/x86', ['%12%\\viostor.sys', '%10%\\viostor.sys']),
      },
    },
    findings: [
      `${w10}:44: the service runs "other.sys", which the INF does not copy`,
      `${w7}:42: the service runs "%10%\\viostor.sys", but the INF copies the file to %windir%\\system32\\drivers`,
    ],
  },
  'inf/short-driver-ver': {
    passes: changed(
      ['DriverVer = 01/02/2026,0.1.0.1', 'DriverVer = 01/02/2026,1.2'],
      ['_Files\r\n\r\n', '_Files\r\nDriverVer = 01/02/2026,0.1.0.1\r\n\r\n'],
    ),
    fails: {
      files: {
        ...changedFolder('Win10/x86', ['DriverVer = 01/02/2026,0.1.0.1', 'DriverVer = 01/02/2026,0.1.1']),
        ...changedFolder('Win7/x86', ['_Files\r\n\r\n', '_Files\r\nDriverVer = 01/02/2026,7\r\n\r\n']),
        ...changedFolder('Win11/ARM64', ['01/02/2026,0.1.0.1', '01/02/2026,0.1.0.1.']),
      },
    },
    findings: [
      `${w10}:8: its DriverVer "01/02/2026,0.1.1" has a version of 3 numbers instead of 4`,
      'viostor/w11/ARM64/viostor.inf:8: its DriverVer "01/02/2026,0.1.0.1." ends in a period',
      `${w7}:30: its DriverVer "01/02/2026,7" has a version of 1 number instead of 4`,
    ],
  },
  'inf/template-token': {
    passes: changed(
      ['viostor test driver', 'a@b.example INXS $5$'],
      ['viostor.DeviceDesc = "', 'viostor.DeviceDesc = "a @ b '],
    ),
    fails: changed(
      ['ROOT\\PVDISC', 'PCI\\SUBSYS_1100_INX_SUBSYS_VENDOR_ID'],
      ['= "pvdisc project"', '= "@VENDOR_NAME@ $ARCH$"'],
    ),
    findings: [
      `${w10}:26: has the template placeholder INX_SUBSYS_VENDOR_ID_VIOSTOR`,
      `${w10}:45: has the template placeholder @VENDOR_NAME@`,
      `${w10}:45: has the template placeholder $ARCH$`,
    ],
  },
  'inf/uncopied-file': {
    passes: changed(
      ['viostor.sys = 1,,', 'viostor.sys = 1,,\r\nother.sys = 1,x64'],
      ['', '[viostor_Install.NTamd64]\r\nCopyFiles = @other.sys\r\n'],
    ),
    fails: changed(['viostor.sys = 1,,', 'viostor.sys = 1,,\r\nold.dll = 1,,\r\nnew.dll = 1,x64']),
    findings: [`${w10}:17: [SourceDisksFiles] lists old.dll, x64/new.dll, which no CopyFiles copies`],
  },
  'inf/undecorated-models': {
    passes: good,
    fails: changed(['', '[Models]\r\n%viostor.DeviceDesc% = viostor_Install, ROOT\\PVDISC_VIOSTOR\r\n']),
    findings: [`${w10}:48: [Models], named in line 23, is a models section without a decoration`],
  },
  'inf/undefined-disk': {
    passes: changed(['viostor.sys = 1,,', 'viostor.sys = 0x1,,']),
    fails: changed(['viostor.sys = 1,,', 'viostor.sys = 2,,']),
    findings: [`${w10}:16: "viostor.sys" is on disk "2", which [SourceDisksNames] does not define`],
  },
  'inf/undefined-string': {
    passes: changed(
      ['DisplayName = %viostor.DeviceDesc%', 'DisplayName = "100 %% %VIOSTOR.devicedesc% %SystemRoot%"'],
      [
        'CopyFiles = viostor_Files',
        'CopyFiles = viostor_Files\r\nAddReg = Reg\r\n[Reg]\r\nHKR,,Path,0x20000,%%SystemRoot%%',
      ],
      ['', 'SystemRoot = "folder"\r\n'],
    ),
    fails: changed(['DisplayName = %viostor.DeviceDesc%', 'DisplayName = %viostor.Service%']),
    findings: [`${w10}:38: %viostor.Service% is not defined in [Strings]`],
  },
  'inf/unlisted-file': {
    passes: changed(['[viostor_Files]\r\nviostor.sys', '[viostor_Files]\r\nviostor.sys,VIOSTOR.SYS']),
    fails: changed(['viostor.sys = 1,,\r\n', '']),
    findings: [`${w10}:31: copies "viostor.sys", which [SourceDisksFiles] does not list`],
  },
  'inf/unused-section': {
    passes: changed([
      '',
      '[viostor_Install.HW]\r\nAddReg = Reg\r\n[Reg]\r\nHKR,,x,,y\r\n[Reg.Security]\r\n"D:P"\r\n',
    ]),
    fails: changed(['', '[Forgotten]\r\nx\r\n[viostor_Install.Remove.Services]\r\nDelService = viostor\r\n']),
    findings: [
      `${w10}:48: [Forgotten] is never used`,
      `${w10}:50: [viostor_Install.Remove.Services] is never used`,
    ],
  },
  'inf/unused-string': {
    passes: changed(['PnpLockdown = 1', 'PnpLockdown = %lock%'], ['', 'LOCK = 1\r\n']),
    fails: changed(['', 'A = 1\r\nB = 2\r\nC = 3\r\nD = 4\r\nE = 5\r\nF = 6\r\n']),
    findings: [`${w10}:48: [Strings] has %a%, %b%, %c%, %d%, %e% and 1 more, which no line uses`],
  },
};
