import pMap from 'p-map';
import type { RunContext } from '../core/context.ts';
import { maxDriverFileBytes } from '../core/limits.ts';
import { fileDigests } from '../formats/catalog/file-digests.ts';
import { FormatError } from '../formats/format-error.ts';
import type { DriverTree } from '../model/driver-tree.ts';
import { readStored } from '../system/stored-bytes.ts';

/**
 * Returns the Authenticode digest (sha256) of every PE file of a tree, by the sha256 of the file; what is no whole PE file has none.
 * It leaves out the signature, so that a binary can be compared with one that was signed again.
 */
export async function authenticodeDigests(
  { files }: Pick<DriverTree, 'files'>,
  { signal }: Pick<RunContext, 'signal'>,
): Promise<ReadonlyMap<string, string>> {
  const binaries = files.filter(
    ({ path, content }) => /\.(sys|dll|exe|efi)$/i.test(path) && content.size <= maxDriverFileBytes,
  );
  const unique = new Map(binaries.map(({ content }) => [content.sha256, content]));
  const digests = await pMap(
    unique,
    async ([sha256, content]): Promise<[string, string][]> => {
      const digest = authenticodeOf(await readStored(content));
      return digest === undefined ? [] : [[sha256, digest]];
    },
    { concurrency: 2, signal },
  );
  return new Map(digests.flat());
}

function authenticodeOf(bytes: Uint8Array): string | undefined {
  try {
    const digests = fileDigests(bytes);
    return digests.kind === 'pe' ? digests.sha256 : undefined;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
