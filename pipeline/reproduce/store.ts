import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PipelineError } from '../core/errors.ts';
import { parseJson } from '../core/parse-json.ts';
import { shellWord } from '../core/text.ts';
import { imageDocument, manifestSchema, mediaTypes } from '../formats/oci/image.ts';
import { layoutEntries } from '../package/oci/layout.ts';
import { tarStream } from '../package/tar.ts';
import { run } from '../system/exec.ts';
import { exists, hashFile, writeHashed } from '../system/files.ts';
import { pathKind, pathWords } from '../system/path-kind.ts';
import { copyImage, imageDigest } from '../system/skopeo.ts';
import { rclone, skopeo, type Tool } from '../system/tools.ts';

/** A store of results by key that other programs run; each result is one file. */
export interface ResultStore {
  readonly tools: readonly Tool[];
  /** Whether it is a folder of the machine that a job runs on. */
  readonly isFolder: boolean;
  /** Returns the address of a result, as errors name it. */
  readonly place: (key: string) => string;
  /** Copies a result to a new file; false if it is not there. */
  readonly get: (key: string, file: string, signal: AbortSignal) => Promise<boolean>;
  readonly put: (key: string, file: string, signal: AbortSignal) => Promise<void>;
}

/** Opens a store by its address: `docker://REGISTRY/REPOSITORY`, `rclone:REMOTE:PATH` (S3 and others), or a folder. */
export async function openStore(address: string): Promise<ResultStore> {
  const [, repository] = /^docker:\/\/(.+)$/.exec(address) ?? [];
  if (repository !== undefined) return registryStore(repository);
  const [, remote] = /^rclone:(.+:.*)$/.exec(address) ?? [];
  if (remote !== undefined) return rcloneStore(remote);
  if (/^[a-z][a-z0-9+.-]*:/i.test(address))
    throw new PipelineError('usage', {
      place: `--store ${address}`,
      message: 'is no kind of store that pvdisc knows',
      hint: `give docker://REGISTRY/REPOSITORY, rclone:REMOTE:PATH (S3 and others), or a folder, such as ./${address}`,
    });
  const kind = await pathKind(address);
  if (kind !== 'folder' && kind !== 'missing')
    throw new PipelineError('usage', {
      place: `--store ${address}`,
      message: `${pathWords[kind]}, expected a folder`,
      hint: 'give a folder, which pvdisc makes where it is missing',
    });
  return folderStore(address);
}

function folderStore(folder: string): ResultStore {
  const place = (key: string) => join(folder, `${key}.tar`);
  return {
    tools: [],
    isFolder: true,
    place,
    get: async (key, file) => {
      if (!(await exists(place(key)))) return false;
      await copyFile(place(key), file);
      return true;
    },
    put: async (key, file) => {
      await mkdir(folder, { recursive: true });
      const part = join(folder, `.${randomUUID()}.part`);
      try {
        await copyFile(file, part);
        await rename(part, place(key));
      } finally {
        await rm(part, { force: true });
      }
    },
  };
}

function rcloneStore(remote: string): ResultStore {
  const place = (key: string) => `${remote}${/[:/]$/.test(remote) ? '' : '/'}${key}.tar`;
  const copy = async (from: string, to: string, signal: AbortSignal) => {
    try {
      await run(rclone, ['copyto', from, to], { signal });
    } catch (error) {
      if (!(error instanceof PipelineError) || error.kind !== 'input') throw error;
      const hint = `see whether rclone reaches the store: rclone lsf ${shellWord(remote)}; rclone config sets it up`;
      throw new PipelineError(
        'input',
        error.problems.map((problem) => ({ hint, ...problem })),
        { cause: error },
      );
    }
  };
  return {
    tools: [rclone],
    isFolder: false,
    place,
    get: async (key, file, signal) => {
      try {
        await copy(place(key), file, signal);
        return await exists(file);
      } catch (error) {
        // rclone(1): exit code 3 is a missing folder, 4 a missing file.
        if (error instanceof PipelineError && /failed \([34]\)/.test(error.message)) return false;
        throw error;
      }
    },
    put: async (key, file, signal) => {
      await copy(file, place(key), signal);
    },
  };
}

/** Each result is an image with one layer, under its key as tag, so that any registry keeps it. */
function registryStore(repository: string): ResultStore {
  const place = (key: string) => `docker://${repository}:${key}`;
  return {
    tools: [skopeo],
    isFolder: false,
    place,
    get: async (key, file, signal) => {
      if ((await imageDigest(place(key), signal)) === undefined) return false;
      const folder = `${file}.image`;
      try {
        await copyImage(place(key), `dir:${folder}`, signal);
        const text = await readFile(join(folder, 'manifest.json'), 'utf8');
        const manifest = manifestSchema.safeParse(parseJson(text));
        const [layer] = manifest.data?.layers ?? [];
        if (layer === undefined) throw notResult(place(key));
        await rename(join(folder, layer.digest.slice('sha256:'.length)), file);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
      return true;
    },
    put: async (key, file, signal) => {
      const archive = `${file}.oci.tar`;
      try {
        await writeLayout(file, archive, signal);
        await copyImage(`oci-archive:${archive}`, place(key), signal);
      } finally {
        await rm(archive, { force: true });
      }
    },
  };
}

const removeHint = 'remove it from the store; the next build puts it there again';

function notResult(place: string): PipelineError {
  const message = 'is not an image that pvdisc put there';
  return new PipelineError('input', { place, message, hint: removeHint });
}

/** Writes an image layout with a file as its only layer. */
async function writeLayout(file: string, archive: string, signal: AbortSignal): Promise<void> {
  const { sha256, size } = await hashFile(file, signal);
  const layer = { mediaType: mediaTypes.layer, digest: `sha256:${sha256}`, size };
  const config = imageDocument(mediaTypes.config, {
    architecture: 'amd64',
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
  });
  const manifest = imageDocument(mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: config.descriptor,
    layers: [layer],
  });
  const index = imageDocument(mediaTypes.index, { schemaVersion: 2, manifests: [manifest.descriptor] });
  const entries = layoutEntries(index, [config, manifest], { size, content: { file, sha256 } });
  await writeHashed(archive, tarStream(entries, { epoch: 0, signal }).bytes, signal);
}
