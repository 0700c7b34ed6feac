import { readFile, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { execa } from 'execa';
import { toolPath } from '../needs.ts';

/** What a guest needs to read a CD-ROM on SATA and on virtio-scsi, a disk, its balloon and the channel of its agent. */
export const guestModules = [
  ...['isofs', 'sr_mod', 'ahci', 'virtio_pci', 'virtio_scsi'],
  ...['virtio_blk', 'virtio_balloon', 'virtio_console'],
];

/** Returns the files of the guest's modules in the order to load them; throws when the kernel has not all of them. */
export async function moduleFiles(
  version: string,
  root = '/',
  modules: readonly string[] = guestModules,
): Promise<string[]> {
  const { stdout } = await execa(
    'modprobe',
    ['-C', '/dev/null', '-d', root, '-S', version, '-a', '--show-depends', ...modules],
    { env: { PATH: toolPath } },
  );
  const files = stdout.split('\n').flatMap((line) => {
    const [action, file] = line.trim().split(' ');
    return action === 'insmod' && file !== undefined ? [file] : [];
  });
  return [...new Set(files)];
}

const decompressors: Readonly<Record<string, string>> = { '.xz': 'xz', '.zst': 'zstd', '.gz': 'gzip' };

/** Writes modules into a folder, unpacked, under names that keep the order to load them. */
export async function writeModules(files: readonly string[], folder: string): Promise<void> {
  for (const [index, file] of files.entries()) {
    const name = `${String(index).padStart(2, '0')}-${basename(file).replace(/\.ko\..*$/, '.ko')}`;
    await writeFile(join(folder, name), await moduleBytes(file));
  }
}

async function moduleBytes(file: string): Promise<Uint8Array> {
  const decompressor = decompressors[extname(file)];
  if (decompressor === undefined) return readFile(file);
  const options = { encoding: 'buffer', stripFinalNewline: false } as const;
  return (await execa(decompressor, ['-dc', file], options)).stdout;
}

/** A Linux kernel for the test guest: its image, and the modules that read a CD-ROM, in the order to load them. */
export interface GuestKernel {
  readonly image: string;
  readonly modules: readonly string[];
}
