import { access, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { withRandomAccess } from '../../pipeline/formats/random-access.ts';
import { readRpm } from '../../pipeline/formats/rpm/index.ts';
import type { PackageArtifact } from '../../pipeline/model/release.ts';
import { rpm } from '../../pipeline/package/rpm.ts';
import { debChangelog, debMetadata, makeDebSetting } from '../builders/deb.ts';
import { lacksTool } from '../builders/needs.ts';
import { problemsOf } from '../builders/problems.ts';
import { temporaryFolder } from '../builders/release.ts';
import { buildRpms } from '../builders/rpm.ts';

const further = ['symbols', 'drivers'] as const;
const folder = () => temporaryFolder('pvdisc-rpm-');
const subject = { place: 'test', name: 'package' };
const facts = (file: string) => withRandomAccess(file, (opened) => readRpm(opened, subject));

/** Returns metadata with other fields in the stanza of the sample's package. */
function metadataWith(fields: string) {
  const { control, ...rest } = debMetadata('0.1.0-2');
  return { ...rest, control: control.replace(/^Depends: .*$/m, fields) };
}

describe.skipIf(lacksTool('rpm', 'rpmbuild'))('the rpm packager', () => {
  let made: PackageArtifact[];
  const file = (index: number) => made[index]?.content.file ?? '';

  beforeAll(async () => {
    const work = await mkdtemp(join(inject('runFolder'), 'rpm-'));
    made = await buildRpms(work, { also: [...further] });
  });

  const query = async (path: string, ...options: string[]) =>
    (await execa('rpm', ['-qp', ...options, path])).stdout.split('\n');

  test('makes the packages of the discs and of the drivers, as rpm reads them', async () => {
    expect(made.map(({ format, name }) => `${format} ${name}`)).toEqual([
      'rpm pvdisc-sample-0.1.0-1.noarch.rpm',
      'rpm pvdisc-sample-symbols-0.1.0-1.noarch.rpm',
      'rpm pvdisc-sample-drivers-0.1.0-1.noarch.rpm',
    ]);
    for (const { content } of made) {
      const { files, provides, conflicts, scripts, digests } = await facts(content.file);
      const format = '[%{FILENAMES} %{FILEMODES:octal} %{FILEUSERNAME}:%{FILEGROUPNAME} %{FILEDIGESTS}\n]';
      const listed = files.map(
        ({ path, mode, owner, sha256 }) => `/${path} ${mode.toString(8).padStart(6, '0')} ${owner} ${sha256}`,
      );
      const shown = (await query(content.file, '--qf', format)).filter(Boolean);
      expect(listed).toEqual(shown.map((line) => line.replace(/ (\d{5}) /, ' 0$1 ')));
      expect(provides.toSorted()).toEqual((await query(content.file, '--provides')).toSorted());
      expect(conflicts).toEqual((await query(content.file, '--conflicts')).filter(Boolean));
      expect([...scripts.keys()].sort()).toEqual(
        content.file.includes('-drivers-') ? ['posttrans', 'preun'] : ['posttrans', 'postun', 'preun'],
      );
      expect(digests.header.found).toBe(digests.header.stated);
      expect(digests.payload.found).toBe(digests.payload.stated);
    }
  });

  test('has the paths of Fedora, the links of alternatives as ghosts', async () => {
    const { files } = await facts(file(0));
    const ghosts = files.filter(({ isGhost }) => isGhost).map(({ path, target }) => `${path} -> ${target}`);
    expect(ghosts.sort()).toEqual([
      'usr/bin/virtio-win -> /etc/alternatives/virtio-win',
      'usr/share/bash-completion/completions/virtio-win -> /etc/alternatives/virtio-win.bash',
      'usr/share/man/man1/virtio-win.1.gz -> /etc/alternatives/virtio-win.1.gz',
      'usr/share/virtio-win/virtio-win.iso -> /etc/alternatives/virtio-win.iso',
    ]);
    const disc = files.find(({ path }) => path === 'usr/share/virtio-win/pvdisc-sample-0.1.0.iso');
    expect(disc?.mode.toString(8)).toBe('100444');
    const drivers = (await facts(file(2))).files;
    expect(drivers.find(({ path }) => path === 'usr/share/virtio-win/drivers')).toMatchObject({
      isGhost: true,
      target: '/etc/alternatives/virtio-win-drivers',
    });
  });

  test('writes the same bytes in another folder, whatever the user and the distribution set', async () => {
    const home = await folder();
    await writeFile(join(home, '.rpmmacros'), '%vendor Somebody\n%_buildhost this-host\n%dist .mine\n');
    vi.stubEnv('HOME', home);
    vi.stubEnv('TZ', 'Asia/Tokyo');
    const umask = process.umask(0o077);
    try {
      const again = await buildRpms(await folder(), { also: [...further] });
      expect(again.map(({ content }) => content.sha256)).toEqual(made.map(({ content }) => content.sha256));
    } finally {
      process.umask(umask);
      vi.unstubAllEnvs();
    }
    const shown = await query(
      file(0),
      '--qf',
      '%{BUILDHOST} %{BUILDTIME} %{PLATFORM} %{VENDOR} %{DISTRIBUTION}',
    );
    expect(shown).toEqual([`localhost ${Date.UTC(2026, 10, 20, 12) / 1000} noarch-pc-linux (none) (none)`]);
  });

  test.skipIf(lacksTool('rpmlint'))(
    'is clean for rpmlint but for the exceptions of debian/rpmlint.toml',
    async () => {
      const files = made.map(({ content }) => content.file);
      const { stdout } = await execa('rpmlint', ['--config', 'debian/rpmlint.toml', ...files], {
        reject: false,
      });
      expect(stdout).toMatch(/3 packages and 0 specfiles checked; 0 errors, 0 warnings/);
    },
  );

  test.skipIf(lacksTool('shellcheck', 'dash', 'busybox'))(
    'has scripts in which shellcheck finds nothing',
    async () => {
      const work = await folder();
      for (const [index, { content }] of made.entries())
        for (const [section, text] of (await facts(content.file)).scripts) {
          expect(text).not.toMatch(/@[A-Z_ ]+@/);
          const script = join(work, `${index}.${section}`);
          await writeFile(script, `#!/bin/sh\n${text}\n`);
          await execa('shellcheck', ['--shell=sh', '--norc', script]);
          await execa('dash', ['-n', script]);
          await execa('busybox', ['sh', '-n', script]);
        }
    },
  );

  test('takes relations, text and changelog from the Debian metadata, without expanding macros', async () => {
    const relations =
      'Provides: virtio-win-iso, other (= 2)\nConflicts: old (<< 3)\nReplaces: older (<= 1.0-1)';
    const changelog = `pvdisc-sample (0.1.0-2) unstable; urgency=medium

  * 100% of %{name} and %(touch /tmp/pvdisc-macro).
    Continued.

 -- A Name <a@example.org>  Fri, 20 Nov 2026 12:00:00 +0000

pvdisc-sample (0.1.0-1) unstable; urgency=medium

  * First.

 -- A Name <a@example.org>  Thu,  5 Nov 2026 12:00:00 +0000
`;
    const metadata = { ...metadataWith(relations), 'pvdisc-sample.changelog': changelog };
    const [disc] = await buildRpms(await folder(), { metadata });
    const path = disc?.content.file ?? '';
    expect(disc?.name).toBe('pvdisc-sample-0.1.0-2.noarch.rpm');
    const { provides, conflicts, obsoletes } = await facts(path);
    expect(provides.toSorted()).toEqual(['other = 2', 'pvdisc-sample = 0.1.0-2', 'virtio-win-iso = 0.1.0-2']);
    expect(conflicts).toEqual(['(virtio-win without virtio-win-iso)', 'old < 3']);
    expect(obsoletes).toEqual(['older <= 1.0-1']);
    expect(
      (await query(path, '--changelog')).join('\n').trim(),
    ).toBe(`* Fri Nov 20 2026 A Name <a@example.org> - 0.1.0-2
- 100% of %{name} and %(touch /tmp/pvdisc-macro).
  Continued.

* Thu Nov 05 2026 A Name <a@example.org> - 0.1.0-1
- First.`);
  });

  test('takes each word of the format of spec files as text', async () => {
    const work = await folder();
    const words = [
      ...'package description prep generate_buildrequires conf build install check clean files changelog'.split(
        ' ',
      ),
      ...'pre post preun postun pretrans posttrans preuntrans postuntrans verifyscript sepolicy'.split(' '),
      ...'triggerprein triggerin triggerun triggerpostun filetriggerin filetriggerun filetriggerpostun'.split(
        ' ',
      ),
      ...'transfiletriggerin transfiletriggerun transfiletriggerpostun patchlist sourcelist'.split(' '),
      ...'if ifarch ifos else elif endif include define global undefine dnl defattr'.split(' '),
    ];
    const run = `touch ${join(work, 'ran')}`;
    const lines = [
      ...words.flatMap((word) => [`%${word}`, `  ${run}`, `  %${word} 0`, `%${word.toUpperCase()} -n x`]),
      ...[
        `%(${run})`,
        `\\%(${run})`,
        '\\%{open',
        '%{open',
        '%[1',
        `%{lua:os.execute("${run}")}`,
        '%%prep',
        '%',
      ],
      ...[
        '# a comment',
        'x -- A <a@b.example>  Mon, 23 Nov 2026 00:00:00 +0000',
        ' #!/bin/sh',
        '* an asterisk',
        '- a hyphen',
        'Name: other',
        'continued \\',
        '{ ( [',
      ],
    ];
    const description = `Description: Title of 100%if \\%{x}\n${lines.map((line) => ` ${line}`).join('\n')}`;
    const { control, ...rest } = debMetadata('0.1.0-1');
    const metadata = {
      ...rest,
      control: control.replace(/^Description: .*(?:\n .*)*/m, () => description),
      copyright: 'License: %prep\n',
      'pvdisc-sample.changelog': debChangelog('pvdisc-sample', '0.1.0-1').replace('  * Change.', () =>
        lines.map((line) => `  * ${line}\n    ${line}`).join('\n'),
      ),
    };
    const [disc] = await buildRpms(work, { metadata });
    const shown = async (...options: string[]) =>
      (await query(disc?.content.file ?? '', ...options)).join('\n').replaceAll('\u2060', '');
    expect(await shown('--qf', '%{SUMMARY}|%{LICENSE}|%{DESCRIPTION}')).toBe(
      `Title of 100%if \\%{x}|%prep|${lines.join('\n')}`,
    );
    expect((await shown('--changelog')).trim().split('\n').slice(1)).toEqual(
      lines.flatMap((line) => [`- ${line}`, `  ${line}`]),
    );
    await expect(access(join(work, 'ran'))).rejects.toThrow('ENOENT');
  });

  test('provides the plain name only where the release may have it', async () => {
    const { input, context } = await makeDebSetting(await folder());
    const policy = { ...input.manifest.release.policy, plainName: 'a test' };
    const manifest = { ...input.manifest, release: { ...input.manifest.release, policy } };
    const [disc] = await rpm.pack({ ...input, manifest }, context);
    expect((await facts(disc?.content.file ?? '')).provides).toContain('virtio-win = 0.1.0-1');
    expect((await facts(file(0))).provides).not.toContain('virtio-win = 0.1.0-1');
  });

  test('refuses a dependency on a package of Debian', async () => {
    const work = await folder();
    const { manifest } = await makeDebSetting(work, { metadata: metadataWith('Depends: adduser') });
    expect(await problemsOf(rpm.prepare(manifest), work)).toEqual([
      './debian/control:8: the package pvdisc-sample has Depends: adduser, which an rpm cannot have\n  hint: remove it, or remove rpm from "formats" of the release',
    ]);
  });

  test('notices a disc that changed after it was hashed, and leaves nothing', async () => {
    const work = await folder();
    const { input, context } = await makeDebSetting(work);
    const disc = input.discs.iso.content.file;
    await writeFile(disc, (await readFile(disc)).fill(1, 0, 1));
    const [problem] = await problemsOf(rpm.pack(input, context), work);
    expect(problem).toMatch(
      /pvdisc-sample-0\.1\.0\.iso: has sha256 \w{64}, expected \w{64}, for \/usr\/share/,
    );
    expect(await execa('ls', ['-A', input.folder])).toMatchObject({ stdout: '' });
  });
});
