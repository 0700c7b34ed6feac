import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { builtSample } from '../builders/built-release.ts';
import { pvdisc } from '../builders/command.ts';
import { discBytes } from '../builders/ledger.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder } from '../builders/release.ts';
import { file as isoFile } from '../hostile/disc-nodes.ts';
import { isoImage } from '../hostile/iso-image.ts';
import { badPlaces, verified } from './copied-release.ts';

test('an ISO alone is judged by what is on it, and that its bytes are not is said', async () => {
  const { iso } = await builtSample();
  const { good, kind, checks } = await verified(iso);
  expect({ good, kind }).toEqual({ good: true, kind: 'iso' });
  expect(checks.map(({ verdict, place }) => [verdict, place])).toEqual([
    ['not-judged', 'pvdisc-sample-0.1.0.iso'],
    ['good', 'pvdisc-sample-0.1.0.iso'],
    ['good', 'pvdisc-sample-0.1.0.iso/data/info.json'],
  ]);
  expect(checks[2]?.message).toMatch(/^matches \d+ drivers: INFs, versions, signatures$/);
});

test('an ISO whose drivers are not those of its data/info.json is bad', async () => {
  const { iso } = await builtSample();
  const bytes = await readFile(iso);
  const folder = await temporaryFolder('pvdisc-verify-');
  const change = async (from: string, to: string) => {
    const changed = Buffer.from(bytes);
    for (let at = changed.indexOf(from); at !== -1; at = changed.indexOf(from, at + 1)) changed.write(to, at);
    await writeFile(join(folder, 'x.iso'), changed);
    return verified(join(folder, 'x.iso'));
  };
  const version = await change(
    '"driver_version": "06/21/2006,0.1.0.100"',
    '"driver_version": "06/21/2006,0.1.0.101"',
  );
  expect(version.checks.find(({ verdict }) => verdict === 'bad')?.message).toBe(
    'has DriverVer 06/21/2006,0.1.0.100, but data/info.json has 06/21/2006,0.1.0.101',
  );
  const signature = await change('"signature": "unsigned"', '"signature": "whql"    ');
  expect(signature.checks.find(({ verdict }) => verdict === 'bad')?.message).toBe(
    'is unsigned, but data/info.json has whql',
  );
  const gone = await change(
    '"inf_path": "sampleblk/w11/amd64/sampleblk.inf"',
    '"inf_path": "sampleblk/w11/amd64/sampleblx.inf"',
  );
  expect(badPlaces(gone)).toEqual(['x.iso/sampleblk/w11/amd64/sampleblx.inf']);
  const shape = await change('"drivers": [', '"dryvers": [');
  expect(badPlaces(shape)).toEqual(['x.iso/data/info.json']);
});

test('what only passes for a disc is bad: a web page, an altered release, files that lie nowhere', async () => {
  const folder = await temporaryFolder('pvdisc-verify-');
  const file = join(folder, 'virtio-win-0.1.285.iso');
  await writeFile(file, '<!doctype html><html><title>Making sure you are not a bot</title></html>');
  const page = await verified(file);
  expect(page.checks[0]).toMatchObject({
    verdict: 'bad',
    message: expect.stringContaining('Making sure you are not a bot'),
  });
  await writeFile(file, discBytes('virtio-win-0.1.285'));
  expect((await verified(file)).checks[0]).toMatchObject({
    verdict: 'bad',
    message: expect.stringMatching(/^altered: /),
  });
  await writeFile(file, 'neither');
  expect((await verified(file)).checks.at(-1)).toMatchObject({ verdict: 'bad', message: 'is not an ISO' });
  const other = join(folder, 'other.iso');
  await writeFile(other, isoImage([isoFile('A.SYS;1', { at: 0x7fffff })]));
  expect(badPlaces(await verified(other))).toEqual(['other.iso']);
});

test.skipIf(lacksTool('dpkg-deb'))(
  'a package alone is judged by its md5sums and its disc record',
  async () => {
    const { debs } = await builtSample();
    const folder = await temporaryFolder('pvdisc-verify-');
    for (const deb of debs) {
      const { good, kind, checks } = await verified(deb);
      expect([deb, good, kind, checks.map(({ verdict }) => verdict)]).toEqual([
        deb,
        true,
        'deb',
        ['good', 'not-judged', 'not-judged'],
      ]);
    }
    const [deb = ''] = debs;
    const rebuilt = async (change: (root: string) => Promise<void>) => {
      const root = join(folder, 'root');
      await rm(root, { recursive: true, force: true });
      await execa('dpkg-deb', ['-R', deb, root]);
      await change(root);
      await execa('dpkg-deb', ['-Zzstd', '--root-owner-group', '-b', root, join(folder, 'x.deb')]);
      return verified(join(folder, 'x.deb'));
    };
    const discs = 'usr/share/virtio-win';
    const iso = `${discs}/pvdisc-sample-0.1.0.iso`;
    expect((await rebuilt(async () => {})).good).toBe(true);
    const changed = await rebuilt(async (root) => {
      await rm(join(root, iso));
      await writeFile(join(root, iso), 'another disc');
    });
    expect(badPlaces(changed)).toEqual([`x.deb/${iso}`, 'pvdisc-sample-0.1.0.iso']);
    expect(badPlaces(await rebuilt((root) => rm(join(root, iso))))).toEqual([
      `x.deb/${iso}`,
      'pvdisc-sample-0.1.0.iso',
    ]);
    expect(badPlaces(await rebuilt((root) => writeFile(join(root, discs, 'added.iso'), '')))).toEqual([
      `x.deb/${discs}/added.iso`,
      'x.deb/added.iso',
    ]);
    expect(badPlaces(await rebuilt((root) => rm(join(root, 'DEBIAN/md5sums'))))).toEqual(['x.deb']);
    const bytes = await readFile(deb);
    await writeFile(join(folder, 'cut.deb'), bytes.subarray(0, bytes.length - 1000));
    expect(badPlaces(await verified(join(folder, 'cut.deb')))).toEqual(['cut.deb']);
  },
);

test.each([
  ['README.md', '# pvdisc\n', 'of no known format'],
  ['page.html', '<!doctype html><title>404</title>', 'a web page ("404")'],
  ['x.zip', 'PK\x03\x04', 'a zip archive'],
  ['empty.deb', '', 'an empty file'],
])('%s is said to be no disc, package or release', async (name, text, what) => {
  const file = join(await temporaryFolder('pvdisc-verify-'), name);
  await writeFile(file, text, 'latin1');
  const { exitCode, stdout, stderr } = await pvdisc(['verify', file]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toContain(`${file}: is ${what}, and no disc, package or release\n  hint: give the folder`);
});
