import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PipelineError } from '../../core/errors.ts';
import { exists, listFiles } from '../../system/files.ts';
import { ownVersion, toolRoot } from '../../system/own.ts';

/** A file of pvdisc itself; `path` is relative to its folder. */
export interface OwnFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** Files of pvdisc itself in every package. */
export interface OwnFiles {
  readonly version: string;
  /** The host command and its parts (`debian/host/`). */
  readonly host: readonly OwnFile[];
  /** Documents for administrators (`docs/*.md`). */
  readonly docs: readonly OwnFile[];
  /** Templates of maintainer scripts (`debian/scripts/`) and parts of the host command that they include (`debian/host/lib/`), by name. */
  readonly scripts: ReadonlyMap<string, string>;
}

/** Throws if the installation lacks the host command or the templates. */
export async function readOwnFiles(root = toolRoot): Promise<OwnFiles> {
  const host = await readFolder(join(root, 'debian/host'));
  const parts = host.filter(({ path }) => path.startsWith('lib/'));
  const templates = await readFolder(join(root, 'debian/scripts'));
  const docs = join(root, 'docs');
  const hasDocs = await exists(docs);
  return {
    version: await ownVersion(),
    host,
    docs: hasDocs ? (await readFolder(docs)).filter(({ path }) => /^[^/]+\.md$/.test(path)) : [],
    scripts: new Map([...parts, ...templates].map(({ path, bytes }) => [basename(path), bytes.toString()])),
  };
}

/** Skips hidden files, such as linter settings. */
async function readFolder(folder: string): Promise<OwnFile[]> {
  if (!(await exists(folder))) {
    throw new PipelineError('input', {
      place: folder,
      message: 'no such folder; packages need its files',
      hint: 'this installation of pvdisc is incomplete: install or clone it again',
    });
  }
  const files = (await listFiles(folder)).filter(({ path }) => !/(^|\/)\./.test(path));
  return Promise.all(files.map(async ({ path }) => ({ path, bytes: await readFile(join(folder, path)) })));
}
