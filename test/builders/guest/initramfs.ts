import { chmod, copyFile, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { toolPath } from '../needs.ts';
import { type GuestKernel, writeModules } from './modules.ts';

/**
 * Writes `<folder>/initramfs`: busybox and other `programs`, the modules and the first program, which lies beside this file. It has no device nodes, so no root is needed: /dev/console is in
 * the initramfs that every kernel has built in (Documentation/filesystems/ramfs-rootfs-initramfs.rst), the rest is devtmpfs.
 */
export async function writeInitramfs(
  kernel: GuestKernel,
  folder: string,
  init = 'init.sh',
  programs: readonly string[] = [],
): Promise<string> {
  const root = join(folder, 'root');
  for (const name of ['bin', 'dev', 'proc', 'sys', 'mnt', 'modules']) {
    await mkdir(join(root, name), { recursive: true });
  }
  await copyFile(join(import.meta.dirname, init), join(root, 'init'));
  await chmod(join(root, 'init'), 0o755);
  for (const name of ['busybox', ...programs]) await addProgram(root, name);
  await writeModules(kernel.modules, join(root, 'modules'));
  const output = join(folder, 'initramfs');
  const names = (await readdir(root, { recursive: true })).sort();
  await execa('cpio', ['--null', '--create', '--format=newc', '--owner=0:0', '--quiet'], {
    cwd: root,
    input: names.join('\0'),
    stdout: { file: output },
  });
  return output;
}

/** Debian has busybox static and dynamic; a dynamic program needs the libraries that ldd names. */
async function addProgram(root: string, name: string): Promise<void> {
  const env = { PATH: toolPath };
  const { stdout: program } = await execa('sh', ['-c', 'command -v "$0"', name], { env });
  await copyFile(program, join(root, 'bin', name));
  const { stdout } = await execa('ldd', [program], { reject: false });
  for (const [, library = ''] of stdout.matchAll(/(\/\S+) \(0x/g)) {
    await mkdir(dirname(join(root, library)), { recursive: true });
    await copyFile(library, join(root, library));
  }
}
