import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { temporaryFolder, writeText } from './release.ts';

/** Bytes that have the marks of a disc: CD001 at byte 32769, a volume label and the size of the volume (20 blocks of 2048); `filling` makes them differ. */
export function discBytes(label: string, filling = ''): Buffer {
  const disc = Buffer.alloc(20 * 2048);
  disc.write('\x01CD001', 16 * 2048, 'latin1');
  disc.write(label.padEnd(32), 16 * 2048 + 40, 'latin1');
  disc.writeUInt32LE(20, 16 * 2048 + 80);
  disc.writeUInt16LE(2048, 16 * 2048 + 128);
  disc.write(filling, 18 * 2048);
  return disc;
}

/** Returns the sha256 of some bytes. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Writes a ledger into a temporary folder that goes away with the test, and returns its path. */
export async function writeLedger(
  releases: readonly object[],
  mislabelled: readonly object[] = [],
): Promise<string> {
  const folder = await temporaryFolder('pvdisc-ledger-');
  await writeText(folder, 'ledger.yaml', `# a comment\n${stringify({ releases, mislabelled })}`);
  return join(folder, 'ledger.yaml');
}
