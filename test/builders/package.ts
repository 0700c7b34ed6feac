import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { checksumsText } from '../../pipeline/formats/sums.ts';
import { hashFile } from '../../pipeline/system/files.ts';

/** A small package; `content` is the text of its only file, `/usr/share/<name>/content`. */
export interface TestPackage {
  readonly name: string;
  readonly version: string;
  readonly content: string;
  /** Replaces fields of its control file. */
  readonly control?: Readonly<Record<string, string>>;
}

/** Creates the files of a release that publishing needs: packages (with dpkg-deb) and SHA256SUMS. */
export async function makeReleaseFolder(folder: string, packages: readonly TestPackage[]): Promise<string> {
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (const { name, version, content, control: other } of packages) {
    const tree = join(folder, '..', `${basename(folder)}.${name}`);
    await mkdir(join(tree, 'DEBIAN'), { recursive: true });
    await mkdir(join(tree, 'usr/share', name), { recursive: true });
    await writeFile(join(tree, 'usr/share', name, 'content'), content);
    const fields = { Package: name, Version: version, Architecture: 'all', Section: 'misc', ...other };
    const control = Object.entries(fields).map(([field, value]) => `${field}: ${value}`);
    const rest = ['Priority: optional', 'Maintainer: A <a@example.org>', 'Description: a test', ''];
    await writeFile(join(tree, 'DEBIAN/control'), [...control, ...rest].join('\n'));
    const deb = join(folder, `${name}_${version}_all.deb`);
    await execa('dpkg-deb', ['--root-owner-group', '-Zgzip', '--build', tree, deb], {
      env: { SOURCE_DATE_EPOCH: '1700000000' },
    });
    files.push(deb);
  }
  const hashed = files.map(async (file) => ({
    name: basename(file),
    sha256: (await hashFile(file)).sha256,
  }));
  await writeFile(join(folder, 'SHA256SUMS'), checksumsText(await Promise.all(hashed)));
  return folder;
}
