import type { Content, StoredBytes } from '../core/content.ts';
import { fileDigests } from '../formats/catalog/file-digests.ts';
import { type CatalogSource, makeCatalogList } from '../formats/catalog/make.ts';
import { writeUnsignedCatalog } from '../formats/catalog/write.ts';
import { readStored } from '../system/stored-bytes.ts';

/** What an unsigned catalog is made of, its files by where their bytes are. */
export interface CatalogToMake extends Omit<CatalogSource, 'files'> {
  readonly files: readonly { readonly path: string; readonly stored: StoredBytes & Partial<Content> }[];
}

/** Reads the files and returns their unsigned catalog. */
export async function makeCatalog({ files, os, hardwareIds, epoch }: CatalogToMake) {
  const digested = [];
  for (const { path, stored } of files)
    digested.push({ path, digests: fileDigests(await readStored(stored)) });
  const list = makeCatalogList({ files: digested, os, hardwareIds, epoch });
  return { version: list.version, bytes: writeUnsignedCatalog(list) };
}
