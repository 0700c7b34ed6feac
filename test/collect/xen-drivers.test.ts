import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { collect } from '../../pipeline/collect/collect.ts';
import { readManifest } from '../../pipeline/manifest/read.ts';
import { judge } from '../../pipeline/validate/judge.ts';
import { writeRelease } from '../builders/release.ts';
import { driverFolder, type Tree } from '../builders/tree.ts';

/** The devices that the INFs of win-pv claim; the vendor prefix of a build of the Xen Project is XP. */
const devices: Readonly<Record<string, string>> = {
  xenbus: 'PCI\\VEN_5853&DEV_0001',
  xencons: 'XENBUS\\VEN_XP0001&DEV_CONS&REV_0900000A',
  xenhid: 'XENVKBD\\VEN_XP0001&DEV_HID&REV_09000002',
  xeniface: 'XENBUS\\VEN_XP0001&DEV_IFACE&REV_0900000B',
  xennet: 'XENVIF\\VEN_XP0001&DEV_NET&REV_09000005',
  xenvbd: 'XENBUS\\VEN_XP0001&DEV_VBD&REV_0900000B',
  xenvif: 'XENBUS\\VEN_XP0001&DEV_VIF&REV_0900000B',
  xenvkbd: 'XENBUS\\VEN_XP0001&DEV_VKBD&REV_0900000A',
};

/** Drivers in the folders of a build of the Xen Project: `xenbus/x64/xenbus.inf`. */
function build(): Tree {
  const trees = Object.entries(devices).flatMap(([name, hardwareId]) =>
    [
      ['Win10/amd64', 'x64'],
      ['Win10/x86', 'x86'],
    ].flatMap(([folder = '', arch]) =>
      Object.entries(driverFolder(folder, { name, inf: { hardwareIds: [hardwareId] } })).map(
        ([path, content]) => [path.replace(folder, `${name}/${arch}`), content] as const,
      ),
    ),
  );
  return Object.fromEntries(trees);
}

/** Collects such a build with the drivers that pvdisc knows, and judges it. */
async function judged(release: Readonly<Record<string, unknown>>) {
  const written = await writeRelease({
    files: build(),
    texts: {
      'release.yaml': stringify({
        name: 'xen-disc',
        version: '9.1.0',
        title: 'Drivers for Xen',
        sources: { drivers: { type: 'directory', path: 'sources/drivers' } },
        package: { name: 'xen-disc' },
        ...release,
      }),
    },
  });
  const manifest = await readManifest(written.file);
  const tree = await collect.run(manifest, written.context);
  return { tree, ...(await judge(manifest, tree, written.context)) };
}

test('drivers of the Xen Project have their places in a release of the family xenpv', async () => {
  const { tree, findings } = await judged({ family: 'xenpv' });
  const targets = ['2k16', '2k19', '2k22', '2k25', 'w10', 'w11'].map((os) => `${os}/amd64`);
  const places = Object.keys(devices).flatMap((name) =>
    [...targets, 'w10/x86'].map((target) => `${name}/${target}/${name}.inf`),
  );
  expect(tree.packages.map(({ inf }) => inf).sort()).toEqual(places.sort());
  expect(findings.filter(({ rule }) => rule === 'release/mixed-families')).toEqual([]);
});

test('a release for KVM refuses every one of them', async () => {
  const { tree, findings } = await judged({});
  const refused = findings.filter(({ rule }) => rule === 'release/mixed-families');
  expect(refused.map(({ path }) => path).sort()).toEqual(tree.packages.map(({ inf }) => inf).sort());
});
