import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { BuildContext } from '../context.ts';
import { definePackager, type PackagerInput } from '../define.ts';
import type { Content } from '../types.ts';
import { type ArMember, arArchive } from './deb/ar.ts';
import { binaryControl } from './deb/binary-control.ts';
import { compressions, compressToFile } from './deb/compression.ts';
import { installedSize, packageContents, type TarEntry, textFile, withFolders } from './deb/contents.ts';
import { type DebMetadata, readMetadata } from './deb/metadata.ts';
import { signatureText } from './deb/signatures.ts';
import { type TarStream, tarStream } from './deb/tar.ts';

/** The Debian package that puts the disc on a host, at the path where virt-v2v and others look for it. */
export const deb = definePackager({
  format: 'deb',
  summary: 'Debian package with the disc at /usr/share/virtio-win/virtio-win.iso',
  tools: ({ compression }) => [compressions[compression].tool],
  prepare: async (manifest) => {
    binaryControl(await readMetadata(manifest), substvars(''), 0);
  },
  pack: async (input, context) => {
    const metadata = await readMetadata(input.manifest);
    const name = `${input.manifest.release.package.name}_${metadata.version}_all.deb`;
    const scratch = await mkdtemp(join(input.folder, '.deb-'));
    try {
      const members = await makeMembers(input, metadata, scratch, context);
      const made = await writeArchive(members, join(scratch, name), context);
      const file = join(input.folder, name);
      await rename(made.file, file);
      return { format: 'deb', name, content: { ...made, file } };
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  },
});

/** The members of the archive in the order of deb(5); both tars are compressed alike, into `scratch`. */
async function makeMembers(
  { manifest, iso, drivers, readme, options }: PackagerInput,
  metadata: DebMetadata,
  scratch: string,
  { epoch, signal, reporter }: BuildContext,
): Promise<ArMember[]> {
  const compression = compressions[options.compression];
  const compress = async (member: string, tar: TarStream): Promise<ArMember> => {
    const name = `${member}.${compression.extension}`;
    const file = join(scratch, name);
    await compressToFile(compression, tar.bytes, file, signal);
    return { name, file };
  };
  const contents = packageContents(manifest, metadata, iso, readme);
  let bytes = 0;
  const onBytes = (count: number) => {
    bytes += count;
    reporter.progress({ bytes, totalBytes: iso.content.size, item: iso.name });
  };
  const data = tarStream(contents, { epoch, signal, onBytes });
  const dataMember = await compress('data.tar', data);
  const variables = substvars(signatureText(manifest.targets, drivers));
  const control = binaryControl(metadata, variables, installedSize(contents));
  const controlEntries = withFolders([
    textFile('control', control),
    textFile('md5sums', md5sums(contents, data.md5)),
  ]);
  const controlMember = await compress('control.tar', tarStream(controlEntries, { epoch, signal }));
  return [{ name: 'debian-binary', bytes: Buffer.from('2.0\n') }, controlMember, dataMember];
}

async function writeArchive(
  members: readonly ArMember[],
  file: string,
  { epoch, signal }: BuildContext,
): Promise<Content> {
  const hash = createHash('sha256');
  let size = 0;
  const watch = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  };
  await pipeline(arArchive(members, epoch), watch, createWriteStream(file), { signal });
  return { file, sha256: hash.digest('hex'), size };
}

/** What `debian/control` may refer to; the package depends on nothing that debhelper would find. */
function substvars(signatures: string): ReadonlyMap<string, string> {
  return new Map([
    ['misc:Depends', ''],
    ['pvdisc:Signatures', signatures],
  ]);
}

/** The digests of the files in the order of the tar, as md5sum(1) writes them (deb-md5sums(5)). */
function md5sums(contents: readonly TarEntry[], md5: ReadonlyMap<string, string>): string {
  return contents.map(({ kind, path }) => (kind === 'file' ? `${md5.get(path)}  ${path}\n` : '')).join('');
}
