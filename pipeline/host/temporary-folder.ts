import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A private folder in TMPDIR; `remove` it when the work is done. */
export interface TemporaryFolder {
  readonly path: string;
  readonly remove: () => Promise<void>;
}

/** Makes a folder `<prefix>XXXXXX` that goes away even when this process is killed: a shell waits for the end of its standard input. */
export async function makeTemporaryFolder(prefix: string): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), prefix));
  const waiting = spawn('sh', ['-c', removeAtEnd, 'sh', path], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  waiting.on('error', () => {}); // without a shell the folder is removed as long as nothing kills this process
  waiting.stdin.on('error', () => {});
  waiting.unref();
  return {
    path,
    remove: async () => {
      await rm(path, { recursive: true, force: true });
      waiting.stdin.destroy();
    },
  };
}

/** What still writes into the folder may make a file behind the back of rm. */
const removeAtEnd = 'read -r line; until rm -rf -- "$1"; do sleep 1; done';
