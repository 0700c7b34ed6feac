import { createHash } from 'node:crypto';
import { byCodeUnit } from '../core/order.ts';

/** Returns the text of `SHA256SUMS`, which `sha256sum --check` reads: one line per file, sorted by name. */
export function checksumsText(files: readonly { name: string; sha256: string }[]): string {
  return files
    .toSorted((a, b) => byCodeUnit(a.name, b.name))
    .map(({ name, sha256 }) => `${sha256}  ${name}\n`)
    .join('');
}

/** Returns the sha256 of some bytes in lower-case hex. */
export function sha256Of(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
