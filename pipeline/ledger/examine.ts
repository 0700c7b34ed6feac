import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { hashFile } from '../host/files.ts';
import { formatOf, readHead, webPageTitle } from '../sources/unpack/format.ts';

/** What a file is by its own bytes and name, before anything is compared. */
export interface FileTraits {
  readonly file: string;
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** Volume label, of an ISO. */
  readonly label?: string;
  /** Title, of a web page; may be empty. */
  readonly title?: string;
  /** Upstream version that its name has, such as `0.1.285`. */
  readonly namedVersion?: string;
  /** Upstream version that its label has. */
  readonly labelVersion?: string;
}

/** Reads what tells a disc: digest, size, volume label, and the version in its name. */
export async function examineFile(file: string, name: string, signal: AbortSignal): Promise<FileTraits> {
  const head = await readHead(file);
  const { sha256 } = await hashFile(file, signal);
  const { size } = await stat(file);
  const label = formatOf(head) === 'iso' ? volumeLabel(head) : undefined;
  const title = webPageTitle(head);
  const namedVersion = versionIn(basename(name));
  const labelVersion = label === undefined ? undefined : versionIn(label);
  return {
    file: name,
    sha256,
    size,
    ...(label !== undefined && { label }),
    ...(title !== undefined && { title }),
    ...(namedVersion !== undefined && { namedVersion }),
    ...(labelVersion !== undefined && { labelVersion }),
  };
}

/** Returns the volume identifier of the primary volume descriptor in sector 16 (ECMA-119 section 8.4.7), without what would move a terminal's cursor. */
export function volumeLabel(head: Buffer): string {
  const start = 16 * 2048 + 40;
  return head
    .toString('latin1', start, start + 32)
    .replace(/[^\x20-\x7e]/g, '')
    .trim();
}

function versionIn(name: string): string | undefined {
  return /virtio-win-(\d+\.\d+\.\d+)/i.exec(name)?.[1];
}
