import { expect } from 'vitest';
import { withCatalog } from '../../builders/catalog.ts';
import { signPe } from '../../builders/signed-pe.ts';
import { type DriverFolderOptions, driverFolder, type Tree } from '../../builders/tree.ts';
import type { RuleCase, RuleCases } from '../../contracts/rule-contract.ts';
import { makeCertificate } from '../../formats/signing.ts';
import { changedFolder, withLineFeeds } from './changed-inf.ts';

const w10 = 'viostor/w10/x86';
const files = driverFolder('Win10/x86');
const netkvm = driverFolder('Win10/x86', { name: 'netkvm' });
const good: RuleCase = { files };
const catalogued = withCatalog(files, {});
/** An INF with CRLF line ends that names its catalog. */
const crlf = changedFolder('Win10/x86');
const id = 'ROOT\\SHARED';

/** A release whose storage drivers Windows Setup loads by itself, with the files of the source `more` beside them. */
function forSetup(options: RuleCase, targets: readonly string[] = ['w10/x86']): RuleCase {
  const more =
    options.sources?.more === undefined ? [] : [{ source: 'more', from: 'old', to: '$WinPEDriver$' }];
  return { ...options, release: { setupDrivers: { targets }, files: more } };
}

/** The cases of the rules about catalogs, binaries and what lies in which folder. */
export const catalogCases: Readonly<Record<string, RuleCases>> = {
  'catalog/broken-signature': {
    passes: good,
    fails: { files: withBrokenCatalog() },
    findings: [expect.stringMatching(/^viostor\/w10\/x86\/viostor\.cat: has a broken signature: ./)],
  },
  'catalog/certificate-dates': {
    passes: { files, catalogs: { signer: validIn('20', '21'), countersigned: '200601000000Z' } },
    fails: {
      files: {
        ...withCatalog(files, { signer: validIn('20', '21'), countersigned: '220601000000Z' }),
        ...withCatalog(driverFolder('Win7/x86'), { signer: validIn('20', '21') }),
        ...withCatalog(driverFolder('Win11/amd64'), { signer: validIn('30', '39') }),
        ...withCatalog(driverFolder('Win11/ARM64'), { signer: validIn('30', '20') }),
      },
    },
    findings: [
      `${w10}/viostor.cat: was timestamped on 2022-06-01, but its certificate expired on 2021-01-01`,
      'viostor/w11/ARM64/viostor.cat: its certificate ends on 2020-01-01, before it begins',
      'viostor/w11/amd64/viostor.cat: has no timestamp and is released on 2026-01-02, but its certificate is valid only from 2030-01-01',
      'viostor/w7/x86/viostor.cat: has no timestamp and is released on 2026-01-02, but its certificate expired on 2021-01-01',
    ],
  },
  'catalog/inf-mismatch': {
    passes: good,
    fails: { files, catalogs: { instead: { 'viostor.inf': 'other bytes' } } },
    findings: [`${w10}/viostor.inf: its digest is not in viostor.cat`],
  },
  'catalog/not-named': {
    passes: good,
    fails: { files, catalogs: 'none' },
    findings: [`${w10}/viostor.inf:3: names no catalog for x86`],
  },
  'catalog/odd-name': {
    passes: {
      files,
      catalogs: { names: { 'viostor.inf': 'VIOSTOR.INF', 'viostor.sys': 'x86\\viostor.sys' } },
    },
    fails: { files, catalogs: { names: { 'viostor.inf': 'netkvm.inf', 'viostor.sys': 'old.sys' } } },
    findings: [
      `${w10}/viostor.cat: lists viostor.inf as "netkvm.inf"`,
      `${w10}/viostor.cat: lists viostor.sys as "old.sys"`,
    ],
  },
  'catalog/older-os': {
    passes: { files, catalogs: { osAttr: '2:6.1,2:10.0' } },
    fails: { files, catalogs: { osAttr: '2:6.1,2:6.3' } },
    findings: [`${w10}/viostor.cat: is for 2:6.1, 2:6.3, older than Windows 10`],
  },
  'catalog/os-not-covered': {
    passes: { files: driverFolder('Win7/x86'), catalogs: { osAttr: '2:6.1,2:10.0' } },
    fails: { files: driverFolder('Win7/x86'), catalogs: { osAttr: '2:6.3,2:10.0' } },
    findings: ['viostor/w7/x86/viostor.cat: is for 2:10.0, 2:6.3, not for Windows 7 (2:6.1)'],
  },
  'catalog/payload-mismatch': {
    passes: good,
    fails: { files, catalogs: { omit: ['viostor.sys'] } },
    findings: [`${w10}/viostor.sys: is installed by viostor.inf, but its digest is not in viostor.cat`],
  },
  'catalog/unsigned': {
    passes: good,
    fails: { files, catalogs: { unsigned: true } },
    findings: [`${w10}/viostor.cat: has no signature`],
  },
  'disc/hardware-id-clash': {
    passes: {
      files: twoDrivers(['CopyFiles = viostor_Files', 'FeatureScore = 0xF0\r\nCopyFiles = viostor_Files']),
    },
    fails: { files: twoDrivers() },
    findings: [`${w10}/viostor.inf:26: claims root\\shared, as NetKVM/w10/x86/netkvm.inf does`],
  },
  'disc/setup-driver-clash': {
    passes: forSetup({
      sources: {
        drivers: catalogued,
        more: { 'old/viostor.inf': catalogued['Win10/x86/viostor.inf'] ?? '' },
      },
    }),
    fails: forSetup({ sources: { drivers: catalogued, more: { 'old/viostor.inf': 'another' } } }),
    findings: [
      `$WinPEDriver$/viostor.inf: is another version of ${w10}/viostor.inf, which "setupDrivers" puts into $WinPEDriver$ too`,
    ],
  },
  'disc/setup-driver-missing': {
    passes: forSetup({ files }),
    fails: forSetup({ files }, ['w10/x86', 'w11/ARM64']),
    findings: ['$WinPEDriver$: has no storage driver for w11/ARM64'],
  },
  'disc/setup-driver-not-loaded': {
    passes: forSetup({ files }),
    fails: forSetup({ files: driverFolder('Win11/amd64') }, ['w11/amd64']),
    findings: ['viostor/w11/amd64/viostor.inf: is in $WinPEDriver$, but loads in test-signing mode only'],
  },
  'driver/missing-target': {
    passes: {
      files: { ...files, ...netkvm, ...driverFolder('Win7/x86'), ...driverFolder('Win11/ARM64') },
      drivers: { NetKVM: { windows: '>=10.0.0', without: [{ target: 'w11/ARM64', reason: 'x' }] } },
    },
    fails: {
      files: {
        ...files,
        ...netkvm,
        ...driverFolder('Win7/x86'),
        ...driverFolder('Win11/ARM64'),
        ...driverFolder('Win11/amd64'),
      },
      drivers: { NetKVM: { arch: ['x86', 'ARM64'] } },
    },
    findings: ['NetKVM: is missing for w7/x86, w11/ARM64'],
  },
  'driver/older-than-on-older-windows': {
    passes: { files: { ...built('Win7/x86', '61.77.104.17200'), ...built('Win10/x86', '100.77.104.17200') } },
    fails: { files: { ...built('Win7/x86', '61.77.104.17200'), ...built('Win10/x86', '100.77.104.16900') } },
    findings: [
      `${w10}/viostor.inf:8: is build 169, but viostor/w7/x86/viostor.inf for Windows 7 is build 172`,
    ],
  },
  'inf/line-endings-repaired': {
    passes: { files: crlf, release: { repair: ['line-endings'] } },
    fails: {
      files: withLineFeeds(crlf),
      catalogs: { instead: { 'viostor.inf': crlf['Win10/x86/viostor.inf'] ?? '' } },
      release: { repair: ['line-endings'] },
    },
    findings: [
      expect.stringMatching(
        /^viostor\/w10\/x86\/viostor\.inf: its line endings are restored to match its catalog/,
      ),
    ],
  },
  'inf/name-case': {
    passes: good,
    fails: {
      files: driverFolder('Win10/x86', { inf: { catalog: 'Viostor.cat' }, infFiles: ['VioStor.sys'] }),
    },
    findings: [
      `${w10}/viostor.inf:9: names "Viostor.cat", but the file is viostor.cat`,
      `${w10}/viostor.inf:16: names "VioStor.sys", but the file is viostor.sys`,
    ],
  },
  'inf/stale-co-installer': {
    passes: { files: withFramework('Win7/x86', '1.09') },
    fails: { files: { ...withFramework('Win7/x86', '1.11'), ...withFramework('Win10/x86', '1.9') } },
    findings: [
      `${w10}/viostor.inf:17: ships WdfCoInstaller01009.dll, but the framework is part of Windows 10`,
      'viostor/w7/x86/viostor.inf:17: ships KMDF 1.9 (WdfCoInstaller01009.dll), but its driver requires 1.11',
    ],
  },
  'inf/wrong-os': {
    passes: { files: built('Win10/x86', '100.77.104.17200') },
    fails: { files: built('Win10/x86', '61.77.104.17200') },
    findings: [
      `${w10}/viostor.inf:8: was built for Windows 7 and Server 2008 R2 (DriverVer 61.77.104.17200), but its folder is for Windows 10`,
    ],
  },
  'pe/unsigned-boot-driver': {
    passes: { files: { ...bootDriver('Win10/amd64', signPe), ...bootDriver('Win7/x86') } },
    fails: {
      files: {
        ...bootDriver('Win11/ARM64'),
        ...bootDriver('Win10/x86', (bytes) => signPe(bytes, { matches: false })),
      },
    },
    findings: [
      `${w10}/viostor.sys: is loaded at boot, but its embedded signature is broken or does not match the file`,
      'viostor/w11/ARM64/viostor.sys: is loaded at boot, but has no embedded signature',
    ],
  },
  'pe/version-mismatch': {
    passes: { files: driverFolder('Win10/x86', { pe: { version: '1.9.0.0', company: 'Microsoft' } }) },
    fails: {
      files: driverFolder('Win10/x86', { pe: { version: '0.1.0.2', company: 'PVDisc Project, Inc.' } }),
    },
    findings: [`${w10}/viostor.sys: file version is 0.1.0.2, but DriverVer of the INF is 0.1.0.1`],
  },
};

/** A certificate for the years from one to another, by their last two digits. */
function validIn(from: string, to: string) {
  return makeCertificate({ name: 'dated', validity: [`${from}0101000000Z`, `${to}0101000000Z`] });
}

/** A catalog with one byte changed after it was signed. */
function withBrokenCatalog(): Tree {
  const tree = withCatalog(files);
  const catalog = Buffer.from(tree['Win10/x86/viostor.cat'] ?? '');
  catalog[catalog.indexOf(Buffer.alloc(16, 7))] = 8;
  return { ...tree, 'Win10/x86/viostor.cat': catalog };
}

/** NetKVM and viostor with one hardware ID; the change is made to the INF of viostor. */
function twoDrivers(...changes: Parameters<typeof changedFolder>[1][]): Tree {
  return {
    ...driverFolder('Win10/x86', { name: 'netkvm', inf: { hardwareIds: [id] } }),
    ...changedFolder('new/Win10/x86', ['ROOT\\PVDISC_VIOSTOR', id.toLowerCase()], ...changes),
  };
}

/** A driver whose INF and binary have this version. */
function built(folder: string, version: `${number}.${number}.${number}.${number}`): Tree {
  return driverFolder(folder, { inf: { driverVer: `01/02/2026,${version}` }, pe: { version } });
}

/** A driver that asks for a KMDF and brings the co-installer of KMDF 1.9. */
function withFramework(folder: string, library: string): Tree {
  const coInstaller = driverFolder(folder, { pe: { kind: 'dll', company: 'Microsoft' } });
  const options: DriverFolderOptions = {
    infFiles: ['viostor.sys', 'WdfCoInstaller01009.dll'],
    extras: { 'WdfCoInstaller01009.dll': coInstaller[`${folder}/viostor.sys`] ?? '' },
  };
  const tree = driverFolder(folder, options);
  const text = Buffer.from(tree[`${folder}/viostor.inf`] ?? '').toString('latin1');
  const framework = `\r\n[viostor_Install.Wdf]\r\nKmdfService = viostor, viostor_Wdf\r\n[viostor_Wdf]\r\nKmdfLibraryVersion = ${library}\r\n`;
  return { ...tree, [`${folder}/viostor.inf`]: text + framework };
}

/** A driver that is loaded at boot, with what is done to its binary. */
function bootDriver(folder: string, sign: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes): Tree {
  const driver = { files: ['viostor.sys'], destination: 12, startType: 0 } as const;
  const tree = driverFolder(folder, { inf: { driver } });
  const path = `${folder}/viostor.sys`;
  return { ...tree, [path]: sign(Buffer.from(tree[path] ?? '')) };
}
