import { expect } from 'vitest';
import { testAuthorities, testVendor } from '../../builders/authority.ts';
import { changedPe, driverWith, type PeChanges } from '../../builders/changed-pe.ts';
import { target } from '../../builders/release.ts';
import { type PeSigningOptions, signPe } from '../../builders/signed-pe.ts';
import { driverFolder, type Tree } from '../../builders/tree.ts';
import type { RuleCases } from '../../contracts/rule-contract.ts';
import { makeCertificate } from '../../formats/signing.ts';

const kernel = { 'ntoskrnl.exe': ['IoCreateDevice'] };
const vendor = { signer: testVendor, issuers: testAuthorities };
const signedBy = { signer: testVendor, others: testAuthorities };
const oldTargets = [
  target('xp', 'x86', 'Wxp/x86', '5.1.2600', 'Windows XP', 'XPX86'),
  target('w7', 'x86', 'Win7/x86', '6.1.7600', 'Windows 7', '7X86'),
  target('w10', 'x86', 'Win10/x86', '10.0.10240', 'Windows 10', '_v100'),
  target('w11', 'amd64', 'Win11/amd64', '10.0.22000', 'Windows 11', '_v100_X64_21H2'),
];
const [issuer] = testAuthorities;
const expired = makeCertificate({
  name: 'Expired',
  ...(issuer !== undefined && { issuer }),
  ekus: ['1.3.6.1.5.5.7.3.3'],
  validity: ['200101000000Z', '210101000000Z'],
});

/** The cases of the rules about how Windows loads binaries; the root of tests must be a public one (`withTestRoot`). */
export const binaryCases: Readonly<Record<string, RuleCases>> = {
  'pe/build-path': {
    passes: { files: driverWith('Win10/x86', { symbolPath: 'C:\\Users\\runneradmin\\build\\viostor.pdb' }) },
    fails: { files: driverWith('Win10/x86', { symbolPath: 'C:\\Users\\jane.doe\\build\\viostor.pdb' }) },
    findings: [
      'viostor/w10/x86/viostor.sys: contains the path "C:\\Users\\jane.doe\\build\\viostor.pdb" of the machine that built it',
    ],
  },
  'pe/certificate-dates': {
    passes: {
      files: bootDriver('Win10/x86', { signer: testVendor, others: testAuthorities }),
      catalogs: vendor,
    },
    fails: { files: bootDriver('Win10/x86', { signer: expired, others: testAuthorities }), catalogs: vendor },
    findings: [
      expect.stringMatching(
        /^viostor\/w10\/x86\/viostor\.sys: its embedded signature has no timestamp and is released on 20\d\d-\d\d-\d\d, but its certificate expired on 2021-01-01$/,
      ),
    ],
  },
  'pe/debug-build': {
    passes: {
      files: driverWith('Win10/x86', {
        isDebug: true,
        symbolPath: 'd:\\viostor\\objfre_win7_x86\\i386\\viostor.pdb',
      }),
    },
    fails: {
      files: {
        ...driverWith('Win10/x86', { isDebug: true }),
        ...driverWith('Win7/x86', { symbolPath: 'd:\\viostor\\Win7Debug\\x86\\viostor.pdb' }),
        ...withProgram('Win10/amd64', { 'KERNEL32.dll': ['ExitProcess'], 'VCRUNTIME140D.dll': ['memcpy'] }),
      },
    },
    findings: [
      ...['2k22', 'w10'].map(
        (os) => `viostor/${os}/amd64/tool.exe: is a debug build: it imports VCRUNTIME140D.dll`,
      ),
      'viostor/w10/x86/viostor.sys: is a debug build: its version resource has VS_FF_DEBUG',
      'viostor/w7/x86/viostor.sys: is a debug build: it was linked as "d:\\viostor\\Win7Debug\\x86\\viostor.pdb"',
    ],
  },
  'pe/memory-integrity': {
    passes: {
      files: {
        ...driverWith('Win11/amd64', { firstSection: { name: 'INIT', characteristics: 0xe200_0020 } }),
        ...driverWith('Win10/x86', { sectionAlignment: 0x80 }),
      },
    },
    fails: {
      files: driverWith('Win11/ARM64', {
        firstSection: { name: 'hook', characteristics: 0xe000_0020 },
        sectionAlignment: 0x200,
        importsInCode: true,
      }),
    },
    findings: [
      'its section hook is writable and executable',
      'its sections are aligned to 0x200, not to pages of 0x1000',
      'its import addresses are in the executable section hook',
    ].map((why) => `viostor/w11/ARM64/viostor.sys: is not compatible with memory integrity: ${why}`),
  },
  'pe/needs-newer-windows': {
    passes: {
      files: {
        ...driverWith('Win7/x86', { imports: { ...kernel, 'STORPORT.SYS': ['StorPortInitialize'] } }),
        ...driverWith(
          'Wxp/x86',
          { imports: { ...kernel, 'STORPORT.SYS': ['StorPortInitialize'] } },
          {
            infFiles: ['viostor.sys', 'storport.sys'],
            extras: { 'storport.sys': driver('Wxp/x86') },
          },
        ),
        ...driverWith('Win11/amd64', {
          imports: { 'ntoskrnl.exe': ['ExAllocatePool2'] },
          wdf: { minor: 33 },
        }),
      },
      targets: oldTargets,
    },
    fails: {
      files: {
        ...driverWith('Wxp/x86', { imports: { ...kernel, 'STORPORT.SYS': ['StorPortInitialize'] } }),
        ...driverWith('Win7/x86', { imports: { 'ntoskrnl.exe': ['IoCreateDevice', 'MmCopyMemory'] } }),
        ...driverWith('Win10/x86', { wdf: { minor: 33 } }),
      },
      targets: oldTargets,
    },
    findings: [
      'viostor/w10/x86/viostor.sys: is built for KMDF 1.33, which runs on Windows 11 and Server 2022 and later, but its folder is for Windows 10',
      'viostor/w7/x86/viostor.sys: imports MmCopyMemory of ntoskrnl.exe, which came with Windows 8.1, but its folder is for Windows 7',
      'viostor/xp/x86/viostor.sys: imports STORPORT.SYS, which came with Windows Server 2003, but its folder is for Windows XP',
    ],
  },
  'pe/needs-update': {
    passes: {
      files: {
        ...driverWith('Win10/x86', { wdf: { minor: 33, minimum: 15 } }),
        ...driverWith('Win7/x86', { wdf: { minor: 9 } }),
        ...driverWith(
          'Win10/amd64',
          { wdf: { minor: 31 } },
          { inf: { decorations: ['NTamd64.10.0...19041'] } },
        ),
      },
    },
    fails: {
      files: {
        ...driverWith('Win10/x86', { wdf: { minor: 31 } }),
        ...driverWith('Win7/x86', { wdf: { minor: 11 } }),
      },
    },
    findings: [
      'viostor/w10/x86/viostor.sys: is built for KMDF 1.31, which runs on Windows 10, version 2004 and later, but the INF installs it on Windows 10 from build 10240 on',
      'viostor/w7/x86/viostor.sys: is built for KMDF 1.11, which Windows 8 includes first, and the package has no co-installer that brings it to Windows 7',
    ],
  },
  'pe/not-loadable': {
    passes: {
      files: driverWith('Win10/x86', { imports: { ...kernel, 'HAL.dll': ['HalTranslateBusAddress'] } }),
    },
    fails: {
      files: driverWith('Win10/x86', {
        imports: { ...kernel, 'KERNEL32.dll': ['CreateFileW'] },
        subsystem: 3,
        entryPoint: 0,
        virtualSize: 0x2000,
      }),
    },
    findings: [
      'its subsystem is 3, not 1 (native)',
      'its section .text overlaps the next one',
      'it has no entry point',
      'it imports KERNEL32.dll, a library of user mode',
    ].map(
      (why) => `viostor/w10/x86/viostor.sys: is the binary of a service, but Windows cannot load it: ${why}`,
    ),
  },
  'pe/unknown-import': {
    passes: {
      files: {
        ...driverWith(
          'Win10/x86',
          { imports: { ...kernel, 'helper.sys': ['Help'] } },
          { infFiles: ['viostor.sys', 'helper.sys'], extras: { 'helper.sys': driver('Win10/x86') } },
        ),
        ...driverWith('Win11/amd64', {
          imports: {
            'ntoskrnl.exe': [
              'RtlRecordFeatureUsage',
              'IoGetIommuInterfaceEx',
              'KeCancelTimer2',
              'ZwCopyFileChunk',
            ],
          },
        }),
      },
    },
    fails: {
      files: {
        ...driverWith('Win10/x86', { imports: { ...kernel, 'helper.sys': ['Help'] } }),
        ...driverWith('Win10/amd64', { imports: { 'ndis.sys': ['Qqqq', 'Wwww', 'NdisAllocateMemory'] } }),
        ...driverWith('Win11/amd64', {
          imports: {
            'NTOSKRNL.EXE': ['IoCreateDevice', 'IoCreateDevise', 'Qqqq', '#18'],
            'hal.dll': ['KeFlushWriteBuffer'],
          },
        }),
      },
    },
    findings: [
      'viostor/w10/amd64/viostor.sys: imports Qqqq, Wwww of ndis.sys, which is not known to export them',
      'viostor/w10/x86/viostor.sys: imports helper.sys, which is not known to be part of Windows and not on the disc',
      'viostor/w11/amd64/viostor.sys: imports IoCreateDevise of NTOSKRNL.EXE, which is not known to export it',
    ],
  },
  'pe/weak-signature': {
    passes: {
      files: {
        ...bootDriver('Win11/amd64', { ...signedBy, digest: 'sha256' }),
        ...signedDriver('Win10/x86', { ...signedBy, digest: 'md5' }),
      },
      catalogs: vendor,
    },
    fails: {
      files: {
        ...bootDriver('Win11/amd64', { ...signedBy, digest: 'sha1' }),
        ...bootDriver('Win11/ARM64', { ...signedBy, digest: 'md5' }),
        ...signedDriver('Win10/x86', { ...signedBy, unsignedData: Buffer.alloc(64, 0x41) }),
      },
      catalogs: vendor,
    },
    findings: [
      expect.stringMatching(
        /^viostor\/w10\/x86\/viostor\.sys: has (6[4-9]|7[01]) bytes of data after the signature in its certificate table$/,
      ),
      'viostor/w11/ARM64/viostor.sys: is loaded at boot, but its signature uses MD5, which newer Windows versions reject',
      'viostor/w11/amd64/viostor.sys: is loaded at boot, but its embedded signature uses SHA-1, and Windows 11 demands SHA-2',
    ],
  },
  'pe/wrong-checksum': {
    passes: { files: driverWith('Win10/x86', {}) },
    fails: {
      files: {
        ...driverWith('Win10/x86', { checksum: 0x1234 }),
        ...driverWith('Win7/x86', { checksum: 0 }),
      },
    },
    findings: [
      expect.stringMatching(
        /^viostor\/w10\/x86\/viostor\.sys: its checksum is 0x[0-9a-f]+, but its headers have 0x1234$/,
      ),
      expect.stringMatching(
        /^viostor\/w7\/x86\/viostor\.sys: its checksum is 0x[0-9a-f]+, but its headers have none$/,
      ),
    ],
  },
};

function signedDriver(folder: string, options: PeSigningOptions, startType: 0 | 3 = 3): Tree {
  const inf = { driver: { files: ['viostor.sys'], destination: 12, startType } } as const;
  const tree = driverFolder(folder, { inf });
  return { ...tree, [`${folder}/viostor.sys`]: signPe(driver(folder), options) };
}

function bootDriver(folder: string, options: PeSigningOptions): Tree {
  return signedDriver(folder, options, 0);
}

function driver(folder: string): Buffer {
  return Buffer.from(driverFolder(folder)[`${folder}/viostor.sys`] ?? '');
}

/** A driver and a program with these imports. */
function withProgram(folder: string, imports: PeChanges['imports']): Tree {
  const options = { pe: { kind: 'exe', payloadSize: 2048 } } as const;
  const program = Buffer.from(driverFolder(folder, options)[`${folder}/viostor.sys`] ?? '');
  return driverFolder(folder, {
    infFiles: ['viostor.sys', 'tool.exe'],
    extras: { 'tool.exe': changedPe(program, { ...(imports && { imports }) }) },
  });
}
