import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { defaultLimits } from '../../pipeline/core/limits.ts';
import { type Progress, silentReporter } from '../../pipeline/core/reporter.ts';
import { verifyDeb } from '../../pipeline/verify/deb.ts';
import { builtSample } from '../builders/built-release.ts';
import {
  changeEntries,
  changeMembers,
  type DebEntry,
  type DebMember,
  entry,
} from '../builders/changed-deb.ts';
import { pvdisc } from '../builders/command.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder } from '../builders/release.ts';
import { verified } from './copied-release.ts';

const command = './usr/share/virtio-win/releases/pvdisc-sample/host/virtio-win';

describe.skipIf(lacksTool('zstd'))('a package alone', () => {
  test('is named in the progress', async () => {
    const items = new Set<string | undefined>();
    const context = {
      workDir: await temporaryFolder('pvdisc-verify-'),
      cacheDir: '/none',
      signal: new AbortController().signal,
      reporter: { ...silentReporter, progress: ({ item }: Progress) => items.add(item) },
      overrides: new Map(),
    };
    await verifyDeb((await builtSample()).deb, 'x.deb', defaultLimits, undefined, context);
    expect([...items]).toEqual(['x.deb']);
  });

  const member = (name: string, text = ''): DebMember => ({ name, bytes: Buffer.from(text) });

  test.each<[string, (members: readonly DebMember[]) => DebMember[], string | RegExp]>([
    ['a second data.tar', (all) => [...all, member('data.tar.gz')], /^its members are .*"data\.tar\.gz"; a/],
    ['a member of no use', (all) => [...all, member('foo', 'x')], /^its members are .*"foo"; a package of/],
    ['a member of another tool', (all) => [...all, member('_gpgorigin', 'x')], /, "_gpgorigin"; a package/],
    ['members in another order', (all) => all.toSpliced(1, 2, ...all.slice(1).reverse()), /^its members are/],
    [
      'another format',
      ([, ...rest]) => [member('debian-binary', '9.9\n'), ...rest],
      'its debian-binary says "9.9\\n", expected "2.0\\n"',
    ],
  ])('with %s is bad', async (_, change, message) => {
    const copy = join(await temporaryFolder('pvdisc-verify-'), 'x.deb');
    await changeMembers((await builtSample()).deb, copy, (all) => [...all]);
    expect((await verified(copy)).good).toBe(true);
    await changeMembers((await builtSample()).deb, copy, change);
    expect((await verified(copy)).checks).toEqual([
      expect.objectContaining({
        verdict: 'bad',
        place: 'x.deb',
        message: typeof message === 'string' ? message : expect.stringMatching(message),
      }),
    ]);
  });

  const withCommand = (header: object) => (all: readonly DebEntry[]) =>
    all.map((one) => (one.header.name === command ? { ...one, header: { ...one.header, ...header } } : one));
  const commandPlace = command.replace('./', 'x.deb/');

  test.each<[string, (entries: readonly DebEntry[]) => DebEntry[], string, string]>([
    [
      'runs as root',
      withCommand({ mode: 0o4755 }),
      commandPlace,
      'has mode 4755, expected 0444 or 0644 or 0755',
    ],
    [
      'all may write',
      withCommand({ mode: 0o777 }),
      commandPlace,
      'has mode 0777, expected 0444 or 0644 or 0755',
    ],
    [
      'is of a user',
      withCommand({ uid: 1000 }),
      commandPlace,
      'belongs to "1000:0 root:root", expected root',
    ],
    [
      'is of a group by name',
      withCommand({ gname: 'games' }),
      commandPlace,
      'belongs to "0:0 root:games", expected root',
    ],
    [
      'leads elsewhere',
      (all) => [...all, entry('./etc/cron.d', '', { type: 'symlink', linkname: '/tmp/evil', mode: 0o777 })],
      'x.deb',
      'etc/cron.d: symbolic link, which packages of pvdisc do not contain',
    ],
    [
      'is a device',
      (all) => [...all, entry('./usr/share/sda', '', { type: 'block-device', devmajor: 8, devminor: 0 })],
      'x.deb',
      'usr/share/sda: device, which packages of pvdisc do not contain',
    ],
    [
      'is a folder that all may write',
      (all) => [...all, entry('./usr/share/virtio-win/x/', '', { type: 'directory', mode: 0o1777 })],
      'x.deb/usr/share/virtio-win/x',
      'has mode 1777, expected 0755',
    ],
    [
      'lies where pvdisc has nothing',
      (all) => [...all, entry('./etc/', '', { type: 'directory', mode: 0o755 })],
      'x.deb/etc',
      'is outside usr/share/, the folder of all files in packages of pvdisc',
    ],
  ])('in which something %s is bad', async (_, change, place, message) => {
    const copy = join(await temporaryFolder('pvdisc-verify-'), 'x.deb');
    await changeEntries((await builtSample()).deb, copy, 'data', change);
    expect((await verified(copy)).checks).toEqual([
      expect.objectContaining({ verdict: 'bad', place, message }),
    ]);
  });

  test.each<[string, (entries: readonly DebEntry[]) => DebEntry[], string, string]>([
    [
      'conffiles',
      (all) => [...all, entry('./conffiles', '/etc/passwd\n')],
      'x.deb/conffiles',
      'is not a control file of packages of pvdisc',
    ],
    [
      'triggers',
      (all) => [...all, entry('./triggers', 'interest /usr\n')],
      'x.deb/triggers',
      'is not a control file of packages of pvdisc',
    ],
    [
      'a script that only root reads',
      (all) => [...all, entry('./preinst', '#!/bin/sh\n', { mode: 0o700 })],
      'x.deb/preinst',
      'has mode 0700, expected 0755',
    ],
    [
      'another version',
      (all) => all.map(withText('./control', (text) => text.replace('Version: ', 'Version: 9:'))),
      'x.deb/control',
      'has Version 9:0.1.0-1, but usr/share/virtio-win/pvdisc-sample-0.1.0.disc has 0.1.0-1',
    ],
    [
      'another name',
      (all) => all.map(withText('./control', (text) => text.replace('Package: pvdisc-sample', 'Package: x'))),
      'x.deb/control',
      'has Package x, but usr/share/virtio-win/pvdisc-sample-0.1.0.disc has pvdisc-sample',
    ],
    [
      'no control file',
      (all) => all.filter(({ header }) => header.name !== './control'),
      'x.deb',
      'has no control file',
    ],
  ])('with %s is bad', async (_, change, place, message) => {
    const copy = join(await temporaryFolder('pvdisc-verify-'), 'x.deb');
    await changeEntries((await builtSample()).deb, copy, 'control', change);
    expect((await verified(copy)).checks).toContainEqual(
      expect.objectContaining({ verdict: 'bad', place, message }),
    );
  });

  test('says by name which scripts and fields it did not judge', async () => {
    const copy = join(await temporaryFolder('pvdisc-verify-'), 'x.deb');
    const hint = 'verify the folder of the release with --key';
    await changeEntries((await builtSample()).deb, copy, 'control', (all) => [
      ...all.map(withText('./postinst', (text) => `${text}\ntouch /changed\n`)),
      entry('./preinst', '#!/bin/sh\n', { mode: 0o755 }),
    ]);
    const { good, checks } = await verified(copy);
    expect(good).toBe(true);
    expect(checks.filter(({ verdict }) => verdict === 'not-judged')).toEqual([
      {
        verdict: 'not-judged',
        place: 'x.deb',
        message:
          'the fields of its control file and its scripts (postinst, postrm, preinst, prerm): only a signed SHA256SUMS proves them',
        hint,
      },
      {
        verdict: 'not-judged',
        place: 'x.deb',
        message:
          'files changed together with md5sums and .disc records: only a signed SHA256SUMS proves them',
        hint,
      },
    ]);
    expect((await pvdisc(['verify', copy])).stdout).toContain(
      '  not checked  x.deb: the fields of its control file and its scripts (postinst, postrm, preinst, prerm)',
    );
  });

  test('whose command was changed together with md5sums leaves that to who signed it', async () => {
    const copy = join(await temporaryFolder('pvdisc-verify-'), 'x.deb');
    const { deb } = await builtSample();
    const text = '#!/bin/sh\n';
    const md5 = createHash('md5').update(text).digest('hex');
    await changeEntries(deb, copy, 'data', (all) => all.map(withText(command, () => text)));
    expect((await verified(copy)).good).toBe(false);
    await changeEntries(copy, copy, 'control', (all) =>
      all.map(
        withText('./md5sums', (sums) => sums.replace(/^.{32}( {2}.*\/host\/virtio-win)$/m, `${md5}$1`)),
      ),
    );
    const { good, checks } = await verified(copy);
    expect(good).toBe(true);
    expect(checks.some(({ message }) => message.startsWith('files changed together'))).toBe(true);
  });
});

function withText(name: string, change: (text: string) => string) {
  return (one: DebEntry): DebEntry =>
    one.header.name === name ? { ...one, bytes: Buffer.from(change(one.bytes.toString())) } : one;
}
