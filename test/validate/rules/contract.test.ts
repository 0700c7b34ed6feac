import { expect } from 'vitest';
import type { SignatureState } from '../../../pipeline/formats/signature/signature.ts';
import { trustTestRoots } from '../../builders/authority.ts';
import type { ReleaseOptions } from '../../builders/release.ts';
import { driverFolder, type Tree } from '../../builders/tree.ts';
import { describeRuleContract, type RuleCase } from '../../contracts/rule-contract.ts';
import { binaryCases } from './binary-cases.ts';
import { catalogCases } from './catalog-cases.ts';
import { changedFolder } from './changed-inf.ts';
import { withDamagedVersion } from './damage.ts';
import { deviceCases } from './device-cases.ts';
import { infCases } from './inf-cases.ts';
import { signCases } from './sign-cases.ts';
import { trustCases } from './trust-cases.ts';

trustTestRoots();

const good: RuleCase = { files: driverFolder('Win10/amd64') };
const helper = { viostor: { extras: [{ file: 'helper.exe', what: 'helper' }] } };
const program = driverFolder('Win10/x86', { pe: { kind: 'exe' } })['Win10/x86/viostor.sys'] ?? '';

describeRuleContract({
  ...binaryCases,
  ...catalogCases,
  ...deviceCases,
  ...infCases,
  ...signCases,
  ...trustCases,
  'catalog/unreadable': {
    passes: good,
    fails: { files: driverFolder('Win10/x86', { extras: { 'viostor.cat': 'x' } }) },
    findings: [expect.stringMatching(/^viostor\/w10\/x86\/viostor\.cat: is not a valid catalog: ./)],
  },
  'disc/basename-clash': {
    passes: twoDrivers('same', 'same'),
    fails: twoDrivers('one', 'other'),
    findings: [
      'viostor/w10/x86/Shared.txt: differs from NetKVM/w10/x86/shared.txt, but virt-v2v copies both under one name',
    ],
  },
  'disc/path-collision': {
    passes: companions({ a: 'guest-agent/a.msi', b: 'guest-agent/b.msi' }),
    fails: companions({
      a: 'readme.TXT',
      b: 'README.txt',
      c: 'Viostor/c',
      d: 'data/info.json/d',
    }),
    findings: [
      'README.txt: is the path of two files',
      'data/info.json: is both a file and a folder',
      'readme.TXT: is the same path as README.txt on Windows',
      'viostor: is the same path as Viostor on Windows',
    ],
  },
  'disc/unfit-name': {
    passes: companions({ a: `${'d'.repeat(56)}/${'n'.repeat(96)}`, b: deepPath(255) }),
    fails: companions({
      a: 'n'.repeat(97),
      b: `${'d'.repeat(57)}/x`,
      c: 'data/größe.txt',
      d: deepPath(256),
    }),
    findings: [
      'data/größe.txt: its name is not printable ASCII',
      `${'d'.repeat(57)}/x: its folder name ${'d'.repeat(57)} has 57 characters; the limit is 56`,
      `${deepPath(256)}: its path has 256 characters; the limit is 255`,
      `${'n'.repeat(97)}: its name has 97 characters; the limit is 96`,
    ],
  },
  'inf/missing-file': {
    passes: good,
    fails: {
      files: {
        ...driverFolder('Win10/x86', { infFiles: ['viostor.sys', 'gone.dll', '..\\lost.sys'] }),
        ...changedFolder('Win7/x86', [
          'CopyFiles = ',
          'CopyINF = viostor.inf, more\\gone.inf\r\nCopyFiles = ',
        ]),
      },
    },
    findings: [
      'viostor/w10/x86/viostor.inf:18: names "../lost.sys", which is outside its folder',
      'viostor/w10/x86/viostor.inf:17: names "gone.dll", which is not in its folder',
      'viostor/w7/x86/viostor.inf:29: names "more/gone.inf", which is not in its folder',
    ],
  },
  'inf/unnamed-file': {
    passes: good,
    fails: { files: driverFolder('Win10/amd64', { extras: { 'new.exe': 'x' } }) },
    findings: [
      'viostor/2k22/amd64/new.exe: is beside viostor.inf, which does not name it',
      'viostor/w10/amd64/new.exe: is beside viostor.inf, which does not name it',
    ],
  },
  'manifest/missing-extra': {
    passes: { files: driverFolder('Win10/x86', { extras: { 'helper.exe': program } }), drivers: helper },
    fails: { ...good, drivers: helper },
    findings: [
      'viostor/w10/amd64/helper.exe: is expected by the manifest, but is not in the source',
      'viostor/2k22/amd64/helper.exe: is expected by the manifest, but is not in the source',
    ],
  },
  'pe/unreadable': {
    passes: {
      files: driverFolder('Win10/x86', {
        infFiles: ['viostor.sys', 'firmware.dll'],
        extras: { 'firmware.dll': 'for a device' },
      }),
    },
    fails: {
      files: driverFolder('Win10/x86', { extras: { 'viostor.sys': 'MZ', 'helper.exe': 'text' } }),
      drivers: helper,
    },
    findings: [
      expect.stringMatching(/^viostor\/w10\/x86\/helper\.exe: is not a valid PE file: ./),
      expect.stringMatching(/^viostor\/w10\/x86\/viostor\.sys: is not a valid PE file: ./),
    ],
  },
  'pe/unreadable-version': {
    passes: good,
    fails: { files: withOtherBinary('Win10/x86', withDamagedVersion) },
    findings: [
      'viostor/w10/x86/viostor.sys: its version resource cannot be read: a version block has an invalid length: 0',
    ],
  },
  'pe/wrong-machine': {
    passes: { files: driverFolder('Win10/amd64', { extras: { 'helper.exe': program } }), drivers: helper },
    fails: {
      files: {
        ...driverFolder('Win10/amd64', { pe: { arch: 'x86' } }),
        ...driverFolder('Win10/x86', { pe: { arch: 'ARM64' } }),
      },
    },
    findings: [
      'viostor/2k22/amd64/viostor.sys: machine is x86, expected amd64',
      'viostor/w10/amd64/viostor.sys: machine is x86, expected amd64',
      'viostor/w10/x86/viostor.sys: machine is ARM64, expected x86',
    ],
  },
  'release/driver-not-found': {
    passes: { ...good, release: { select: { drivers: { include: ['viostor'] } } } },
    fails: { ...good, release: { select: { drivers: { include: ['viostor', 'NetKVM'] } } } },
    findings: ['NetKVM: is selected by the release, but no source contains it for a selected target'],
  },
  'release/empty': {
    passes: good,
    fails: { ...good, release: { select: { arch: { exclude: ['amd64'] } } } },
    findings: ['test-disc: contains no driver'],
  },
  'release/future-driver-ver': {
    passes: { ...good, epoch: Date.UTC(2026, 0, 1, 10) / 1000 },
    fails: { files: driverFolder('Win10/x86'), epoch: Date.UTC(2026, 0, 1, 10) / 1000 - 1 },
    findings: [
      'viostor/w10/x86/viostor.inf:8: its DriverVer is dated 2026-01-02, after the release of 2026-01-01',
    ],
  },
  'release/mixed-families': {
    passes: {
      files: driverFolder('Win10/x86', { inf: { hardwareIds: ['PCI\\VEN_5853&DEV_0001'] } }),
      release: { family: 'xenpv' },
      drivers: { viostor: { family: 'xenpv' } },
    },
    fails: {
      files: {
        ...driverFolder('Win10/x86', { inf: { hardwareIds: ['XENBUS\\VEN_XP0001&DEV_VBD'] } }),
        ...driverFolder('Win10/x86', { name: 'netkvm' }),
      },
      drivers: { NetKVM: { family: 'xenpv' } },
    },
    findings: [
      'NetKVM/w10/x86/netkvm.inf: is a driver of xenpv; the release is of the family virtio, for guests of KVM',
      'viostor/w10/x86/viostor.inf:26: claims XENBUS\\VEN_XP0001&DEV_VBD, a device of xenpv; the release is of the family virtio, for guests of KVM',
    ],
  },
  'release/plain-name': {
    passes: { ...withSignature('attested'), release: { name: 'virtio-win' } },
    fails: { ...withSignature('vendor-signed'), release: { package: { name: 'virtio-win' } } },
    findings: ['virtio-win: contains 1 driver package not signed by Microsoft'],
  },
  'release/refused-signature': {
    passes: { ...withSignature('whql'), release: { policy: { allow: { whql: 'by contract' } } } },
    fails: withSignature('whql'),
    findings: [
      'viostor/w10/x86/viostor.inf: is signed as "whql", which is refused: drivers certified by Microsoft come from commercial products, whose terms restrict redistribution',
    ],
  },
  'release/undated': {
    passes: good,
    fails: { ...good, epoch: 'none' },
    findings: ['test-disc: has no date, so dates of drivers and certificates are not checked'],
  },
});

function withOtherBinary(folder: string, change: (bytes: Uint8Array) => Uint8Array): Tree {
  const tree = driverFolder(folder);
  const path = `${folder}/viostor.sys`;
  return { ...tree, [path]: change(Buffer.from(tree[path] ?? '')) };
}

/** No file of a test is signed by Microsoft, so the facts say it. */
function withSignature(trust: SignatureState): RuleCase {
  return {
    files: driverFolder('Win10/x86'),
    packages: (packages) =>
      packages.map((one) => ({ ...one, signature: trust, verdict: { ...one.verdict, trust } })),
  };
}

function twoDrivers(one: string, other: string): ReleaseOptions {
  return {
    files: {
      ...driverFolder('Win10/x86', { name: 'netkvm', extras: { 'shared.txt': one } }),
      ...driverFolder('new/Win10/x86', { extras: { 'Shared.txt': other } }),
    },
    drivers: {
      NetKVM: { extras: [{ file: 'shared.txt', what: 'x' }] },
      viostor: { extras: [{ file: 'shared.txt', what: 'x' }] },
    },
  };
}

/** A good driver and companions: name in the source to path on the disc. */
function companions(paths: Readonly<Record<string, string>>): ReleaseOptions {
  const entries = Object.entries(paths);
  return {
    files: {
      ...driverFolder('Win10/x86'),
      ...Object.fromEntries(entries.map(([name]) => [`more/${name}`, name])),
    },
    release: { files: entries.map(([name, to]) => ({ source: 'drivers', from: `more/${name}`, to })) },
  };
}

/** A path of that length in folders of 40 characters. */
function deepPath(length: number): string {
  const folders = `${'f'.repeat(40)}/`.repeat(5);
  return folders + 'n'.repeat(length - folders.length);
}
