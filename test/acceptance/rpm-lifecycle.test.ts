import { open, readdir } from 'node:fs/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BuiltRelease } from '../builders/built-release.ts';
import { type DebianRoot, lacksDebian, makeDebianRoot } from '../builders/debian-root.ts';
import { everyFile } from '../builders/every-file.ts';
import { lacksTool } from '../builders/needs.ts';
import { discsFolder as discs } from '../builders/package-host.ts';
import { temporaryFolder } from '../builders/release.ts';
import { buildSampleAs } from '../builders/renamed-sample.ts';
import { makeRpm } from '../builders/rpm.ts';

const isSkipped = lacksTool('rpm', 'rpmbuild', 'zstd') || (await lacksDebian());
const names = ['', '-symbols', '-drivers'].map((kind) => `pvdisc-sample${kind}`);

/** The paths of Fedora's package (virtio-win.spec). */
const fedora = `d=usr/share/virtio-win; mkdir -p $d/drivers/by-driver/viostor/w11/amd64 $d/drivers/by-os/amd64/w11 $d/guest-agent
echo disc >$d/virtio-win-0.1.285.iso; ln -s virtio-win-0.1.285.iso $d/virtio-win.iso; echo msi >$d/guest-agent/x.msi
echo sys >$d/drivers/by-driver/viostor/w11/amd64/viostor.sys; ln $d/drivers/by-driver/*/*/*/* $d/drivers/by-os/amd64/w11/`;

describe.skipIf(isSkipped)('RPM packages in a clean root', { timeout: 300_000 }, () => {
  let debian: DebianRoot;
  let first: BuiltRelease;
  let second: BuiltRelease;
  let clean: readonly string[];
  /** What rpm of Debian 12 demands before it installs; that of Debian 13 has no such option. */
  let force: readonly string[];

  const rpm = async (...args: readonly string[]) => {
    const options = ['--root', debian.folder, '--dbpath', '/var/lib/rpm', '--noplugins', ...force];
    return (await execa('rpm', [...options, ...args], { all: true, reject: false })).all;
  };
  const shown = async (link: string) => debian.run('readlink', '-f', link);

  beforeAll(async () => {
    const formats = ['deb', 'rpm'];
    first = await buildSampleAs({ version: '0.1.0', formats });
    second = await buildSampleAs({ version: '0.2.0', formats });
    debian = await makeDebianRoot();
    const { failed } = await execa('rpm', ['--force-debian', '--version'], { reject: false });
    force = failed ? [] : ['--force-debian'];
    await debian.run(
      'mkdir',
      '-p',
      '/usr/share/man/man1',
      '/usr/share/bash-completion/completions',
      '/usr/share/licenses',
    );
    const tags = 'Provides: /bin/sh, /usr/sbin/update-alternatives, coreutils, findutils, grep, sed';
    const base = await makeRpm(`${debian.folder}/tmp`, { name: 'base', tags });
    expect(await rpm('-i', base)).toBe('');
    await execa('rm', ['-r', `${debian.folder}/tmp/base-1.0-1.build`, base]);
    clean = await everyFile(debian.folder);
  }, 300_000);

  afterAll(async () => {
    await debian?.remove();
  });

  test('are installed, verified, upgraded with the choice of the administrator, and removed without a trace', async () => {
    expect(await rpm('-U', ...first.rpms)).not.toMatch(/error|warning/);
    expect(await shown(`${discs}/virtio-win.iso`)).toBe(`${discs}/pvdisc-sample-0.1.0.iso`);
    expect(await shown(`${discs}/drivers`)).toBe(`${discs}/releases/pvdisc-sample/drivers`);
    expect(await rpm('-V', ...names)).toBe('');
    expect(await rpm('-qf', `${discs}/virtio-win.iso`, '/usr/bin/virtio-win')).toBe(
      'pvdisc-sample-0.1.0-1.noarch\npvdisc-sample-0.1.0-1.noarch',
    );
    expect(await debian.run('virtio-win', 'verify')).toContain('pvdisc-sample-0.1.0.iso: good');
    await debian.run('update-alternatives', '--set', 'virtio-win.iso', `${discs}/pvdisc-sample-0.1.0.iso`);

    expect(await rpm('-U', ...second.rpms)).not.toMatch(/error/);
    expect(await shown(`${discs}/virtio-win.iso`)).toBe(`${discs}/pvdisc-sample-0.2.0.iso`);
    const choices = await debian.run('update-alternatives', '--query', 'virtio-win.iso');
    expect(choices).toContain('Status: manual');
    expect(choices).not.toContain('0.1.0');
    expect(await rpm('-V', ...names)).toBe('');

    expect(await rpm('-e', ...names)).not.toMatch(/error|warning/);
    expect(await everyFile(debian.folder)).toEqual(clean);
  });

  test('a disc that something has open outlives upgrade and removal', async () => {
    await rpm('-U', ...first.rpms.slice(0, 1));
    const disc = `${discs}/pvdisc-sample-0.1.0.iso`;
    const handle = await open(`${debian.folder}${disc}`);
    try {
      expect(await rpm('-U', ...second.rpms.slice(0, 1))).toContain(`${disc} is still in use, so it stays`);
      expect(await debian.run('cat', '/var/lib/virtio-win/kept')).toBe(disc);
      expect(await shown(`${discs}/virtio-win.iso`)).toBe(`${discs}/pvdisc-sample-0.2.0.iso`);
      await rpm('-e', 'pvdisc-sample');
      expect(await debian.run('ls', disc)).toBe(disc);
    } finally {
      await handle.close();
    }
    await rpm('-U', ...second.rpms.slice(0, 1));
    await rpm('-e', 'pvdisc-sample');
    expect(await everyFile(debian.folder)).toEqual(clean);
  });

  test('take the place of upstream’s package, whose paths stay', async () => {
    const work = await temporaryFolder('pvdisc-fedora-');
    const upstream = { name: 'virtio-win', install: fedora, files: `/${discs.slice(1)}` };
    expect(await rpm('-i', await makeRpm(work, { ...upstream, version: '0.1.285-1' }))).toBe('');
    expect(await rpm('-U', ...first.rpms)).toContain('(virtio-win without virtio-win-iso) conflicts with');
    expect(await rpm('-q', 'pvdisc-sample')).toContain('not installed');
    expect(await rpm('-U', ...first.rpms, '--nodeps', '--test')).toBe('');
    // What "dnf swap virtio-win pvdisc-sample" does, in one transaction: a package of ours that obsoletes upstream's.
    const swap = await makeRpm(work, { name: 'swap', tags: 'Obsoletes: virtio-win' });
    expect(await rpm('-U', swap, ...first.rpms)).not.toMatch(/error|not a link/);
    expect(await shown(`${discs}/virtio-win.iso`)).toBe(`${discs}/pvdisc-sample-0.1.0.iso`);
    expect(await shown(`${discs}/drivers/by-os/amd64/w11`)).toContain(
      'releases/pvdisc-sample/drivers/by-os/amd64/w11',
    );
    expect((await readdir(`${debian.folder}${discs}`)).sort()).toEqual([
      'drivers',
      ...['pvdisc-sample', 'pvdisc-sample-symbols'].flatMap((name) => [
        `${name}-0.1.0.disc`,
        `${name}-0.1.0.iso`,
      ]),
      'releases',
      'virtio-win.iso',
    ]);
    expect(await rpm('-V', ...names)).toBe('');
    await rpm('-e', 'swap', ...names);
    expect(await everyFile(debian.folder)).toEqual(clean);
  });
});
