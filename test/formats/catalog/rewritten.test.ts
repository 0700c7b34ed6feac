import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Catalog, parseCatalog } from '../../../pipeline/formats/catalog/catalog.ts';
import { fileDigests, flatDigests, membersOf } from '../../../pipeline/formats/catalog/file-digests.ts';
import {
  catalogHardwareIds,
  cataloguedFiles,
  makeCatalogList,
} from '../../../pipeline/formats/catalog/make.ts';
import { type CatalogList, writeTrustList } from '../../../pipeline/formats/catalog/write.ts';
import { catalogFile } from '../../../pipeline/formats/inf/files.ts';
import { parseInf } from '../../../pipeline/formats/inf/inf.ts';
import { repairLineEndings } from '../../../pipeline/formats/inf/line-endings.ts';
import { memoByBytes } from '../../../pipeline/formats/memo.ts';
import { encodingOf } from '../../../pipeline/formats/signature/der.ts';
import { readSignedData } from '../../../pipeline/formats/signature/signed-data.ts';
import { osAttrOf } from '../../../pipeline/formats/windows/catalog-words.ts';
import { golden, hasReference, readReference, realDrivers } from '../reference.ts';

/** The list that a real catalog signs. */
function listOf(bytes: Uint8Array): Buffer {
  const { content } = readSignedData(bytes, 'catalog').pkcs7;
  return content === undefined ? Buffer.alloc(0) : Buffer.from(encodingOf(content));
}

/** Reads a catalog and the list that it signs, each file once. */
const readCatalog = memoByBytes((bytes) => ({ read: parseCatalog(bytes), real: listOf(bytes) }));

/** Catalogs of 2012 and 2013 have this text where others have an empty link. */
const obsolete = '<<<Obsolete>>>';

/** Writes a list with the links that the real one has. */
function rewrite(list: CatalogList, real: Buffer): Buffer {
  const isOld = real.includes(Buffer.from(obsolete, 'utf16le').swap16());
  const members = list.members.map((member) => ({ ...member, ...(isOld && { link: obsolete }) }));
  return Buffer.from(writeTrustList({ ...list, members }));
}

describe.skipIf(!hasReference)('from what was read of a reference catalog', () => {
  it.each(Object.entries(golden.cat))('%s is written byte for byte', (name, { ctlSha256 }) => {
    const bytes = readReference(name);
    const written = rewrite(parseCatalog(bytes), listOf(bytes));
    expect(createHash('sha256').update(written).digest('hex')).toBe(ctlSha256);
  });
});

describe.skipIf(realDrivers === undefined)('real catalogs', () => {
  const root = realDrivers ?? '.';
  const names =
    realDrivers === undefined ? [] : readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
  const catalogs = names.filter((name) => /\.cat$/i.test(name));

  it('are written byte for byte from what was read of them, all 96', () => {
    const same = catalogs.filter((name) => {
      const { read, real } = readCatalog(readFileSync(join(root, name)));
      return rewrite(read, real).equals(real);
    });
    expect(same).toEqual(catalogs);
    expect(same).toHaveLength(96);
  });

  it('are written from INF and files alone: 82 byte for byte, 14 but for two mistakes of Inf2Cat', () => {
    const counts = { same: 0, otherName: 0, otherIds: 0 };
    for (const name of names.filter((each) => /\.inf$/i.test(each))) {
      const { real, read, list } = remade(join(root, name));
      if (rewrite(list, real).equals(real)) counts.same++;
      else if (rewrite(withNamesOf(list, read), real).equals(real)) counts.otherName++;
      else if (rewrite({ ...list, attributes: read.attributes }, real).equals(real)) counts.otherIds++;
    }
    // One run over two INFs gives both catalogs the IDs of both; of files with equal bytes, one that is gone gave its name.
    expect(counts).toEqual({ same: 82, otherName: 6, otherIds: 8 });
  });

  it('have the OSAttr that their words of OS lead to', () => {
    for (const name of catalogs) {
      const { os, members } = readCatalog(readFileSync(join(root, name))).read;
      for (const { osAttr } of members) expect(osAttr, name).toEqual(osAttrOf(os));
    }
  });
});

/** Makes the list of an INF's catalog anew, with the identifier, time and words of `OS` that were chosen then. */
function remade(file: string) {
  const folder = dirname(file);
  const find = (path: string) =>
    join(folder, readdirSync(folder).find((each) => each.toLowerCase() === path.toLowerCase()) ?? path);
  const stored = readFileSync(file);
  const inf = parseInf(stored);
  const { read, real } = readCatalog(readFileSync(find(catalogFile(inf, 'amd64')?.name ?? '')));
  const isHeld = (form: Uint8Array) => membersOf(read, flatDigests(form)).length > 0;
  const infDigests = flatDigests(repairLineEndings(stored, isHeld) ?? stored);
  const archs = read.os.some((word) => word.includes('X64')) ? (['amd64'] as const) : (['x86'] as const);
  const files = cataloguedFiles(inf, basename(file), archs).map((path) => ({
    path,
    digests: path === basename(file) ? infDigests : fileDigests(readFileSync(find(path))),
  }));
  const hardwareIds = catalogHardwareIds(inf, archs);
  const list = makeCatalogList({
    files,
    os: read.os,
    hardwareIds,
    epoch: Date.parse(read.thisUpdate) / 1000,
  });
  return { real, read, list: { ...list, listId: read.listId } };
}

/** The list with the names that the real catalog gives its members. */
function withNamesOf(list: CatalogList, read: Catalog): CatalogList {
  const members = list.members.map((member) => {
    const { attributes = [] } = read.members.find(({ digest }) => digest === member.digest) ?? {};
    return { ...member, attributes };
  });
  return { ...list, members };
}
