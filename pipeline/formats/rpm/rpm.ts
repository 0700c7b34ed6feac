import { createHash } from 'node:crypto';
import { damage, quoted, refusal, type Subject } from '../../core/refusal.ts';
import { asBuffer, chunksOfRange, type RandomAccess } from '../random-access.ts';
import { type RpmHeader, readRpmHeader } from './header.ts';

/** A file, folder or link that a package lists; `path` has no leading slash. */
export interface RpmFile {
  readonly path: string;
  /** Type and permissions, as in stat(2). */
  readonly mode: number;
  readonly owner: string;
  /** sha256 (hex) of a file; empty for anything else. */
  readonly sha256: string;
  /** Target of a symbolic link. */
  readonly target: string;
  /** Made by its scripts or at run time: the payload does not hold it. */
  readonly isGhost: boolean;
}

export type RpmCompression = 'tar' | 'tar.gz' | 'tar.xz' | 'tar.zst';

/** What the headers of a package say. */
export interface RpmFacts {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  /** Absent in nearly all packages. */
  readonly epoch?: number;
  readonly arch: string;
  readonly license: string;
  /** Packages that its relations name, as written: `virtio-win = 1.0-1`. */
  readonly provides: readonly string[];
  readonly obsoletes: readonly string[];
  readonly conflicts: readonly string[];
  /** Scripts by the section of a spec file that they come from, such as `posttrans`. */
  readonly scripts: ReadonlyMap<string, string>;
  readonly files: readonly RpmFile[];
  /** The archive of the files: its extent, and its compression as that of a tar. */
  readonly payload: { readonly offset: number; readonly size: number; readonly format: RpmCompression };
  /** sha256 (hex) of header and compressed payload as the package states them, and of its bytes. */
  readonly digests: Readonly<
    Record<'header' | 'payload', { readonly stated: string; readonly found: string }>
  >;
}

const leadBytes = 96;
const leadMagic = 'edabeedb';

/** Returns whether a file is an RPM package, by its first bytes. */
export function isRpm(head: Uint8Array): boolean {
  return asBuffer(head).toString('hex', 0, 4) === leadMagic;
}

/** Reads the headers of a package (RPM V4 package format) and the digests of header and payload; runs no program. */
export async function readRpm(rpm: RandomAccess, subject: Subject): Promise<RpmFacts> {
  if (!isRpm(await rpm.read(0, 4))) throw refusal(subject, 'is not an RPM package', 'give a .rpm');
  const signature = await readRpmHeader(rpm, leadBytes, subject);
  const signatureEnd = signature.offset + signature.size;
  const header = await readRpmHeader(rpm, signatureEnd + padding(signatureEnd, 8), subject);
  const offset = header.offset + header.size;
  const size = rpm.size - offset;
  const required = (tag: number, what: string) => {
    const text = header.text(tag);
    if (text === undefined || text === '') throw damage(subject, `it has no ${what}`);
    return text;
  };
  const epoch = header.number(tags.epoch);
  return {
    name: required(tags.name, 'name'),
    version: required(tags.version, 'version'),
    release: required(tags.release, 'release'),
    ...(epoch !== undefined && { epoch }),
    arch: required(tags.arch, 'architecture'),
    license: header.text(tags.license) ?? '',
    provides: relations(header, tags.provides),
    obsoletes: relations(header, tags.obsoletes),
    conflicts: relations(header, tags.conflicts),
    scripts: scriptsOf(header),
    files: filesOf(header, subject),
    payload: { offset, size, format: compressionOf(header, subject) },
    digests: {
      header: { stated: signature.text(tags.headerSha256) ?? '', found: await digestOf(rpm, header) },
      payload: {
        stated: header.text(tags.payloadDigest) ?? '',
        found: await digestOf(rpm, { offset, size }),
      },
    },
  };
}

/** Bytes up to the next multiple. */
export function padding(offset: number, multiple: number): number {
  return (multiple - (offset % multiple)) % multiple;
}

/** Tags of RPM V4 (rpm's docs/manual/tags.md). */
const tags = {
  headerSha256: 273,
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  license: 1014,
  arch: 1022,
  fileModes: 1030,
  fileDigests: 1035,
  fileLinks: 1036,
  fileFlags: 1037,
  fileUsers: 1039,
  fileGroups: 1040,
  provides: { names: 1047, flags: 1112, versions: 1113 },
  conflicts: { names: 1054, flags: 1053, versions: 1055 },
  obsoletes: { names: 1090, flags: 1114, versions: 1115 },
  directoryIndexes: 1116,
  baseNames: 1117,
  directoryNames: 1118,
  payloadFormat: 1124,
  payloadCompressor: 1125,
  digestAlgorithm: 5011,
  payloadDigest: 5092,
} as const;

const scriptTags: readonly (readonly [tag: number, section: string])[] = [
  [1023, 'pre'],
  [1024, 'post'],
  [1025, 'preun'],
  [1026, 'postun'],
  [1151, 'pretrans'],
  [1152, 'posttrans'],
  [5104, 'preuntrans'],
  [5105, 'postuntrans'],
  [1079, 'verifyscript'],
];
const triggerTags = [1065, 5066, 5076];

function scriptsOf(header: RpmHeader): Map<string, string> {
  const scripts = scriptTags.flatMap(([tag, section]): [string, string][] => {
    const text = header.text(tag);
    return text === undefined ? [] : [[section, text]];
  });
  const triggers = triggerTags.flatMap((tag) => header.texts(tag));
  return new Map([...scripts, ...(triggers.length === 0 ? [] : [['trigger', triggers.join('\n')] as const])]);
}

/** Bits of a relation (rpmds.h): less, greater, equal. */
const senses = [
  [2, '<'],
  [4, '>'],
  [8, '='],
] as const;

function relations(
  header: RpmHeader,
  { names, flags, versions }: (typeof tags)['provides' | 'conflicts' | 'obsoletes'],
): string[] {
  const [senseOf, versionOf] = [header.numbers(flags), header.texts(versions)];
  return header.texts(names).map((name, index) => {
    const sense = senses.map(([bit, sign]) => ((senseOf[index] ?? 0) & bit ? sign : '')).join('');
    return sense === '' ? name : `${name} ${sense} ${versionOf[index] ?? ''}`;
  });
}

const ghostFlag = 1 << 6;
/** PGPHASHALGO_SHA256, and the MD5 of packages before 2009, for which the tag is absent. */
const sha256Algorithm = 8;

function filesOf(header: RpmHeader, subject: Subject): RpmFile[] {
  const names = header.texts(tags.baseNames);
  if (names.length > 0 && header.number(tags.digestAlgorithm) !== sha256Algorithm)
    throw refusal(subject, 'its digests of files are not sha256', 'give a package of rpm 4.6 or later');
  const folders = header.texts(tags.directoryNames);
  const column = (tag: number) => sameLength(header.numbers(tag), names, tag, subject);
  const words = (tag: number) => sameLength(header.texts(tag), names, tag, subject);
  const [indexes, modes, flags] = [tags.directoryIndexes, tags.fileModes, tags.fileFlags].map(column);
  const [digests, links, users, groups] = [
    tags.fileDigests,
    tags.fileLinks,
    tags.fileUsers,
    tags.fileGroups,
  ].map(words);
  return names.map((name, index) => {
    const folder = folders[indexes?.[index] ?? -1];
    if (folder === undefined) throw damage(subject, `its file ${quoted(name)} has no folder`);
    return {
      path: `${folder}${name}`.replace(/^\/+/, ''),
      mode: modes?.[index] ?? 0,
      owner: `${users?.[index]}:${groups?.[index]}`,
      sha256: digests?.[index] ?? '',
      target: links?.[index] ?? '',
      isGhost: ((flags?.[index] ?? 0) & ghostFlag) !== 0,
    };
  });
}

function sameLength<Value>(
  values: Value[],
  names: readonly string[],
  tag: number,
  subject: Subject,
): Value[] {
  if (values.length === names.length) return values;
  throw damage(subject, `the RPM tag ${tag} has ${values.length} values for ${names.length} files`);
}

const compressions: Readonly<Record<string, RpmCompression>> = {
  gzip: 'tar.gz',
  xz: 'tar.xz',
  zstd: 'tar.zst',
};

function compressionOf(header: RpmHeader, subject: Subject): RpmCompression {
  const format = header.text(tags.payloadFormat) ?? 'cpio';
  const compressor = header.text(tags.payloadCompressor);
  const compression = compressor === undefined ? 'tar' : compressions[compressor];
  if (format === 'cpio' && compression !== undefined) return compression;
  throw refusal(subject, `has a payload that cannot be read: ${quoted(`${format}, ${compressor}`)}`);
}

async function digestOf(rpm: RandomAccess, { offset, size }: { offset: number; size: number }) {
  const hash = createHash('sha256');
  for await (const chunk of chunksOfRange(rpm, offset, size)) hash.update(chunk);
  return hash.digest('hex');
}
