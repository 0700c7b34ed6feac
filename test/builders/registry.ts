import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** A registry of the distribution project on this machine, without TLS. */
export interface Registry {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  readonly stop: () => Promise<void>;
}

/** Starts docker-registry on a free port, with its blobs in a folder. */
export async function startRegistry(folder: string): Promise<Registry> {
  const settings = join(folder, 'registry.json');
  const storage = { filesystem: { rootdirectory: join(folder, 'blobs') } };
  await writeFile(settings, JSON.stringify({ version: '0.1', storage, http: { addr: '127.0.0.1:0' } }));
  const child = execa('docker-registry', ['serve', settings], { reject: false, buffer: false });
  const stop = async () => {
    child.kill();
    await child;
  };
  let log = '';
  for await (const chunk of child.stderr.iterator({ destroyOnReturn: false })) {
    log += chunk;
    const [, address] = /listening on (127\.0\.0\.1:\d+)/.exec(log) ?? [];
    if (address === undefined) continue;
    child.stderr.resume();
    return { address, stop };
  }
  throw new Error(`docker-registry did not start: ${log}`);
}
