// Preloaded by the builds of --check-reproducible (node --import): sets the umask and reverses folder listings.
import { type Dirent, promises } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { PVDISC_UMASK: umask = '022', PVDISC_REVERSED: reversed } = process.env;
process.umask(Number.parseInt(umask, 8));

if (reversed === '1') {
  const { opendir, readdir } = promises;
  const backwards = async (...args: Parameters<typeof readdir>) => (await readdir(...args)).reverse();
  const openBackwards = async (...args: Parameters<typeof opendir>) => {
    const entries: Dirent[] = [];
    for await (const entry of await opendir(...args)) entries.unshift(entry);
    return entries;
  };
  Object.assign(promises, { readdir: backwards, opendir: openBackwards });
  syncBuiltinESMExports();
}
