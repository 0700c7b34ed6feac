import { discName, packageName } from '../../manifest/names.ts';
import { discsFolder, familyLinks, releaseFolder } from '../../model/host-paths.ts';
import type { IsoImage } from '../../model/release.ts';
import { gzip, type TarFile, textFile, withFolders } from '../contents.ts';
import type { HostPlan, PlanInput } from './define.ts';
import { discRecord } from './disc-record.ts';
import type { OwnFile } from './own-files.ts';
import { commandPriority, discPriority } from './priorities.ts';
import { fillScripts } from './scripts.ts';

/** Plans the package with the disc, its record, the host command and documents. */
export function discPlan(input: PlanInput): HostPlan {
  const { manifest, tree, discs, metadata, own, format } = input;
  const { iso } = discs;
  const name = packageName(manifest);
  const host = `${releaseFolder(name)}/host`;
  const record = discRecord({
    kind: 'drivers',
    iso,
    packageName: name,
    drivers: tree.drivers,
    manifest,
    metadata,
  });
  return {
    name,
    kind: 'disc',
    family: manifest.release.family,
    contents: withFolders([
      discFile(iso),
      textFile(`${discsFolder}/${discName(manifest)}.disc`, record),
      ...own.host.map((file) => hostFile(host, file)),
      ...own.docs.map(({ path, bytes }) => textFile(`usr/share/doc/${name}/docs/${path}`, bytes)),
      ...format.documents(name, metadata, iso.readme),
    ]),
    scripts: fillScripts(
      own.scripts,
      { kind: 'disc', names: format.scripts },
      {
        ...format.commands(name),
        PACKAGE: name,
        NAME: manifest.release.name,
        DISC: `/${discsFolder}/${iso.name}`,
        HOST: `/${host}`,
        LINK: familyLinks[manifest.release.family].disc,
        PRIORITY: String(discPriority(tree.drivers, manifest)),
        COMMAND_PRIORITY: String(commandPriority(own.version)),
      },
    ),
  };
}

/** Makes the disc read-only, so that a guest cannot change it if it is attached as a writable disk by mistake. */
export function discFile({ name, content }: IsoImage): TarFile {
  const { file, sha256, size } = content;
  return { kind: 'file', path: `${discsFolder}/${name}`, mode: 0o444, size, content: { file, sha256 } };
}

/** Only the command is executable, since it sources its parts; manual pages are compressed (Debian Policy 12.1). */
function hostFile(folder: string, { path, bytes }: OwnFile): TarFile {
  if (/\.[1-8]$/.test(path)) return textFile(`${folder}/${path}.gz`, gzip(bytes));
  return textFile(`${folder}/${path}`, bytes, path === hostCommand ? 0o755 : 0o644);
}

const hostCommand = 'virtio-win';
