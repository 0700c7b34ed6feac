import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { run } from '../system/exec.ts';
import { hashFile } from '../system/files.ts';
import { tools } from '../system/tools.ts';

/** Architectures of hosts with their own index; `all` is for every other one. */
export const indexArchs = ['all', 'amd64', 'arm64'] as const;

/** The forms of an architecture's index, best compressed last. */
const forms = ['Packages', 'Packages.gz', 'Packages.xz'] as const;

/** A file of a suite: its path below `dists/<suite>`; `byHash` is the path of a copy named by its digest. */
export interface IndexFile {
  readonly path: string;
  readonly byHash: string;
  readonly sha256: string;
}

/** Writes the index of a suite for each architecture into `<folder>/main/binary-<arch>/`, plain and compressed, each also by hash. */
export async function writeIndexes(folder: string, text: string, signal: AbortSignal): Promise<IndexFile[]> {
  const files: IndexFile[] = [];
  for (const arch of indexArchs) {
    const below = `main/binary-${arch}`;
    const byHashFolder = `${below}/by-hash/SHA256`;
    await mkdir(join(folder, byHashFolder), { recursive: true });
    const plain = join(folder, below, 'Packages');
    await writeFile(plain, text);
    await writeFile(`${plain}.gz`, gzip(text));
    await run(tools.xz, ['--keep', '--threads=1', '-6', '--', plain], { signal });
    for (const form of forms) {
      const path = `${below}/${form}`;
      const { sha256 } = await hashFile(join(folder, path), signal);
      const byHash = `${byHashFolder}/${sha256}`;
      await copyFile(join(folder, path), join(folder, byHash));
      files.push({ path, byHash, sha256 });
    }
  }
  return files;
}

/** Same bytes as `gzip -9n` (RFC 1952): no name, no time; the operating system is Unix on every machine. */
function gzip(text: string): Buffer {
  const bytes = gzipSync(text, { level: 9 });
  const operatingSystemByte = 9;
  bytes[operatingSystemByte] = 3;
  return bytes;
}
