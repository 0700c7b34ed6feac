import { stat } from 'node:fs/promises';
import { quoted } from '../core/refusal.ts';
import { webPageTitle } from '../formats/magic.ts';
import { hashFile, readHead } from '../system/files.ts';

/**
 * Checks a file on disk against its size in bytes and sha256, where they are known, the size first; returns in words
 * what is wrong. A web page in place of the file is called so, whatever else is wrong with it; `words` is what it should be.
 */
export async function verifyPin(
  file: string,
  pin: { readonly sha256: string; readonly size?: number | undefined },
  words: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { size } = await stat(file);
  const fact = `has ${size} bytes, expected ${pin.size}`;
  const isOtherSize = pin.size !== undefined && pin.size !== size;
  const page = webPageProblem(await readHead(file), words);
  if (page !== undefined) return isOtherSize ? `${page}; it ${fact}` : page;
  if (isOtherSize) return fact;
  const { sha256 } = await hashFile(file, signal);
  return sha256 === pin.sha256 ? undefined : `has sha256 ${sha256}, expected ${pin.sha256}`;
}

/** Returns what is wrong when a file's first bytes are those of a web page, such as a bot check or a login; undefined when they are not. */
export function webPageProblem(head: Buffer, words: string): string | undefined {
  const title = webPageTitle(head);
  if (title === undefined) return undefined;
  return `this is a web page, not ${words}${title === '' ? '' : `: ${quoted(title)}`}`;
}

/** Words what a file should be, by the ending of its name or address. */
export function expectedKind(name: string): string {
  const path = name.split(/[?#]/)[0] ?? '';
  if (/\.iso$/i.test(path)) return 'an ISO';
  return /\.(?:zip|tar|tgz|txz|tar\.\w+)$/i.test(path) ? 'an archive' : 'an archive or ISO';
}
