import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { discPlan } from '../../../pipeline/package/host/disc-plan.ts';
import { readOwnFiles } from '../../../pipeline/package/host/own-files.ts';
import { debFormat } from '../../../pipeline/package/host/scripts.ts';
import { readMetadata } from '../../../pipeline/package/metadata/metadata.ts';
import { makeDebSetting } from '../../builders/deb.ts';
import { problemsOf } from '../../builders/problems.ts';
import { temporaryFolder } from '../../builders/release.ts';
import { writeTree } from '../../builders/tree.ts';

const tree = {
  'debian/host/virtio-win': '#!/bin/sh\n',
  'debian/host/virtio-win.1': '.TH x\n',
  'debian/host/virtio-win.bash': 'complete\n',
  'debian/host/devices.tsv': 'x\n',
  'debian/host/lib/a.sh': 'a\n',
  'debian/host/.hidden': 'x',
  'debian/host/lib/.hidden': 'x',
  'docs/b.md': 'b\n',
  'docs/picture.png': 'x',
  'docs/sub/c.md': 'c\n',
  'debian/scripts/disc.postinst': '@PACKAGE@\n',
};

test('the host command, its parts and the documents go where they belong, with their modes', async () => {
  const folder = await temporaryFolder('pvdisc-own-');
  await writeTree(folder, tree);
  const { input } = await makeDebSetting(folder, {});
  const metadata = await readMetadata(input.manifest);
  const { contents, scripts } = discPlan({
    ...input,
    metadata,
    own: await readOwnFiles(folder),
    format: debFormat,
  });
  const files = contents.flatMap((entry) =>
    entry.kind === 'file' && 'bytes' in entry.content ? [{ ...entry, bytes: entry.content.bytes }] : [],
  );
  const host = 'usr/share/virtio-win/releases/pvdisc-sample/host';
  const shown = files.filter(({ path }) => path.startsWith(host) || path.includes('/docs/'));
  expect(shown.map(({ path, mode }) => `${mode.toString(8)} ${path}`)).toEqual([
    '644 usr/share/doc/pvdisc-sample/docs/b.md',
    `644 ${host}/devices.tsv`,
    `644 ${host}/lib/a.sh`,
    `755 ${host}/virtio-win`,
    `644 ${host}/virtio-win.1.gz`,
    `644 ${host}/virtio-win.bash`,
  ]);
  const manual = files.find(({ path }) => path.endsWith('.1.gz'))?.bytes ?? Buffer.alloc(0);
  expect(gunzipSync(manual).toString()).toBe('.TH x\n');
  expect(scripts).toEqual(new Map([['postinst', 'pvdisc-sample\n']]));
});

test('documents need not be there, the host command must', async () => {
  const folder = await temporaryFolder('pvdisc-own-');
  await mkdir(join(folder, 'debian/host'), { recursive: true });
  expect(await problemsOf(readOwnFiles(folder), folder)).toEqual([
    './debian/scripts: no such folder; packages need its files\n' +
      '  hint: this installation of pvdisc is incomplete: install or clone it again',
  ]);
  await mkdir(join(folder, 'debian/scripts'));
  await writeFile(join(folder, 'debian/scripts/x'), 'text');
  expect(await readOwnFiles(folder)).toMatchObject({ host: [], docs: [], scripts: new Map([['x', 'text']]) });
});

test('the npm package of pvdisc has what goes into Debian packages', async () => {
  const own = JSON.parse(await readFile('package.json', 'utf8')) as { files: string[] };
  expect(own.files).toEqual(expect.arrayContaining(['debian', 'docs']));
});
