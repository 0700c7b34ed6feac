import { readFile } from 'node:fs/promises';
import { groupBy } from '../../core/group-by.ts';
import { byCodeUnit } from '../../core/order.ts';
import { globMatcher } from '../../core/paths.ts';
import { formatStanza } from '../../formats/deb/control.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { bootFolders, ownLicense, setupFolder, shippedLicenses } from '../../model/disc-layout.ts';
import type { DriverTree } from '../../model/driver-tree.ts';

/** Returns the copyright file (DEP-5) of a release that describes its packages: files by their paths on the disc. */
export async function writtenCopyright(
  manifest: Manifest,
  tree: Pick<DriverTree, 'files' | 'packages'>,
): Promise<string> {
  const { release } = manifest;
  const { maintainer = '', homepage = '', copyright, license = ownLicense } = release.package;
  const header: Field[] = [
    ['Format', 'https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/'],
    ['Upstream-Name', release.name],
    ['Upstream-Contact', maintainer],
    ['Source', homepage],
    [
      'Comment',
      ['', 'Files are named by their paths on the disc, whose folder LICENSES has the texts.'].join('\n'),
    ],
  ];
  const rest: Field[] = [
    ['Files', '*'],
    ['Copyright', ['', ...(copyright === undefined ? [] : [copyright]), ownCopyright].join('\n')],
    ['License', license === ownLicense ? license : `${license} and ${ownLicense}`],
  ];
  const paragraphs = licensedFiles(manifest, tree).map(({ files, license: id }): Field[] => [
    ['Files', ['', ...files].join('\n')],
    ['Copyright', 'the holders that the version resources of these files name'],
    ['License', id],
  ]);
  const used = [...new Set([license, ownLicense, ...shippedLicenses(manifest, tree)])].sort(byCodeUnit);
  const texts = used.map(
    async (id): Promise<Field[]> => [['License', `${id}\n${await licenseText(manifest, id)}`]],
  );
  return [header, rest, ...paragraphs, ...(await Promise.all(texts))]
    .map((fields) => formatStanza(fields.filter(([, value]) => value !== '')))
    .join('\n');
}

type Field = [name: string, value: string];

/** Holders of pvdisc: of the host command, the maintainer scripts and the documents in a package. */
const ownCopyright = '2026 pvdisc developers (host command, scripts, documents)';

interface LicensedFiles {
  readonly files: readonly string[];
  readonly license: string;
}

/** The last paragraph that matches a file applies, so that of a driver comes before that of single files. */
function licensedFiles(
  { drivers, fileLicenses, release }: Manifest,
  { files, packages }: Pick<DriverTree, 'files' | 'packages'>,
): LicensedFiles[] {
  const shipped = new Set(packages.map(({ driver }) => driver));
  const onDisc = drivers.filter(({ name }) => shipped.has(name));
  const ofDrivers = [...groupBy(onDisc, ({ license }) => license)].map(([license, group]) => ({
    license,
    files: [
      ...group.map(({ name }) => `${name}/*`).sort(byCodeUnit),
      ...(group.some(({ boot }) => boot) ? bootFolders.map((folder) => `${folder}/*`) : []),
      ...(release.setupDrivers === undefined
        ? []
        : group.filter(({ boot, setup }) => boot || setup).map(({ name }) => `${setupFolder}/*/${name}/*`)),
    ],
  }));
  const ofFiles = fileLicenses
    .filter(({ file }) => files.some(({ path }) => globMatcher(file)(path)))
    .map(({ file, license }) => ({ license, files: [file.includes('/') ? file : `*/${file}`] }));
  const ofCompanions = release.files.flatMap(({ to, license }) =>
    license === undefined ? [] : [{ license, files: [to, `${to}/*`] }],
  );
  return [...ofDrivers.sort((a, b) => byCodeUnit(a.license, b.license)), ...ofFiles, ...ofCompanions];
}

/** Licence texts that Debian's base-files has in /usr/share/common-licenses: a package names them instead (Debian Policy 12.5). */
const commonLicenses: Readonly<Record<string, string>> = {
  'Apache-2.0': 'Apache-2.0',
  'GPL-2.0-only': 'GPL-2',
  'GPL-2.0-or-later': 'GPL-2',
  'GPL-3.0-only': 'GPL-3',
  'GPL-3.0-or-later': 'GPL-3',
  'LGPL-2.1-only': 'LGPL-2.1',
  'LGPL-2.1-or-later': 'LGPL-2.1',
  'MPL-2.0': 'MPL-2.0',
};

async function licenseText({ licenseFiles }: Manifest, id: string): Promise<string> {
  const common = commonLicenses[id];
  if (common !== undefined)
    return `On Debian systems, the text is in /usr/share/common-licenses/${common}; LICENSES/${id}.txt on the\ndisc has it too.`;
  const file = licenseFiles.get(id);
  const text = file === undefined ? '' : await readFile(file, 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => line.trimEnd() || '.')
    .join('\n');
}
