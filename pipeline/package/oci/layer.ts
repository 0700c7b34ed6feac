import type { Readable } from 'node:stream';
import type { IsoImage } from '../../model/release.ts';
import { withFolders } from '../contents.ts';
import { tarStream } from '../tar.ts';

/** The user qemu of KubeVirt's pods, who owns what a containerDisk holds. */
const qemu = { id: 107, name: 'qemu' };

/**
 * Streams the layer of a containerDisk: one file below `/disk`, owned by 107 (KubeVirt user guide, "containerDisk"). It has no date, so that
 * packages of one disc share it, and is not compressed, so that its digest depends on no compressor.
 */
export function diskLayer(
  { name, content: { file, sha256, size } }: IsoImage,
  signal: AbortSignal,
): Readable {
  const disc = { kind: 'file', path: `disk/${name}`, mode: 0o444, size, content: { file, sha256 } } as const;
  // The root belongs to the runtime.
  const entries = withFolders([disc]).filter(({ path }) => path !== '');
  return tarStream(entries, { epoch: 0, owner: qemu, signal }).bytes;
}
