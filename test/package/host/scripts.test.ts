import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { readOwnFiles } from '../../../pipeline/package/host/own-files.ts';
import { fillScripts, scriptNames } from '../../../pipeline/package/host/scripts.ts';
import { buildDebs } from '../../builders/deb.ts';
import { lacksTool } from '../../builders/needs.ts';
import { temporaryFolder } from '../../builders/release.ts';

const { scripts: own } = await readOwnFiles();
const further = ['symbols', 'drivers'] as const;

test('a template is filled with values and other files, whose own marks are filled too', () => {
  const templates = new Map([
    ['disc.postinst', '#!/bin/sh\n@INCLUDE part.sh@\necho @NAME@ a@b.c\n'],
    ['part.sh', 'x=@NAME@\n@INCLUDE other.sh@\n'],
    ['other.sh', '# $& and $1 stay\n'],
    ['drivers.prerm', 'exit 0\n'],
  ]);
  expect(fillScripts(templates, { kind: 'disc', names: scriptNames }, { NAME: 'n' })).toEqual(
    new Map([['postinst', '#!/bin/sh\nx=n\n# $& and $1 stay\necho n a@b.c\n']]),
  );
  expect(fillScripts(templates, { kind: 'symbols', names: scriptNames }, {})).toEqual(new Map());
});

test.each(['@INCLUDE gone.sh@\n', 'echo @GONE@\n'])('what the template %j wants must be there', (text) => {
  expect(() =>
    fillScripts(new Map([['disc.prerm', text]]), { kind: 'disc', names: scriptNames }, {}),
  ).toThrow(/^a template of a maintainer script needs (gone\.sh|GONE)$/);
});

test('every template belongs to a kind of package or is included by another', async () => {
  const texts = [...own.values()].join('\n');
  for (const name of await readdir('debian/scripts')) {
    const isScript = /^(disc|symbols|drivers)\.(preinst|postinst|prerm|postrm|preun|postun|posttrans)$/.test(
      name,
    );
    expect(isScript || texts.includes(`@INCLUDE ${name}@`), name).toBe(true);
  }
});

describe.skipIf(lacksTool('dpkg-deb', 'zstd', 'shellcheck', 'dash', 'busybox'))(
  'the scripts in packages',
  () => {
    test('are ones that shellcheck, dash and busybox find nothing in, and hold no mark of a template', async () => {
      const folder = await temporaryFolder('pvdisc-scripts-');
      const checked: string[] = [];
      for (const { name, content } of await buildDebs(folder, { also: [...further] })) {
        const control = join(folder, name.split('_')[0] ?? '');
        await execa('dpkg-deb', ['--control', content.file, control]);
        const scripts = (await readdir(control)).filter((file) => /^(pre|post)(inst|rm)$/.test(file));
        for (const script of scripts.sort()) {
          const file = join(control, script);
          expect(await readFile(file, 'utf8')).not.toMatch(/@[A-Z_ ]+/);
          await execa('shellcheck', ['--shell=sh', '--norc', file]);
          await execa('dash', ['-n', file]);
          await execa('busybox', ['sh', '-n', file]);
          checked.push(`${name.split('_')[0]} ${script}`);
        }
      }
      expect(checked).toEqual([
        'pvdisc-sample postinst',
        'pvdisc-sample postrm',
        'pvdisc-sample prerm',
        'pvdisc-sample-symbols postinst',
        'pvdisc-sample-symbols postrm',
        'pvdisc-sample-symbols prerm',
        'pvdisc-sample-drivers postinst',
        'pvdisc-sample-drivers postrm',
        'pvdisc-sample-drivers prerm',
      ]);
    });

    test.each(['postinst', 'postrm', 'prerm'])(
      '%s refuses what dpkg does not call it with',
      async (script) => {
        const folder = await temporaryFolder('pvdisc-scripts-');
        const [disc] = await buildDebs(folder);
        await execa('dpkg-deb', ['--control', disc?.content.file ?? '', join(folder, 'control')]);
        const run = execa(join(folder, 'control', script), ['something'], { reject: false });
        expect(await run).toMatchObject({
          exitCode: 1,
          stderr: `pvdisc-sample: ${script} called with unknown argument "something"`,
        });
      },
    );
  },
);
