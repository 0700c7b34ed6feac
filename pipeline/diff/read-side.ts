import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { recordName } from '../attest/document-names.ts';
import type { RunContext } from '../core/context.ts';
import { PipelineError } from '../core/errors.ts';
import type { Limits } from '../core/limits.ts';
import { nameOf } from '../core/paths.ts';
import { plural } from '../core/text.ts';
import { isArArchive } from '../formats/deb/members.ts';
import { formatOf } from '../formats/magic.ts';
import { isRpm } from '../formats/rpm/index.ts';
import { inspectDrivers } from '../inspect/inspect.ts';
import type { InspectedFile, Inspection } from '../inspect/inspection-schema.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { ReleaseRecord } from '../model/record.ts';
import type { RecordedFacts } from '../model/shared-schema.ts';
import { openInput } from '../sources/open-input.ts';
import { readHead } from '../system/files.ts';
import { isPlainFile, pathKind } from '../system/path-kind.ts';
import type { ComparedSide } from './comparison-schema.ts';
import { readDocument } from './read-document.ts';
import type { Side, SideFile } from './side.ts';

type Known = Pick<Manifest, 'drivers' | 'targets'>;

/**
 * Reads one side: a disc, a package, an archive, a folder of drivers, the folder of a release (its disc, or the record alone), a
 * record, or the JSON output of `pvdisc inspect`. Throws if it has no driver.
 */
export async function readSide(
  input: string,
  known: Known,
  limits: Limits,
  context: RunContext,
): Promise<Side> {
  const side = await readAny(input, known, limits, context);
  if (side.packages.length > 0) return side;
  const symbols = side.files.filter(({ path }) => /\.pdb$/i.test(path));
  if (symbols.length > 0 && !side.files.some(({ path }) => /\.inf$/i.test(path)))
    throw symbolsRefused(side, symbols.length);
  const count = plural(side.files.length, 'file');
  const problems = side.problems.slice(0, 3);
  throw new PipelineError('input', [
    {
      place: input,
      message: `has no driver to compare: no readable INF among its ${count}`,
      hint: 'give a disc, a package, a folder of drivers, the folder of a release, or its release.json',
    },
    ...problems,
  ]);
}

function symbolsRefused({ input, kind }: Side, count: number): PipelineError {
  const name = basename(input);
  const drivers = name.replace('-symbols', '');
  const named = drivers === name ? '' : `: ${drivers}`;
  return new PipelineError('input', {
    place: input,
    message: `this ${kind} holds debug symbols (${plural(count, '.pdb file')}) and no drivers`,
    hint: `give the ${kind} of the drivers${named}`,
  });
}

async function readAny(input: string, known: Known, limits: Limits, context: RunContext): Promise<Side> {
  const path = resolve(input);
  const kind = await pathKind(path);
  if (kind === 'folder') {
    if ((await pathKind(join(path, recordName))) === 'file')
      return readRelease(input, known, limits, context);
    return inspectedSide({ input, kind: 'folder' }, input, known, limits, context);
  }
  if (kind === 'file') {
    const head = await readHead(path);
    if (formatOf(head) === undefined && /^\s*\{/.test(head.toString()))
      return documentSide(input, await readDocument(path, input));
    return inspectedSide({ input, ...(await fileTraits(path, head)) }, input, known, limits, context);
  }
  return inspectedSide({ input, kind: 'disc' }, input, known, limits, context);
}

async function fileTraits(path: string, head: Buffer) {
  const kind = isArArchive(head) || isRpm(head) ? 'package' : formatOf(head) === 'iso' ? 'disc' : 'archive';
  const { size } = await stat(path);
  return { kind, size, ...namedVersion(basename(path)) } as const;
}

/** Reads name and version from the name of a package or a disc: `virtio-win_0.1.285-1_all.deb`, `virtio-win-0.1.285.iso`. */
function namedVersion(name: string): Pick<ComparedSide, 'name' | 'version'> {
  const [, product, version] =
    /^([a-z0-9][a-z0-9+.-]+)_([0-9][0-9A-Za-z.+~-]*)_[a-z0-9]+\.deb$/.exec(name) ??
    /^([a-z0-9][a-z0-9+.-]+)-([0-9][0-9A-Za-z.+~]*-[0-9A-Za-z.+~]+)\.noarch\.rpm$/.exec(name) ??
    /^([a-z0-9][a-z0-9+.-]*?)-([0-9][0-9A-Za-z.+~-]*)\.iso$/.exec(name) ??
    [];
  return product === undefined || version === undefined ? {} : { name: product, version };
}

/** What is known of a side before its drivers are. */
type Traits = Omit<ComparedSide, 'packages' | 'files' | 'bytes' | 'problems'>;

async function inspectedSide(
  traits: Traits,
  file: string,
  known: Known,
  limits: Limits,
  context: RunContext,
): Promise<Side> {
  const source = await openInput(file, context, limits);
  return sideOf(traits, await inspectDrivers(source, known, context));
}

function sideOf(
  traits: Traits,
  { packages, files, problems }: Pick<Inspection, 'packages' | 'files' | 'problems'>,
): Side {
  return {
    ...traits,
    packages: packages.filter(isDriver).map((found) => ({ ...found, files: found.files.map(sideFile) })),
    files: files.map(sideFile),
    problems: problems.map(({ place, message }) => ({ place, message })),
  };
}

/** An INF such as autorun.inf is no driver; it is compared as a file. */
function isDriver({ driverVer, class: setupClass, hardwareIds = [], services = [] }: RecordedFacts): boolean {
  return driverVer !== undefined || setupClass !== undefined || hardwareIds.length + services.length > 0;
}

function sideFile({ path, sha256, size, authenticode }: InspectedFile): SideFile {
  return { path, sha256, size, authenticode: authenticode?.sha256 };
}

/** A record does not hold what INFs install, so the disc beside it is read if it is there. */
async function readRelease(input: string, known: Known, limits: Limits, context: RunContext): Promise<Side> {
  const document = await readDocument(join(resolve(input), recordName), join(input, recordName));
  if (!('iso' in document)) return documentSide(input, document);
  const record = document;
  const disc = join(resolve(input), nameOf(record.iso.name));
  if (!(await isPlainFile(disc))) return recordSide(input, record);
  const { size } = await stat(disc);
  const { name, version } = record;
  return inspectedSide({ input, kind: 'release', name, version, size }, disc, known, limits, context);
}

function documentSide(input: string, document: ReleaseRecord | Inspection): Side {
  return 'iso' in document ? recordSide(input, document) : sideOf({ input, kind: 'inspection' }, document);
}

/** Returns the side of a record, which does not hold what INFs install. */
export function recordSide(input: string, { name, version, drivers, iso }: ReleaseRecord): Side {
  const files = iso.files.map(({ path, sha256, size, authenticode }) => ({
    path,
    sha256,
    size,
    authenticode,
  }));
  return {
    input,
    kind: 'record',
    name,
    version,
    size: iso.size,
    packages: drivers.filter(isDriver),
    files,
    problems: [],
  };
}
