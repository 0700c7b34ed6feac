import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Content } from '../../core/content.ts';
import type { BuildContext } from '../../core/context.ts';
import { byCodeUnit } from '../../core/order.ts';
import { type ArMember, arArchive, arMember } from '../../formats/deb/ar.ts';
import { debVersion } from '../../formats/deb/members.ts';
import type { PackageArtifact } from '../../model/release.ts';
import { writeHashed } from '../../system/files.ts';
import { installedSize, type PackedEntry, textFile, withFolders } from '../contents.ts';
import type { HostPlan } from '../host/define.ts';
import type { DebMetadata } from '../metadata/metadata.ts';
import { type TarStream, tarStream } from '../tar.ts';
import { binaryControl } from './binary-control.ts';
import { type Compression, compressToFile } from './compression.ts';

export interface DebSettings {
  readonly metadata: DebMetadata;
  readonly variables: ReadonlyMap<string, string>;
  readonly compression: Compression;
  readonly scratch: string;
}

/** Writes a planned package to the scratch folder. */
export async function writeDeb(
  plan: HostPlan,
  settings: DebSettings,
  context: BuildContext,
): Promise<PackageArtifact> {
  const name = `${plan.name}_${settings.metadata.version}_all.deb`;
  const members = await makeMembers(plan, settings, context);
  const content = await writeArchive(members, join(settings.scratch, name), context);
  for (const { name: member } of members) await rm(join(settings.scratch, member), { force: true });
  return { format: 'deb', name, content };
}

/** Creates the archive members in the order of deb(5); both tars use the same compression. */
async function makeMembers(
  { name: packageName, contents, scripts }: HostPlan,
  { metadata, variables, compression, scratch }: DebSettings,
  { epoch, signal, reporter }: BuildContext,
): Promise<ArMember[]> {
  const compress = async (member: string, tar: TarStream): Promise<ArMember> => {
    const name = `${member}.${compression.extension}`;
    const file = join(scratch, name);
    await compressToFile(compression, tar.bytes, file, signal);
    const { size } = await stat(file);
    return { name, size, chunks: contentOf(file) };
  };
  const totalBytes = contents.reduce((sum, entry) => sum + (entry.kind === 'file' ? entry.size : 0), 0);
  let bytes = 0;
  const onBytes = (count: number) => {
    bytes += count;
    reporter.progress({ bytes, totalBytes, item: packageName });
  };
  const data = tarStream(contents, { epoch, signal, onBytes });
  const dataMember = await compress('data.tar', data);
  const binary = metadata.packages.get(packageName)?.binary;
  if (binary === undefined) throw new Error(`no stanza of ${packageName}`);
  const control = binaryControl(metadata, binary, variables, installedSize(contents));
  const controlEntries = withFolders([
    textFile('control', control),
    textFile('md5sums', md5sums(contents, data.md5)),
    ...[...scripts].map(([script, text]) => textFile(script, text, 0o755)),
  ]);
  const controlMember = await compress('control.tar', tarStream(controlEntries, { epoch, signal }));
  return [arMember('debian-binary', Buffer.from(debVersion)), controlMember, dataMember];
}

async function* contentOf(file: string): AsyncGenerator<Buffer> {
  yield* createReadStream(file, { highWaterMark: 2 ** 20 });
}

async function writeArchive(
  members: readonly ArMember[],
  file: string,
  { epoch, signal }: BuildContext,
): Promise<Content> {
  return { file, ...(await writeHashed(file, arArchive(members, epoch), signal)) };
}

/** Lists the digests of all files and hard links by path, in the format of md5sum(1) (deb-md5sums(5)). */
function md5sums(contents: readonly PackedEntry[], md5: ReadonlyMap<string, string>): string {
  const paths = contents.map(({ path }) => path).sort(byCodeUnit);
  return paths.flatMap((path) => (md5.has(path) ? `${md5.get(path)}  ${path}\n` : [])).join('');
}
