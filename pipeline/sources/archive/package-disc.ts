import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunContext } from '../../core/context.ts';
import { withDeadline } from '../../core/deadline.ts';
import { quoted, refusal, type Subject } from '../../core/refusal.ts';
import { withRandomAccess } from '../../formats/random-access.ts';
import { isRpm, readRpm } from '../../formats/rpm/index.ts';
import { readHead } from '../../system/files.ts';
import type { SourceFile, SourceRequest, SourceTree } from '../define.ts';
import { startExtraction } from './extraction.ts';
import { type Carving, carvePayload, carveTar, type PackedTar, withPackedTar } from './package-tar.ts';
import { hardLink, unpackTar } from './tar.ts';

/** The content of a Debian or RPM package: the path of its unpacked disc, or without one, its unpacked drivers. */
export type PackageContents = { readonly disc: string } | { readonly drivers: SourceTree };

/** Unpacks the disc of a package, `usr/share/virtio-win/*.iso`, else its drivers, into the request's scratch folder. */
export async function unpackPackage(
  file: string,
  subject: Subject,
  request: SourceRequest,
  context: RunContext,
): Promise<PackageContents> {
  const { signal } = context;
  const tar = await carveFiles(file, { subject, folder: request.scratch, signal });
  const read = (isWanted: (path: string) => boolean, scratch: string) =>
    unpackWanted({ tar, subject, isWanted }, { ...request, scratch }, context);
  const discs = await read(isDisc, join(request.scratch, 'data'));
  const [disc, ...others] = discs.flatMap((entry) => entry.file ?? []);
  if (disc !== undefined && others.length === 0) return { disc };
  if (disc !== undefined)
    throw refusal(
      subject,
      `holds ${discs.length} discs at usr/share/virtio-win/*.iso`,
      'inspect the ISO itself',
    );
  const drivers = driverTree(await read(isDriver, join(request.scratch, 'drivers')));
  if (drivers.files.length > 0) return { drivers };
  throw refusal(
    subject,
    'holds no disc at usr/share/virtio-win/*.iso, and no drivers below usr/share/virtio-win',
    'inspect the ISO itself',
  );
}

/** Copies the archive of a package's files. */
async function carveFiles(file: string, carving: Carving): Promise<PackedTar> {
  if (!isRpm(await readHead(file))) return carveTar(file, 'data', carving);
  return carvePayload(file, await withRandomAccess(file, (rpm) => readRpm(rpm, carving.subject)), carving);
}

const isDisc = (path: string) => /^usr\/share\/virtio-win\/[^/]+\.iso$/i.test(path);

/** Fedora installs them in `drivers`, pvdisc in `releases/<package>/drivers`. */
const isDriver = (path: string) => /^usr\/share\/virtio-win\/(?:releases\/[^/]+\/)?drivers\//.test(path);

/** Prefers the tree by driver to the tree by Windows, which has the same files; paths are relative to it. */
function driverTree(files: readonly SourceFile[]): SourceTree {
  const byDriver = files.filter(({ path }) => path.includes('/drivers/by-driver/'));
  const taken = byDriver.length > 0 ? byDriver : files;
  const root = byDriver.length > 0 ? /^.*?\/drivers\/by-driver\// : /^.*?\/drivers\//;
  const roots = new Set(taken.map(({ path }) => root.exec(path)?.[0]));
  if (roots.size > 1) return { files: taken };
  return { files: taken.map((file) => ({ ...file, path: file.path.replace(root, '') })) };
}

interface Wanted {
  readonly tar: PackedTar;
  readonly subject: Subject;
  readonly isWanted: (path: string) => boolean;
}

/** Returns the selected files. A hard link to one of them is the same file under another name; follows and writes no other link. */
async function unpackWanted(
  { tar, subject, isWanted }: Wanted,
  request: SourceRequest,
  context: RunContext,
): Promise<SourceFile[]> {
  await mkdir(request.scratch);
  const skip = (path: string) => !isWanted(path);
  const extraction = startExtraction({ subject, packedBytes: tar.size }, { ...request, skip }, context);
  const links = new Map<string, string>();
  const addSpecial = (path: string, what: string, target?: string) => {
    if (what !== hardLink || target === undefined || !isWanted(path)) return;
    extraction.addFile(path);
    links.set(path, target);
  };
  await withDeadline(subject, extraction.limits, context, ({ signal }) =>
    withPackedTar(tar, { subject, signal }, (stream) =>
      unpackTar(stream, { ...extraction, asDpkg: tar.archive === 'tar', addSpecial, signal }),
    ),
  );
  const { files } = extraction.finish();
  const stored = new Map(files.filter(({ path }) => !links.has(path)).map(({ path, file }) => [path, file]));
  return files.flatMap(({ path, file }): SourceFile[] => {
    const linked = links.get(path);
    const content = linked === undefined ? file : stored.get(linked);
    if (linked !== undefined && content === undefined)
      throw refusal(
        subject,
        `its entry ${quoted(path)} is a hard link to a file that is not one of its drivers`,
        'get the package again',
      );
    return content === undefined ? [] : [{ path, file: content }];
  });
}
