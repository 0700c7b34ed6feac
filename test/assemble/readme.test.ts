import { describe, expect, test } from 'vitest';
import { infoJson } from '../../pipeline/assemble/disc-contents.ts';
import { discReadme, signatureLines } from '../../pipeline/assemble/readme.ts';
import { readManifest } from '../../pipeline/manifest/read.ts';
import type { DriverFacts } from '../../pipeline/model/driver-facts.ts';
import { makeRelease } from '../builders/release.ts';
import { writeSignedRelease } from '../builders/signed-release.ts';

const facts: readonly DriverFacts[] = [
  {
    driver: 'NetKVM',
    target: { os: 'w11', arch: 'amd64' },
    inf: 'NetKVM/w11/amd64/netkvm.inf',
    hardwareIds: ['PCI\\VEN_1AF4&DEV_1041&SUBSYS_11001AF4&REV_01'],
    compatibleIds: ['PCI\\VEN_1AF4&DEV_1041'],
    class: 'Net',
    services: ['netkvm'],
    name: 'VirtIO Ethernet',
    provider: 'Red Hat, Inc.',
    driverVer: '01/02/2026,100.102.104.29400',
    signature: 'attested',
    verdict: {
      integrity: 'good',
      uncovered: [],
      trust: 'attested',
      signer: 'Microsoft Windows Hardware Compatibility Publisher',
    },
    loads: 'secure-boot',
  },
  {
    driver: 'viostor',
    target: { os: 'w7', arch: 'x86' },
    inf: 'viostor/w7/x86/viostor.inf',
    hardwareIds: [],
    compatibleIds: [],
    services: [],
    signature: 'unsigned',
    verdict: { integrity: 'none', uncovered: [], trust: 'unsigned' },
    loads: 'always',
  },
];

const plain = {
  driver: 'd',
  inf: 'x.inf',
  hardwareIds: [],
  compatibleIds: [],
  services: [],
} as const;

describe('README.txt', () => {
  test('says what the disc is, where to look, when drivers load and how to install them', async () => {
    const { manifest } = await makeRelease();
    expect(discReadme(manifest, facts).replaceAll('\r\n', '\n')).toMatchInlineSnapshot(`
      "test-disc-1.2.3
      ===============

      Test drivers.

      This disc holds paravirtual drivers for Windows guests on KVM (virtio). It was assembled by pvdisc.
      index.html shows them in a browser, data\\info.json lists every driver with its version; LICENSES\\ holds the licences.

      Which folder for which Windows
      ------------------------------
      <Driver>\\<folder of the Windows>\\<architecture>, such as viostor\\w10\\amd64.
      x86 is 32-bit, amd64 64-bit (Intel and AMD), ARM64 64-bit (ARM).

        w7   Windows 7 (x86)
        w11  Windows 11 (amd64)

      i386\\, amd64\\ and ARM64\\ hold once more, by Windows, the storage drivers that Windows Setup needs to see the disk.

      How the drivers are signed, and when Windows loads them
      -------------------------------------------------------
      * attested by Microsoft Windows Hardware Compatibility Publisher: is loaded, also under Secure Boot
        w11/amd64
      * unsigned: is loaded (this Windows has no Secure Boot)
        w7/x86

      "attested" and "whql" drivers are signed by Microsoft, "vendor-signed" ones by their maker only,
      "self-signed" ones with a certificate that no Windows trusts by itself, "unsigned" ones not at all.

      How to install
      --------------
      D: stands for the drive letter of this disc.
      In a running Windows (Vista or later), as administrator, all drivers that are for it:
        D:\\install.cmd            ("D:\\install.cmd /?" tells more)
      or one of them:
        pnputil /add-driver D:\\NetKVM\\w11\\amd64\\netkvm.inf /install
        pnputil -i -a D:\\viostor\\w7\\x86\\viostor.inf      (before Windows 10 1607)
      or in Device Manager: right-click the device, "Update driver", "Browse my computer", choose the drive of this disc.
      In Windows Setup, when no disk is shown: "Load driver", browse to amd64\\<Windows> (or i386, ARM64) on this disc.
      unattend\\ has parts for the autounattend.xml of each Windows, which need no drive letter.
      In Windows PE, where install.cmd works too:
        drvload D:\\NetKVM\\w11\\amd64\\netkvm.inf

      The drivers
      -----------
      NetKVM: NetKVM device
        w11\\amd64     netkvm.inf         01/02/2026,100.102.104.29400, attested by Microsoft Windows Hardware Compatibility Publisher, loads, also under Secure Boot

      viostor: viostor device
        w7\\x86        viostor.inf        no version, unsigned, always loads

      Licences
      --------
      The texts are in LICENSES\\. Nothing on this disc comes with a warranty.
      "
    `);
  });

  test('says for each Windows of a release signed with its own key what it needs', async () => {
    const read = await readManifest((await writeSignedRelease({ enrol: true })).file);
    const xp = { os: 'xp', version: '5.1.2600', windows: 'Windows XP' };
    const manifest = {
      ...read,
      targets: [...read.targets.slice(0, 1).map((row) => ({ ...row, ...xp })), ...read.targets],
    };
    const drivers = (['xp/x86', 'w7/x86', 'w10/x86', 'w10/amd64', 'w11/ARM64'] as const).map(
      (path): DriverFacts => {
        const [os = '', arch = 'x86'] = path.split('/') as [string, DriverFacts['target']['arch']];
        const verdict = { integrity: 'good', uncovered: [], trust: 'self-signed' } as const;
        return { ...plain, target: { os, arch }, signature: 'self-signed', verdict };
      },
    );
    const text = discReadme(manifest, drivers).replaceAll('\r\n', '\n');
    expect(text.slice(text.indexOf('* double-click'), text.indexOf('Licences'))).toBe(
      `* double-click root.cer and signer.cer, and install them into "Trusted Root Certification Authorities" and "Trusted Publishers":
  Windows XP (x86)
* trust.cmd:
  Windows 7 (x86)
* trust.cmd, with Secure Boot off:
  Windows 10 (x86)
* trust.cmd and test-mode.cmd, with Secure Boot off:
  Windows 10 (amd64); Windows 11 (ARM64)

`,
    );
  });

  test('has CRLF line ends and is ASCII, whatever INFs and certificates say', async () => {
    const { manifest } = await makeRelease();
    const odd: DriverFacts = {
      driver: 'viostor',
      target: { os: 'w10', arch: 'x86' },
      inf: 'viostor/w10/x86/gerät.inf',
      hardwareIds: [],
      compatibleIds: [],
      services: [],
      driverVer: '01/02/2026,1.0\t',
      signature: 'vendor-signed',
      verdict: {
        integrity: 'good',
        uncovered: [],
        trust: 'vendor-signed',
        signer: 'Müller\nThe drivers\u2028',
      },
    };
    const text = discReadme(manifest, [odd]);
    expect(text).toMatch(/^(?:[\x20-\x7e]*\r\n)*$/);
    expect(text).toContain('ger?t.inf          01/02/2026,1.0?, vendor-signed by M?ller The drivers \r\n');
  });

  test('can be written for a disc without drivers', async () => {
    const { manifest } = await makeRelease();
    expect(discReadme(manifest, [])).toMatch(/^test-disc-1\.2\.3\r\n={15}\r\n/);
  });
});

test('signature states and load conditions are told with the targets that they are true for, broken into lines', async () => {
  const { manifest } = await makeRelease();
  const driver = (
    os: string,
    arch: DriverFacts['target']['arch'],
    signature: DriverFacts['signature'],
  ): DriverFacts => ({
    driver: 'd',
    target: { os, arch },
    inf: 'x',
    hardwareIds: [],
    compatibleIds: [],
    services: [],
    signature,
    verdict: { integrity: 'good', uncovered: [], trust: signature },
  });
  const lines = signatureLines(manifest.targets, [
    driver('w10', 'amd64', 'unsigned'),
    driver('w7', 'x86', 'unsigned'),
    driver('w11', 'ARM64', 'unsigned'),
    driver('w10', 'amd64', 'unsigned'),
    driver('w11', 'amd64', 'whql'),
  ]);
  expect(lines).toEqual([
    'unsigned: is loaded (this Windows has no Secure Boot)\n  w7/x86',
    'unsigned: is not loaded\n  w10/amd64 w11/ARM64',
    'whql: is loaded, also under Secure Boot\n  w11/amd64',
  ]);
  const many = Array.from({ length: 20 }, (_, index) => ({ ...driver(`os${index}`, 'amd64', 'unsigned') }));
  const rows = many.map(({ target }) => ({
    ...(manifest.targets[0] ?? never()),
    ...target,
    version: '10.0.10240',
  }));
  const [wrapped = ''] = signatureLines(rows, many);
  expect(wrapped.split('\n').map((line) => line.length <= 100 && line.trim() !== '')).toEqual([
    true,
    true,
    true,
    true,
  ]);
});

test("info.json has upstream's keys, raw versions, and no key without a value", async () => {
  const { manifest } = await makeRelease();
  const text = infoJson(manifest, facts);
  expect(text).toMatchInlineSnapshot(`
    "{
      "drivers": [
        {
          "arch": "amd64",
          "class": "Net",
          "compatible_ids": [
            "PCI\\\\VEN_1AF4&DEV_1041"
          ],
          "driver": "NetKVM",
          "driver_version": "01/02/2026,100.102.104.29400",
          "hardware_ids": [
            "PCI\\\\VEN_1AF4&DEV_1041&SUBSYS_11001AF4&REV_01"
          ],
          "inf_path": "NetKVM/w11/amd64/netkvm.inf",
          "name": "VirtIO Ethernet",
          "provider": "Red Hat, Inc.",
          "services": [
            "netkvm"
          ],
          "signature": "attested",
          "windows_version": "w11"
        },
        {
          "arch": "x86",
          "compatible_ids": [],
          "driver": "viostor",
          "hardware_ids": [],
          "inf_path": "viostor/w7/x86/viostor.inf",
          "services": [],
          "signature": "unsigned",
          "windows_version": "w7"
        }
      ],
      "family": "virtio",
      "label": "test-disc-1.2.3",
      "name": "test-disc",
      "version": "1.2.3"
    }
    "
  `);
  expect(Object.keys(JSON.parse(infoJson(manifest, [])))).toEqual([
    'drivers',
    'family',
    'label',
    'name',
    'version',
  ]);
});

function never(): never {
  throw new Error('no targets');
}
