import { expect, test } from 'vitest';
import { readManifest } from '../../../pipeline/manifest/read.ts';
import type { IsoImage } from '../../../pipeline/model/release.ts';
import { readOwnFiles } from '../../../pipeline/package/host/own-files.ts';
import { hostPlans } from '../../../pipeline/package/host/plan.ts';
import { debFormat } from '../../../pipeline/package/host/scripts.ts';
import { readMetadata } from '../../../pipeline/package/metadata/metadata.ts';
import { writtenControl } from '../../../pipeline/package/metadata/written-metadata.ts';
import { ghosts } from '../../../pipeline/package/rpm/spec.ts';

const manifest = await readManifest('drivers-manifest/releases/sample-xenpv.yaml');
const iso: IsoImage = {
  name: 'pvdisc-sample-xenpv-0.1.0.iso',
  label: 'LABEL',
  readme: '',
  content: { file: '/x', sha256: 'ab'.repeat(32), size: 7 },
  files: [],
};
const tree = { files: [], symbols: [], packages: [], drivers: [], sources: [], repairs: [], findings: [] };
const plans = hostPlans({
  manifest,
  tree: tree as unknown as Parameters<typeof hostPlans>[0]['tree'],
  discs: { iso },
  metadata: await readMetadata(manifest),
  own: await readOwnFiles(),
  format: debFormat,
});

test('packages for Xen offer links of their own, and nothing where tools look for drivers of KVM', () => {
  const [disc, drivers] = plans;
  const offered = disc?.scripts.get('postinst') ?? '';
  expect(offered).toContain('update-alternatives --install "$discs/xenpv-win.iso" xenpv-win.iso "$disc"');
  expect(offered).not.toMatch(/update-alternatives .*virtio-win\.iso/);
  expect(drivers?.scripts.get('postinst')).toContain(
    'update-alternatives --install /usr/share/virtio-win/xenpv-drivers xenpv-win-drivers',
  );
  expect(drivers?.scripts.get('prerm')).toContain('update-alternatives --remove xenpv-win-drivers');
  const paths = drivers?.contents.map(({ path }) => path) ?? [];
  expect(paths).toContain('usr/share/virtio-win/releases/pvdisc-sample-xenpv/drivers');
  expect(paths.filter((path) => /loadable|osinfo/.test(path))).toEqual([]);
});

test('their metadata and links in an rpm say so', () => {
  const control = writtenControl(manifest);
  expect(control).toContain('\nProvides: xenpv-win-iso\n');
  expect(control).toContain('A Xen guest reads the disc');
  expect(control).not.toContain('osinfo-db');
  expect(
    plans.flatMap((plan) => ghosts(plan)).filter((path) => path.startsWith('/usr/share/virtio-win')),
  ).toEqual(['/usr/share/virtio-win/xenpv-win.iso', '/usr/share/virtio-win/xenpv-drivers']);
});
