import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { descriptorEnd, readVolumeHead } from '../formats/iso9660/index.ts';
import { formatOf, webPageTitle } from '../formats/magic.ts';
import { hashFile, readHead } from '../system/files.ts';
import type { FileTraits } from './check-schema.ts';

/** Reads what tells a disc: digest, size, volume label and size, and the version in its name. */
export async function examineFile(file: string, name: string, signal: AbortSignal): Promise<FileTraits> {
  const head = await readHead(file);
  const { sha256 } = await hashFile(file, signal);
  const { size } = await stat(file);
  const { label, volumeBytes } = formatOf(head) === 'iso' ? readVolumeHead(head) : {};
  const title = webPageTitle(head);
  const { version: namedVersion, release: namedRelease } = versionIn(basename(name));
  const { version: labelVersion } = versionIn(label ?? '');
  return {
    file: name,
    sha256,
    size,
    ...(label !== undefined && { label }),
    ...(volumeBytes !== undefined && { volumeSize: volumeBytes }),
    ...(title !== undefined && { title }),
    ...(namedVersion !== undefined && { namedVersion }),
    ...(namedRelease !== undefined && { namedRelease }),
    ...(labelVersion !== undefined && { labelVersion }),
  };
}

/** Words how an ISO ends before its volume does; undefined where it does not, or is no ISO. */
export function cutOffWords({ label, volumeSize, size }: FileTraits): string | undefined {
  if (label === undefined) return undefined;
  if (size < descriptorEnd)
    return `it is cut off: it ends in its volume descriptor, after ${size} of at least ${descriptorEnd} bytes`;
  if (volumeSize === undefined || volumeSize <= size) return undefined;
  return `it is cut off: its volume has ${volumeSize} bytes, the file ${size}`;
}

/** A longer number after the version is a date or the like, not a build. */
function versionIn(name: string): { version?: string; release?: string } {
  const [, version, build] = /virtio-win-(\d+\.\d+\.\d+)(?:-(\d{1,3})(?!\d))?/i.exec(name) ?? [];
  if (version === undefined) return {};
  return { version, ...(build !== undefined && { release: `${version}-${build}` }) };
}
