import { cp, mkdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import type { Check } from '../../pipeline/verify/verification-schema.ts';
import { builtSample } from '../builders/built-release.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder } from '../builders/release.ts';
import { badPlaces, verified } from './copied-release.ts';

const iso = 'pvdisc-sample-0.1.0.iso';
const symbols = 'pvdisc-sample-symbols-0.1.0.iso';
const driver = 'releases/pvdisc-sample/drivers/by-driver/sampleblk/w11/amd64/sampleblk.sys';

describe.skipIf(lacksTool('dpkg-deb'))('what is installed on a host', () => {
  test('is judged by records, links and the sums of dpkg', async () => {
    const { discs } = await host();
    const { good, kind, checks } = await verified(discs);
    expect({ good, kind }).toEqual({ good: true, kind: 'host' });
    expect(checks.map(({ verdict, place, message }) => [verdict, place, message])).toEqual([
      ['good', iso, 'matches sha256 and size in pvdisc-sample-0.1.0.disc'],
      ['good', symbols, 'matches sha256 and size in pvdisc-sample-symbols-0.1.0.disc'],
      ['good', 'virtio-win.iso', `leads to ${iso}, a disc with a .disc record`],
      ['good', 'drivers', 'leads to releases/pvdisc-sample/drivers'],
      ...['pvdisc-sample', 'pvdisc-sample-drivers', 'pvdisc-sample-symbols'].map((name) => [
        'good',
        name,
        expect.stringMatching(/^\d+ files checked against the checksums of dpkg$/),
      ]),
      [
        'not-judged',
        'dpkg',
        'its checksums do not cover owners and modes, and whoever changes the files can change them too',
      ],
    ]);
    const link = `${discs}-link`;
    await symlink(discs, link);
    expect((await verified(link)).good).toBe(true);
  });

  test.each<[string, (link: string, discs: string) => Promise<unknown>, string]>([
    [
      'to another file',
      (link) => symlink('/etc/passwd', link),
      'leads to /etc/passwd, which is not a driver disc with a .disc record',
    ],
    ['to nothing', (link) => symlink('nonesuch.iso', link), 'nonesuch.iso, which does not exist'],
    ['to itself', (link) => symlink(basename(link), link), 'is a loop of links'],
    ['to the symbols', (link) => symlink(symbols, link), `${symbols}, which is not a driver disc with a `],
    [
      'no more: a plain file',
      (link, discs) => cp(join(discs, iso), link),
      'is not a link to the chosen driver disc',
    ],
    ['no more: a folder', (link) => mkdir(link), 'is not a link to the chosen driver disc'],
    ['no more', async () => {}, 'is missing, so tools find no driver disc with a .disc record here'],
  ])('is bad where the link to the disc leads %s', async (_, replace, message) => {
    const { discs, root } = await host();
    await mkdir(join(root, 'etc'), { recursive: true });
    await writeFile(join(root, 'etc/passwd'), '');
    const link = join(discs, 'virtio-win.iso');
    await rm(link);
    await replace(link, discs);
    const { checks } = await verified(discs);
    const found = checks.filter(({ verdict }) => verdict === 'bad');
    expect(found).toEqual([
      expect.objectContaining({ place: 'virtio-win.iso', message: expect.stringContaining(message) }),
    ]);
  });

  test.each([
    ['virtio-win.iso', 'virtio-win.iso'],
    ['drivers', 'virtio-win-drivers'],
  ])('names the group of update-alternatives whose link %s is gone', async (link, group) => {
    const { discs } = await host();
    await rm(join(discs, link));
    const { checks } = await verified(discs);
    expect(checks.filter(({ verdict }) => verdict === 'bad')).toEqual([
      expect.objectContaining({
        place: link,
        hint: `update-alternatives --query ${group} shows the choice; --auto ${group} creates the link again`,
      }),
    ]);
  });

  test('names what no package has put beside the discs', async () => {
    const { discs } = await host();
    await mkdir(join(discs, 'guest-agent'));
    await writeFile(join(discs, 'virtio-win_amd64.vfd'), 'x');
    const { good, checks } = await verified(discs);
    expect(good).toBe(true);
    const message = 'its origin is unknown: no package of dpkg contains it';
    expect(checks).toEqual(
      expect.arrayContaining([
        { verdict: 'not-judged', place: 'guest-agent', message },
        { verdict: 'not-judged', place: 'virtio-win_amd64.vfd', message },
      ]),
    );
  });

  test('is bad where the link to the drivers leads elsewhere', async () => {
    const { discs } = await host();
    await rm(join(discs, 'drivers'));
    await symlink('releases/pvdisc-sample/host', join(discs, 'drivers'));
    expect((await verified(discs)).checks.filter(({ verdict }) => verdict === 'bad')).toEqual([
      expect.objectContaining({
        place: 'drivers',
        message:
          'leads to /usr/share/virtio-win/releases/pvdisc-sample/host, which is not a folder of drivers below releases',
      }),
    ]);
  });

  test.each<[string, (discs: string) => Promise<unknown>, string[], RegExp]>([
    [
      'is changed',
      async (discs) => {
        await rm(join(discs, driver)); // other hard links to it exist
        await writeFile(join(discs, driver), 'x');
      },
      [driver],
      /^has md5 [0-9a-f]{32}, but the checksums of pvdisc-sample-drivers have [0-9a-f]{32}$/,
    ],
    [
      'is gone',
      (discs) => rm(join(discs, driver)),
      [driver],
      /^is missing; the checksums of pvdisc-sample-drivers list it$/,
    ],
    [
      'is a link',
      async (discs) => {
        await rm(join(discs, driver));
        await symlink('/etc/passwd', join(discs, driver));
      },
      [driver],
      /^is not a regular file$/,
    ],
    [
      'is new',
      (discs) => writeFile(join(discs, `${driver}.bak`), ''),
      [`${driver}.bak`],
      /^belongs to no package of dpkg: it was added later$/,
    ],
    [
      'is a link to more',
      (discs) => symlink('/etc', join(discs, 'releases/pvdisc-sample/drivers/x')),
      ['releases/pvdisc-sample/drivers/x'],
      /^belongs to no package of dpkg: it was added later$/,
    ],
    [
      'is the record, and gone',
      (discs) => rm(join(discs, 'pvdisc-sample-symbols-0.1.0.disc')),
      ['pvdisc-sample-symbols-0.1.0.disc'],
      /^is missing; the checksums of pvdisc-sample-symbols list it$/,
    ],
    [
      'is a disc with its record, and gone',
      async (discs) => {
        await rm(join(discs, 'pvdisc-sample-symbols-0.1.0.disc'));
        await rm(join(discs, symbols));
      },
      ['pvdisc-sample-symbols-0.1.0.disc', symbols],
      /^is missing; the checksums of pvdisc-sample-symbols list it$/,
    ],
  ])('is bad where a file %s', async (_, change, places, message) => {
    const { discs } = await host();
    await change(discs);
    const { checks } = await verified(discs);
    const found = checks.filter(({ verdict }) => verdict === 'bad');
    expect(found.map(({ place }) => place).sort()).toEqual([...places].sort());
    expect(found[0]?.message).toMatch(message);
  });

  test('is bad where nothing is left of it', async () => {
    const { discs } = await host();
    await rm(discs, { recursive: true });
    await mkdir(discs);
    const bad = badPlaces(await verified(discs));
    expect(bad).toEqual(expect.arrayContaining([iso, symbols, driver]));
  });

  test('is not checked beyond the records where there is no dpkg, and that is said of each part', async () => {
    const { discs, root } = await host();
    const unjudged = (checks: readonly Check[]) =>
      checks.filter(({ verdict }) => verdict === 'not-judged').map(({ place, message }) => [place, message]);
    await rm(join(root, 'var'), { recursive: true });
    const whole = await verified(discs);
    const why = `there is no ${root}/var/lib/dpkg/info with checksums of dpkg`;
    const package_ = `files of its package were not compared with dpkg: ${why}`;
    expect(whole.good).toBe(true);
    expect(unjudged(whole.checks)).toEqual([
      ['pvdisc-sample-0.1.0.disc', package_],
      ['pvdisc-sample-symbols-0.1.0.disc', package_],
      ['releases/pvdisc-sample', `not compared with dpkg: ${why}`],
    ]);
    const copy = join(root, 'copy');
    await cp(discs, copy, { recursive: true, verbatimSymlinks: true });
    await rm(join(copy, 'drivers'));
    const copied = await verified(copy);
    expect(unjudged(copied.checks)).toContainEqual([
      'releases/pvdisc-sample',
      `not compared with dpkg: ${copy} does not end in usr/share/virtio-win, so its dpkg database is unknown`,
    ]);
    expect(unjudged(copied.checks)).toContainEqual([
      'drivers',
      'is missing, so tools find no folder of drivers below releases here',
    ]);
  });

  test('is told apart from what dpkg does not know', async () => {
    const { discs, root } = await host();
    await cp(join(discs, iso), join(discs, 'mine.iso'));
    await mkdir(join(discs, 'releases/mine'));
    await writeFile(join(discs, 'releases/mine/x.sys'), '');
    await rm(join(root, 'var/lib/dpkg/info/pvdisc-sample-symbols.md5sums'));
    const { good, checks } = await verified(discs);
    expect(good).toBe(true);
    const said = new Map(
      checks.filter(({ verdict }) => verdict === 'not-judged').map(({ place, message }) => [place, message]),
    );
    expect(said.get('mine.iso')).toBe('has no .disc record: no package of dpkg contains it');
    expect(said.get('releases/mine')).toBe('no package of dpkg contains it');
    expect(said.get('pvdisc-sample-symbols')).toBe('dpkg has no checksums of its files');
  });

  test('is bad where a disc is not what its record says, or the record is none', async () => {
    const { discs, root } = await host();
    await rm(join(root, 'var'), { recursive: true });
    const record = join(discs, 'pvdisc-sample-symbols-0.1.0.disc');
    await rm(join(discs, symbols));
    expect(badPlaces(await verified(discs))).toEqual([symbols]);
    await writeFile(join(discs, symbols), 'x');
    expect(badPlaces(await verified(discs))).toEqual([symbols]);
    for (const text of ['Disc: ../../../etc/passwd\n', 'no record']) {
      await writeFile(record, text);
      expect(badPlaces(await verified(discs))).toEqual([basename(record)]);
    }
    await rm(record);
    await execa('mkfifo', [record]);
    const { checks } = await verified(discs);
    expect(checks).toContainEqual({
      verdict: 'bad',
      place: basename(record),
      message: 'is not a regular file',
    });
  });
});

/** A folder with all packages of the sample as installed by dpkg: files, dpkg's database, and the links of update-alternatives. */
async function host(): Promise<{ readonly root: string; readonly discs: string }> {
  const root = await temporaryFolder('pvdisc-host-');
  const info = join(root, 'var/lib/dpkg/info');
  await mkdir(info, { recursive: true });
  await writeFile(join(info, 'base-files.list'), '/.\n/etc\n');
  for (const deb of (await builtSample()).debs) {
    const name = basename(deb).split('_')[0] ?? '';
    await execa('dpkg-deb', ['-x', deb, root]);
    await execa('dpkg-deb', ['-e', deb, join(root, 'DEBIAN')]);
    const sums = await readFile(join(root, 'DEBIAN/md5sums'), 'utf8');
    await writeFile(join(info, `${name}.md5sums`), sums);
    await writeFile(join(info, `${name}.list`), sums.replace(/^.{34}/gm, '/'));
    await rm(join(root, 'DEBIAN'), { recursive: true });
  }
  const discs = join(root, 'usr/share/virtio-win');
  const alternatives = join(root, 'etc/alternatives');
  await mkdir(alternatives, { recursive: true });
  const offer = async (link: string, name: string, path: string) => {
    await symlink(`/usr/share/virtio-win/${path}`, join(alternatives, name));
    await symlink(`/etc/alternatives/${name}`, join(discs, link));
  };
  await offer('virtio-win.iso', 'virtio-win.iso', iso);
  await offer('drivers', 'virtio-win-drivers', 'releases/pvdisc-sample/drivers');
  expect(await readlink(join(discs, 'virtio-win.iso'))).toBe('/etc/alternatives/virtio-win.iso');
  return { root, discs };
}
