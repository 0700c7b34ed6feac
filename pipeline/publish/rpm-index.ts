import { gunzipSync } from 'node:zlib';
import { decodeXML } from 'entities';
import { byCodeUnit } from '../core/order.ts';
import { damage, type Subject } from '../core/refusal.ts';

/** One package of a repository, as its file `primary` says; `path` is from the root of the suite. */
export interface RpmEntry {
  readonly package: string;
  /** Version and release. */
  readonly version: string;
  readonly arch: string;
  readonly path: string;
  readonly sha256: string;
}

/** A package as an index lists it, with what the page of the repository shows. */
export interface ListedRpm extends RpmEntry {
  readonly summary: string;
  readonly size: number;
}

/** A file of the index that `repomd.xml` names, with the digest of its bytes. */
export interface IndexPart {
  readonly type: string;
  readonly name: string;
  readonly sha256: string;
}

/** What `repomd.xml` says (createrepo_c writes it; its revision is the date in seconds since 1970). */
export interface RepoMd {
  readonly revision: number;
  readonly origin: string;
  readonly suite: string;
  readonly parts: readonly IndexPart[];
}

/** Reads `repomd.xml` as createrepo_c writes it, of which pvdisc signed each one; throws for any other. */
export function parseRepoMd(xml: string, subject: Subject): RepoMd {
  const parts = blocks(xml, 'data').map((block) => {
    const name = /^repodata\/([0-9a-f]{64}-[a-z_]+\.xml\.gz)$/.exec(
      attribute(block, 'location', 'href'),
    )?.[1];
    const sha256 = /<checksum type="sha256">([0-9a-f]{64})<\/checksum>/.exec(block)?.[1];
    if (name === undefined || sha256 === undefined || !name.startsWith(sha256))
      throw damage(subject, 'it names a file in another way than createrepo_c');
    return { type: /^<data type="([a-z_]+)">/.exec(block)?.[1] ?? '', name, sha256 };
  });
  return {
    revision: Number(text(xml, 'revision')),
    origin: text(xml, 'repo'),
    suite: text(xml, 'content'),
    parts,
  };
}

/** Far more than the index of 10,000 packages needs. */
const mostIndexBytes = 2 ** 28;

/** Reads the packages of the file `primary`, compressed with gzip, sorted by path. */
export function parsePrimary(compressed: Buffer, subject: Subject): ListedRpm[] {
  const xml = unpacked(compressed, subject);
  const entries = blocks(xml, 'package').map((block): ListedRpm => {
    const version = ['ver', 'rel'].map((name) => attribute(block, 'version', name)).join('-');
    const sha256 = /<checksum type="sha256" pkgid="YES">([0-9a-f]{64})<\/checksum>/.exec(block)?.[1];
    const path = attribute(block, 'location', 'href');
    const [name, arch] = [text(block, 'name'), text(block, 'arch')];
    if (
      sha256 === undefined ||
      [name, arch, path].includes('') ||
      attribute(block, 'version', 'epoch') !== '0'
    )
      throw damage(subject, 'it describes a package in another way than createrepo_c');
    const size = Number(attribute(block, 'size', 'package'));
    return { package: name, version, arch, path, sha256, summary: text(block, 'summary'), size };
  });
  if (Number(/ packages="(\d+)"/.exec(xml)?.[1]) !== entries.length)
    throw damage(subject, 'it has another number of packages than it says');
  return entries.sort((a, b) => byCodeUnit(a.path, b.path));
}

function unpacked(compressed: Buffer, subject: Subject): string {
  try {
    return gunzipSync(compressed, { maxOutputLength: mostIndexBytes }).toString('utf8');
  } catch (error) {
    throw damage(subject, (error as Error).message, error);
  }
}

/** createrepo_c escapes "<" in all that packages say, so an element ends at the next end tag of its name. */
function blocks(xml: string, element: string): string[] {
  return xml.match(new RegExp(`<${element} type="[\\s\\S]*?</${element}>`, 'g')) ?? [];
}

function text(xml: string, element: string): string {
  return decodeXML(new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1] ?? '');
}

function attribute(xml: string, element: string, name: string): string {
  return decodeXML(new RegExp(`<${element} [^<>]*?\\b${name}="([^"<]*)"`).exec(xml)?.[1] ?? '');
}
