import { existsSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { inject } from 'vitest';
import { toolPath } from '../needs.ts';

/** Options of Linux that leave out work which is slow when it is emulated: early looks at PCI take half a minute in a guest of Xen. */
export const quickOptions =
  'quiet loglevel=4 panic=-1 mitigations=off rodata=off init_on_alloc=0 audit=0 cryptomgr.notests pci=noearly';

/** Returns the arguments with which QEMU starts a kernel that prints on the first serial port; `words` are for its command line. */
export function linuxArguments(kernel: string, initramfs: string, words = ''): readonly string[] {
  return ['-kernel', kernel, '-initrd', initramfs, '-append', `console=ttyS0 ${quickOptions} ${words}`];
}

/** How each packed kernel begins within its image (scripts/extract-vmlinux of Linux), and the command that unpacks it. */
const packings: readonly (readonly [magic: string, ...command: string[]])[] = [
  ['fd377a585a00', 'xz', '--decompress', '--stdout', '--single-stream'],
  ['28b52ffd', 'zstd', '--decompress', '--stdout'],
];

/** The ELF note of the entry that QEMU starts such a kernel at: four bytes of name, eight of address, XEN_ELFNOTE_PHYS32_ENTRY, "Xen". */
const entryNote = Buffer.from('040000000800000012000000' + '58656e00', 'hex');

/**
 * Unpacks a kernel once for all test files of a run, since its own decompressor takes half of the boot when it is emulated. Returns the
 * image itself where it is packed otherwise, or QEMU cannot start what is in it.
 */
export async function unpackedKernel(image: string): Promise<string> {
  const file = join(inject('runFolder'), `vmlinux-${basename(join(image, '..'))}-${basename(image)}`);
  if (existsSync(file)) return file;
  const bytes = await readFile(image);
  for (const [magic, command = '', ...options] of packings) {
    const start = bytes.indexOf(Buffer.from(magic, 'hex'));
    if (start < 0) continue;
    const part = `${file}.${process.pid}`;
    // What comes after the packed kernel may be an error.
    await execa(command, options, {
      input: bytes.subarray(start),
      stdout: { file: part },
      env: { PATH: toolPath },
      reject: false,
    });
    if (!(await readFile(part)).includes(entryNote)) continue;
    await rename(part, file);
    return file;
  }
  return image;
}
