import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { toolPath } from '../needs.ts';
import { type GuestKernel, guestModules, moduleFiles, writeModules } from './modules.ts';

const cache = join(import.meta.dirname, '../../.cache/kernel');

/** Returns the distribution's kernel without installing it; the image and these few modules are kept in test/.cache. */
export async function downloadedKernel(modules: readonly string[] = guestModules): Promise<GuestKernel> {
  const folder = join(cache, modules.join('+'));
  if (!existsSync(folder)) await download(folder, modules);
  const names = (await readdir(join(folder, 'modules'))).sort();
  return { image: join(folder, 'vmlinuz'), modules: names.map((name) => join(folder, 'modules', name)) };
}

async function download(folder: string, modules: readonly string[]): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'pvdisc-kernel-'));
  try {
    const packages = await kernelPackages();
    console.warn(`downloading for the test guest: ${packages.join(' ')}`);
    await execa('apt-get', ['--quiet', 'download', ...packages], { cwd: scratch, timeout: 300_000 });
    const root = join(scratch, 'root');
    for (const name of await readdir(scratch)) {
      if (name.endsWith('.deb')) await execa('dpkg-deb', ['-x', join(scratch, name), root]);
    }
    const kept = join(scratch, 'kept');
    await keep(root, kept, modules);
    await publish(kept, folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The metapackage leads to the packages of the current kernel: Debian has one, Ubuntu and later Debians image and modules apart. */
async function kernelPackages(): Promise<string[]> {
  for (const metapackage of ['linux-image-amd64', 'linux-image-generic']) {
    const { stdout } = await execa('apt-cache', ['depends', '--recurse', '--important', metapackage], {
      reject: false,
    });
    const packages = stdout.split('\n').filter((line) => /^linux-(?:image|modules)-\d/.test(line));
    if (packages.length > 0) return packages;
  }
  throw new Error('apt knows no kernel package; as root, type: apt-get update');
}

async function keep(root: string, kept: string, modules: readonly string[]): Promise<void> {
  await mergeUsr(root);
  const image = (await readdir(join(root, 'boot'))).find((name) => name.startsWith('vmlinuz-'));
  if (image === undefined) throw new Error('the kernel packages hold no boot/vmlinuz-*');
  const version = image.slice('vmlinuz-'.length);
  await execa('depmod', ['-b', root, version], { env: { PATH: toolPath } });
  await mkdir(join(kept, 'modules'), { recursive: true });
  await copyFile(join(root, 'boot', image), join(kept, 'vmlinuz'));
  await writeModules(await moduleFiles(version, root, modules), join(kept, 'modules'));
}

/** Packages have lib/modules or usr/lib/modules, and kmod looks in the one that it was built for. */
async function mergeUsr(root: string): Promise<void> {
  const folders = [join(root, 'lib/modules'), join(root, 'usr/lib/modules')];
  const from = folders.find((folder) => existsSync(folder));
  const to = folders.find((folder) => !existsSync(folder));
  if (from === undefined || to === undefined) return;
  await mkdir(dirname(to), { recursive: true });
  await symlink(from, to);
}

/** The cache may lie on another file system than the temporary folder: copied beside its final name, then renamed. */
async function publish(kept: string, folder: string): Promise<void> {
  const copy = `${folder}.${process.pid}`;
  try {
    await cp(kept, copy, { recursive: true });
    if (!existsSync(folder)) await rename(copy, folder);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
