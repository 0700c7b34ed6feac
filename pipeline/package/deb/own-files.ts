import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PipelineError } from '../../core/errors.ts';
import { exists, listFiles } from '../../system/files.ts';
import { ownVersion, toolRoot } from '../../system/own.ts';

/** A file of pvdisc itself: its path in its folder and its bytes. */
export interface OwnFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** What pvdisc itself puts into packages, whatever metadata a release brings. */
export interface OwnFiles {
  readonly version: string;
  /** The host command with its parts (`debian/host/`). */
  readonly host: readonly OwnFile[];
  /** Documents for administrators (`docs/*.md`), if there are any. */
  readonly docs: readonly OwnFile[];
  /** Templates of maintainer scripts (`debian/scripts/`), and what they may include of the host command (`debian/host/lib/`), by name. */
  readonly scripts: ReadonlyMap<string, string>;
}

/** Reads the files of pvdisc that go into packages; throws when the installation lacks the host command or the templates. */
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

/** Hidden files are for those who work on pvdisc, such as settings of a linter. */
async function readFolder(folder: string): Promise<OwnFile[]> {
  if (!(await exists(folder))) {
    throw new PipelineError('input', {
      place: folder,
      message: 'no such folder; pvdisc puts its files into packages',
      hint: 'this installation of pvdisc is not whole: install or clone it again',
    });
  }
  const files = (await listFiles(folder)).filter(({ path }) => !/(^|\/)\./.test(path));
  return Promise.all(files.map(async ({ path }) => ({ path, bytes: await readFile(join(folder, path)) })));
}
