import { access, constants, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadedKernel } from './download.ts';
import { type GuestKernel, moduleFiles } from './modules.ts';

/**
 * Returns a kernel of this machine's /boot that its user may read, else the distribution's, downloaded into test/.cache; undefined
 * where neither can be had, which it says. Where CI is set, it throws then.
 */
export async function guestKernel(): Promise<GuestKernel | undefined> {
  const installed = await installedKernel();
  if (installed !== undefined) return installed;
  try {
    return await downloadedKernel();
  } catch (error) {
    if (process.env.CI) throw error;
    console.warn(`SKIPPED: no kernel for the test guest: ${(error as Error).message}`);
    return undefined;
  }
}

/** PVDISC_TEST_BOOT names another folder than /boot; an empty one makes the tests download a kernel. */
async function installedKernel(): Promise<GuestKernel | undefined> {
  const boot = process.env.PVDISC_TEST_BOOT ?? '/boot';
  const names = await readdir(boot).catch(() => []);
  for (const name of names.filter((entry) => entry.startsWith('vmlinuz-')).toSorted(newestFirst)) {
    const image = join(boot, name);
    try {
      await access(image, constants.R_OK);
      return { image, modules: await moduleFiles(name.slice('vmlinuz-'.length)) };
    } catch (error) {
      console.warn(`${image} is no kernel for the test guest: ${(error as Error).message}`);
    }
  }
  return undefined;
}

function newestFirst(a: string, b: string): number {
  return b.localeCompare(a, 'en', { numeric: true });
}
