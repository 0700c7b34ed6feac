import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { collect } from '../collect/collect.ts';
import type { ReleaseContext } from '../core/context.ts';
import { PipelineError } from '../core/errors.ts';
import { formatOf } from '../formats/magic.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { SourceTree } from '../sources/define.ts';
import { openInput } from '../sources/open-input.ts';
import { exists, readHead } from '../system/files.ts';
import { nearbyHint, pathKind } from '../system/path-kind.ts';
import { isFatal, judge } from '../validate/judge.ts';
import {
  type Answers,
  type BuildSource,
  type Draft,
  firstDraft,
  manifestOf,
  withIgnored,
  withKeys,
  withNamedFolders,
} from './draft.ts';
import { type Recognised, recognise } from './recognise.ts';
import { type Refused, withoutRefused } from './refused-targets.ts';
import { type CiSystem, publicFolder, releaseFiles } from './texts.ts';

/** A driver build that was looked at, for a release in `folder`. */
export interface LookedAt {
  readonly folder: string;
  /** Path of the build. */
  readonly build: string;
  readonly source: BuildSource;
  readonly tree: SourceTree;
  readonly found: Recognised;
}

type Known = Pick<Manifest, 'drivers' | 'targets'>;

/** Opens a driver build (a folder, an archive or a disc) and finds its drivers; refuses one that a release in `folder` cannot take drivers from. */
export async function lookAt(
  build: string,
  folder: string,
  known: Known,
  context: ReleaseContext,
): Promise<LookedAt> {
  if (await exists(join(folder, 'release.yaml')))
    throw new PipelineError('input', {
      place: join(folder, 'release.yaml'),
      message: 'is there already',
      hint: 'name another folder: pvdisc init DIR --from BUILD overwrites nothing',
    });
  const source = { type: await sourceType(build), path: relative(folder, build).split(sep).join('/') || '.' };
  if (source.type === 'directory' && !relative(build, folder).startsWith('..'))
    throw new PipelineError('input', {
      place: build,
      message: `holds the folder of the release, ${folder}: its files would count as files of the build`,
      hint: 'give the drivers a folder of their own, beside or below that of the release',
    });
  if (source.path.split('/')[0] === publicFolder)
    throw new PipelineError('input', {
      place: build,
      message: `is in ${publicFolder}/ of the release, which CI publishes and git ignores`,
      hint: 'give the drivers another folder',
    });
  const tree = await openInput(build, context);
  const found = await recognise(tree, known, context);
  if (found.drivers.length > 0) return { folder, build, source, tree, found };
  throw new PipelineError('input', {
    place: build,
    message:
      found.infs === 0
        ? 'holds no INF'
        : `holds ${found.infs} INFs, but none installs on a Windows that pvdisc knows`,
    hint: 'name the output of a driver build: a folder, an archive or a disc; pvdisc inspect shows what is in it',
  });
}

async function sourceType(build: string): Promise<BuildSource['type']> {
  const kind = await pathKind(build);
  if (kind === 'missing')
    throw new PipelineError('input', {
      place: build,
      message: 'no such file or folder',
      hint: `${await nearbyHint(build)}give a folder, an archive or a disc`,
    });
  if (kind !== 'file') return 'directory';
  const format = formatOf(await readHead(build));
  if (format === 'iso') return format;
  if (format !== undefined) return 'archive';
  throw new PipelineError('input', {
    place: build,
    message: 'is not a folder, an archive or a disc, which are what a release takes drivers from',
    hint: 'unpack it, and name the folder',
  });
}

/** A release before it is written. */
export interface Planned {
  readonly draft: Draft;
  /** Whether drivers of the build lack signatures. */
  readonly isUnsigned: boolean;
  /** Proposed folders without the targets for which their drivers have errors. */
  readonly refused: readonly Refused[];
  /** Findings that would stop a build. */
  readonly errors: number;
}

/** Returns the release of a driver build: each file of the build is shipped or ignored. */
export async function planRelease(
  { folder, source, tree, found }: LookedAt,
  answers: Answers,
  known: Known,
  context: ReleaseContext,
): Promise<Planned> {
  const manifest = (draft: Draft) => manifestOf(draft, join(folder, 'release.yaml'), known, found.newDrivers);
  const first = firstDraft(answers, source, found);
  const placed = await withNamedFolders(first, manifest(first), tree, found);
  const draft = await withIgnored(placed, manifest(placed), tree);
  const tried = manifest(withKeys(draft, { repair, unsigned: 'unsigned' }));
  const collected = await collect.run(tried, context);
  const { findings } = await judge(tried, collected, context);
  const fatal = findings.filter(isFatal);
  const { folders, refused, left } = withoutRefused(tried.release.folders, fatal);
  const keys = {
    ...(refused.length > 0 && { folders }),
    ...(collected.repairs.length > 0 && { repair }),
  };
  return {
    draft: withKeys(draft, keys),
    isUnsigned: findings.some(({ accepted }) => accepted !== undefined),
    refused,
    errors: left.length,
  };
}

const repair = ['line-endings'];

/** Paths in the folder of the release. */
export interface Written {
  readonly written: readonly string[];
  /** Files that were there before. */
  readonly kept: readonly string[];
}

/** Writes the files of a new release; one that is there already stays as it is. */
export async function writeRelease(
  { folder, source, found }: LookedAt,
  input: {
    readonly draft: Draft;
    readonly answers: Answers;
    readonly ci: readonly CiSystem[];
    readonly pvdisc: string;
  },
): Promise<Written> {
  const written: string[] = [];
  const kept: string[] = [];
  for (const [path, text] of releaseFiles({ ...input, source, newDrivers: found.newDrivers })) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    const isNew = await writeFile(file, text, { flag: 'wx' }).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false;
        throw error;
      },
    );
    (isNew ? written : kept).push(path);
  }
  return { written, kept };
}
