import { mkdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { RunContext } from '../core/context.ts';
import { withDeadline } from '../core/deadline.ts';
import { PipelineError } from '../core/errors.ts';
import { defaultLimits, type Limits } from '../core/limits.ts';
import { refusal, type Subject } from '../core/refusal.ts';
import { isArArchive } from '../formats/deb/members.ts';
import type { BesideIso } from '../formats/iso9660/index.ts';
import { describe, type Format, formatOf } from '../formats/magic.ts';
import { isRpm } from '../formats/rpm/index.ts';
import { readHead } from '../system/files.ts';
import { guarded } from '../system/guard.ts';
import { nearbyHint, pathKind, pathWords } from '../system/path-kind.ts';
import { noSandboxNote } from '../system/sandbox.ts';
import { requireTools, type Tool, tools } from '../system/tools.ts';
import { startExtraction } from './archive/extraction.ts';
import { addIsoFiles } from './archive/iso.ts';
import { unpackPackage } from './archive/package-disc.ts';
import { archiveFormats, unpack } from './archive/unpack.ts';
import type { SourceRequest, SourceTree } from './define.ts';
import { directory } from './directory.ts';
import { withinInfLimit } from './inf-limit.ts';

/** Place of a problem with what a user names on the command line, which the message names. */
const ownPlace = 'pvdisc';

/** Opens what a user names: a folder or an ISO in place; an archive, and the disc or the drivers of a .deb or .rpm, unpacked below the context's work folder. */
export async function openInput(
  path: string,
  context: RunContext,
  limits: Limits = defaultLimits,
): Promise<SourceTree> {
  const input = resolve(path);
  const kind = await pathKind(input);
  if (kind !== 'file' && kind !== 'folder')
    throw new PipelineError('input', {
      place: path,
      message: kind === 'missing' ? 'no such file or folder' : pathWords[kind],
      hint: `${kind === 'missing' ? await nearbyHint(input) : ''}give a folder, an ISO, an archive, a .deb or a .rpm`,
    });
  const scratch = join(context.workDir, 'input');
  const request = { id: 'inspected', place: ownPlace, baseDir: '.', scratch, skip: () => false, limits };
  const tree = await guarded(path, context.signal, async () => {
    if (kind === 'folder')
      return noting(
        path,
        await directory.open({ type: 'directory', path: input }, request, context),
        context,
      );
    return openFile(input, { place: ownPlace, name: path }, request, context);
  });
  return withinInfLimit(tree, { place: ownPlace, name: path }, limits, context.signal);
}

/** An opened ISO: its files with their extents, and what else it holds. */
export interface OpenedDisc {
  readonly tree: SourceTree;
  readonly beside: BesideIso;
}

/** Opens an ISO in place. */
export async function openDisc(
  file: string,
  subject: Subject,
  limits: Limits,
  context: RunContext,
): Promise<OpenedDisc> {
  const { size } = await stat(file);
  const request = { id: 'disc', place: subject.place, baseDir: '.', scratch: '', skip: () => false, limits };
  const opened = await withDeadline(subject, limits, context, async (timed) => {
    const extraction = startExtraction({ subject, packedBytes: size }, request, timed);
    const beside = await addIsoFiles(file, extraction);
    return { tree: extraction.finish(), beside };
  });
  await withinInfLimit(opened.tree, subject, limits, context.signal);
  return opened;
}

async function noteSandbox(used: readonly Tool[], { reporter }: RunContext): Promise<void> {
  const note = await noSandboxNote(used);
  if (note !== undefined) reporter.note(note);
}

/** Notes the discs and packages in a folder without drivers, such as the output of a build, since it does not open them. */
function noting(folder: string, tree: SourceTree, { reporter }: Pick<RunContext, 'reporter'>): SourceTree {
  if (tree.files.some(({ path }) => /\.inf$/i.test(path))) return tree;
  const packed = tree.files
    .filter(({ path }) => /\.(iso|deb|rpm|oci\.tar)$/i.test(path))
    .map(({ path }) => path);
  const commands = packed.slice(0, 5).map((path) => `pvdisc inspect ${join(folder, path)}`);
  if (packed.length > 0)
    reporter.note(`${folder} holds no INF; to look into its discs and packages: ${commands.join('; ')}`);
  return tree;
}

const formats: readonly Format[] = ['iso', ...archiveFormats];

const formatTools: Readonly<Partial<Record<Format, Tool>>> = {
  'tar.xz': tools.xz,
  'tar.zst': tools.zstd,
};

async function openFile(
  file: string,
  subject: Subject,
  request: SourceRequest,
  context: RunContext,
): Promise<SourceTree> {
  const head = await readHead(file);
  const format = formatOf(head);
  if (format !== 'iso') await mkdir(request.scratch, { recursive: true });
  if (isArArchive(head) || isRpm(head)) {
    await noteSandbox([tools.xz, tools.zstd], context);
    const contents = await unpackPackage(file, subject, request, context);
    if ('drivers' in contents) return contents.drivers;
    const inside = join(request.scratch, 'disc');
    return openFile(
      contents.disc,
      { ...subject, name: `${subject.name}: its disc` },
      { ...request, scratch: inside },
      context,
    );
  }
  if (format === undefined)
    throw refusal(
      subject,
      `this is ${describe(head)}, not a folder, an ISO, an archive, a .deb or a .rpm`,
      'give the disc, the archive or the package itself',
    );
  const needed = [formatTools[format] ?? []].flat();
  await requireTools(needed);
  await noteSandbox(needed, context);
  const { size } = await stat(file);
  const accepted = { formats, expected: 'an ISO or an archive' };
  return unpack({ file, subject, size }, undefined, accepted, request, context);
}
