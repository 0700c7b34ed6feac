import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunContext } from '../../core/context.ts';
import { withDeadline } from '../../core/deadline.ts';
import { quoted, refusal, type Subject } from '../../core/refusal.ts';
import type { SourceFile, SourceRequest, SourceTree } from '../define.ts';
import { carveTar, type DebTar } from './deb-tar.ts';
import { withTarStream } from './decompress.ts';
import { startExtraction } from './extraction.ts';
import { hardLink, unpackTar } from './tar.ts';

/** The content of a Debian package: the path of its unpacked disc, or without one, its unpacked drivers. */
export type DebContents = { readonly disc: string } | { readonly drivers: SourceTree };

/** Unpacks the disc of a Debian package, `usr/share/virtio-win/*.iso`, else its drivers, into the request's scratch folder. */
export async function unpackDeb(
  file: string,
  subject: Subject,
  request: SourceRequest,
  context: RunContext,
): Promise<DebContents> {
  const { signal } = context;
  const tar = await carveTar(file, 'data', {
    subject,
    folder: request.scratch,
    signal,
  });
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
  readonly tar: DebTar;
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
    withTarStream({ ...tar, subject, signal }, (stream) =>
      unpackTar(stream, { ...extraction, asDpkg: true, addSpecial, signal }),
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
