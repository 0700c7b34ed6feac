import { mkdtemp, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import type { ReleaseRecord } from '../../pipeline/model/record.ts';
import { type BuiltRelease, builtLegacy, builtSample } from '../builders/built-release.ts';
import { type DiscContents, extractDisc, folderContents, sha256 } from '../builders/disc-contents.ts';
import { readRepackedInf, repackedFiles, repackWords } from '../builders/distrobuilder.ts';
import { lacksTool } from '../builders/needs.ts';
import { type V2vGuest, v2vClashes, v2vFolder, v2vGuests } from '../builders/virt-v2v.ts';

const realDrivers = process.env.PVDISC_REAL_DRIVERS;
if (realDrivers === undefined) {
  console.warn(
    'SKIPPED: PVDISC_REAL_DRIVERS is not set, so no test of what consumers find on a disc of real drivers',
  );
}
const lacksTools = lacksTool('bsdtar', 'dpkg-deb');

/**
 * `names` are files that must be in the folder that virt-v2v makes for `guest`; the Windows of `loads` loads the driver `loadedName`, that
 * of `refuses` none.
 */
const releases = [
  {
    name: 'sample',
    build: builtSample,
    isSkipped: lacksTools,
    guest: { os: 'w11', arch: 'x86_64' },
    names: ['sampleblk.inf', 'sampleblk.sys', 'samplenet.inf', 'samplenet.sys', 'samplenull.inf'],
    loads: { os: 'w7', arch: 'i386' },
    refuses: { os: 'w11', arch: 'x86_64' },
    loadedName: 'sampleblk.sys',
  },
  {
    name: 'legacy',
    build: () => builtLegacy(realDrivers ?? ''),
    isSkipped: lacksTools || realDrivers === undefined,
    guest: { os: 'w7', arch: 'x86_64' },
    names: [
      'viostor.sys',
      'vioscsi.sys',
      'netkvm.inf',
      'viorng.inf',
      'balloon.inf',
      'blnsvr.exe',
      'pvpanic.inf',
    ],
    loads: { os: 'w7', arch: 'x86_64' },
    refuses: { os: '2k12r2', arch: 'x86_64' },
    loadedName: 'viostor.sys',
  },
] as const;

for (const { name, build, isSkipped, guest, names, loads, refuses, loadedName } of releases) {
  describe.skipIf(isSkipped)(`the ${name} disc`, () => {
    let release: BuiltRelease;
    let folder: string;
    let disc: DiscContents;

    beforeAll(async () => {
      release = await build();
      folder = await extractDisc('bsdtar', release.iso);
      disc = await folderContents(folder);
    });

    test('holds no link, since virt-v2v passes over links', () => {
      expect(disc.others).toEqual([]);
    });

    test('gives virt-v2v the files that it looks for', () => {
      expect(Object.keys(v2vFolder(disc.files, guest))).toEqual(expect.arrayContaining([...names]));
    });

    test('gives virt-v2v each driver of each guest whole, and nothing else', () => {
      for (const each of v2vGuests) {
        const clashes = v2vClashes(v2vFolder(disc.files, each));
        expect({ ...each, files: keptByV2v(disc.files, each), clashes }).toEqual({
          ...each,
          files: driversOf(each, release.record, disc),
          clashes: [],
        });
      }
    });

    test('has a tree beside it in which virt-v2v finds no driver that the Windows refuses', async () => {
      const root = await mkdtemp(join(inject('runFolder'), 'drivers-'));
      const { name } = release.record;
      const deb = release.debs.find((path) => basename(path).startsWith(`${name}-drivers_`)) ?? '';
      await execa('dpkg-deb', ['-x', deb, root]);
      const tree = await folderContents(join(root, `usr/share/virtio-win/releases/${name}/drivers/loadable`));
      expect(tree.others).toEqual([]);
      const refused = release.record.drivers.filter(
        ({ loads }) => loads === 'test-signing' || loads === 'never',
      );
      expect(refused).not.toEqual([]);
      // The folders by architecture hold the same files as those by driver.
      const isRefused = (path: string) =>
        refused.some(({ inf }) => dirname(inf) === dirname(path)) || /^(?:amd64|i386|ARM64)\//.test(path);
      for (const each of v2vGuests) {
        const fromDisc = Object.entries(disc.files).filter(([path]) => !isRefused(path));
        expect({ ...each, files: keptByV2v(tree.files, each) }).toEqual({
          ...each,
          files: keptByV2v(Object.fromEntries(fromDisc), each),
        });
      }
      expect(Object.keys(v2vFolder(tree.files, loads))).toContain(loadedName);
      expect(Object.keys(v2vFolder(tree.files, refuses))).toEqual([]);
      expect(Object.keys(v2vFolder(disc.files, refuses))).toContain(loadedName);
    });

    test('has the folders that distrobuilder looks for, with INFs that it can read', async () => {
      for (const { driver, target, inf, driverVer } of release.record.drivers) {
        const spelling = repackWords.drivers.find((word) => word.toLowerCase() === driver.toLowerCase());
        expect(driver).toBe(spelling ?? driver);
        expect(repackWords.versions).toContain(target.os);
        expect(repackWords.archs).toContain(target.arch);
        const place = `${driver}/${target.os}/${target.arch}`;
        expect(repackedFiles(Object.keys(disc.files), place)).toContain(basename(inf));
        const read = readRepackedInf(await readFile(join(folder, inf)));
        expect({ inf, ...read }).toEqual({
          inf: `${place}/${basename(inf)}`,
          classGuid: expect.stringMatching(/^\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$/i),
          driverVer,
        });
      }
    });

    test('is what the package offers as the disc that virt-v2v looks for', async () => {
      const root = await mkdtemp(join(inject('runFolder'), 'deb-'));
      await execa('dpkg-deb', ['-R', release.deb, root]);
      const path = `/usr/share/virtio-win/${release.record.iso.name}`;
      expect(sha256(await readFile(join(root, path)))).toBe(release.record.iso.sha256);
      const postinst = await readFile(join(root, 'DEBIAN/postinst'), 'utf8');
      expect(postinst).toContain(`disc='${path}'`);
      expect(postinst).toMatch(/--install "\$discs\/virtio-win\.iso" virtio-win\.iso "\$disc" -?\d+$/m);
    });
  });
}

/** Returns the digests of the files that stay in the folder that virt-v2v makes, by name. */
function keptByV2v(files: Readonly<Record<string, string>>, guest: V2vGuest) {
  const copied = Object.entries(v2vFolder(files, guest));
  return Object.fromEntries(copied.map(([name, digests]) => [name, digests.at(-1)]));
}

/** Returns what virt-v2v should copy for a guest, by the targets of the record and not by paths: digest by lower-case name. */
function driversOf(guest: V2vGuest, { drivers }: ReleaseRecord, { files }: DiscContents) {
  const folders = drivers
    .filter(({ driver, target }) => driver !== 'sriov' && isGuest(guest, target))
    .map(({ inf }) => dirname(inf));
  const paths = Object.keys(files).filter((path) => folders.includes(dirname(path)));
  const wanted = paths.filter((path) => !/\.pdb$|vioprot\./.test(path));
  return Object.fromEntries(wanted.map((path) => [basename(path).toLowerCase(), files[path]]));
}

function isGuest({ os, arch }: V2vGuest, target: { os: string; arch: string }): boolean {
  const targetArch = { i386: 'x86', x86_64: 'amd64' }[arch];
  return target.os.toLowerCase() === os && target.arch === targetArch;
}
