import { chmod, copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { sha256Of } from '../../pipeline/formats/sums.ts';
import { builtSample } from '../builders/built-release.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder } from '../builders/release.ts';
import { readDocument } from '../docs/markdown.ts';

/** makepkg refuses to run as root, and pacman as anybody else. */
const asUser =
  process.getuid?.() === 0 ? ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups'] : [];

const commands = `
makepkg --nodeps
pacman="fakeroot pacman --root $PWD/root --dbpath $PWD/root/db --cachedir $PWD/root/cache --logfile $PWD/log --noconfirm"
mkdir -p root/db
$pacman -U *.pkg.tar.zst
$pacman -Qkk pvdisc-sample
VIRTIO_WIN_DIR=$PWD/root/usr/share/virtio-win root/usr/bin/virtio-win path
test -s root/usr/share/man/man1/virtio-win.1.gz
test -s root/usr/share/bash-completion/completions/virtio-win
$pacman -R pvdisc-sample
test ! -e root/usr`;

test.skipIf(lacksTool('makepkg', 'pacman', 'bsdtar', 'zstd'))(
  'the PKGBUILD of docs/deploy.md makes a package that pacman installs, checks and removes',
  async () => {
    const { folder } = await builtSample();
    const work = await temporaryFolder('pvdisc-arch-');
    await chmod(work, 0o777);
    const deb = 'pvdisc-sample_0.1.0-1_all.deb';
    await copyFile(join(folder, deb), join(work, deb));
    const written =
      readDocument('docs/deploy.md').blocks.find(({ text }) => text.startsWith('pkgname='))?.text ?? '';
    const recipe = written
      .replace('=virtio-win-legacy', '=pvdisc-sample')
      .replace('=0.1.285', '=0.1.0')
      .replace('SHA256', sha256Of(await readFile(join(work, deb))));
    await writeFile(join(work, 'PKGBUILD'), recipe);
    const env = { HOME: work, PKGEXT: '.pkg.tar.zst', SOURCE_DATE_EPOCH: '1800000000' };
    const [first = 'sh', ...more] = [...asUser, 'sh', '-ec', commands];
    const { exitCode, all } = await execa(first, more, { cwd: work, env, all: true, reject: false });
    expect(exitCode, all).toBe(0);
    expect(all).toMatch(/pvdisc-sample: \d{2,} total files, 0 altered files/);
    expect(all).toContain('/usr/share/virtio-win/pvdisc-sample-0.1.0.iso\n');
    expect(await readdir(work)).toContain('pvdisc-sample-0.1.0-1-any.pkg.tar.zst');
  },
);
