import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { descriptorEnd, readVolumeHead } from '../formats/iso9660/index.ts';
import { formatOf, webPageTitle } from '../formats/magic.ts';
import { hashFile, readHead } from '../system/files.ts';
import type { FileTraits } from './check-schema.ts';

/** Reads the properties that identify a disc: digest, size, volume label and size, and the version in its name. */
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

/** Describes how an ISO is truncated; undefined if it is complete or not an ISO. */
export function truncation({ label, volumeSize, size }: FileTraits): string | undefined {
  if (label === undefined) return undefined;
  if (size < descriptorEnd)
    return `it is truncated: it ends in its volume descriptor, after ${size} of at least ${descriptorEnd} bytes`;
  if (volumeSize === undefined || volumeSize <= size) return undefined;
  return `it is truncated: its volume has ${volumeSize} bytes, the file ${size}`;
}

/** Ignores a longer number after the version, which is not a build but, for example, a date. */
function versionIn(name: string): { version?: string; release?: string } {
  const [, version, build] = /virtio-win-(\d+\.\d+\.\d+)(?:-(\d{1,3})(?!\d))?/i.exec(name) ?? [];
  if (version === undefined) return {};
  return { version, ...(build !== undefined && { release: `${version}-${build}` }) };
}
