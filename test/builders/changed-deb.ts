import { readFile, writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { execa } from 'execa';
import { extract, type Header, pack } from 'tar-stream';

/** An archive member of a package. */
export interface DebMember {
  readonly name: string;
  readonly bytes: Buffer;
}

/** An entry of a tar in a package. */
export interface DebEntry {
  readonly header: Header;
  readonly bytes: Buffer;
}

/** Writes a copy of a package with changed archive members. */
export async function changeMembers(
  deb: string,
  copy: string,
  change: (members: readonly DebMember[]) => readonly DebMember[],
): Promise<void> {
  await writeFile(copy, writeAr(change(readAr(await readFile(deb)))));
}

/** Writes a copy of a package with changed entries in a tar compressed with zstd. */
export async function changeEntries(
  deb: string,
  copy: string,
  which: 'control' | 'data',
  change: (entries: readonly DebEntry[]) => readonly DebEntry[],
): Promise<void> {
  const members = readAr(await readFile(deb));
  const changed = members.map(async ({ name, bytes }): Promise<DebMember> => {
    if (name !== `${which}.tar.zst`) return { name, bytes };
    const tar = await writeTar(change(await readTar(await zstd(bytes, ['-dc']))));
    return { name, bytes: await zstd(tar, ['-c']) };
  });
  await writeFile(copy, writeAr(await Promise.all(changed)));
}

/** Returns a file entry owned by root. */
export function entry(name: string, text: string, more: Partial<Header> = {}): DebEntry {
  const header = { name, mode: 0o644, uid: 0, gid: 0, uname: 'root', gname: 'root', ...more };
  return { header: header as Header, bytes: Buffer.from(text) };
}

function readAr(bytes: Buffer): DebMember[] {
  const members: DebMember[] = [];
  for (let at = 8; at < bytes.length; ) {
    const name = bytes.toString('latin1', at, at + 16).trimEnd();
    const size = Number(bytes.toString('latin1', at + 48, at + 58));
    members.push({ name, bytes: bytes.subarray(at + 60, at + 60 + size) });
    at += 60 + size + (size % 2);
  }
  return members;
}

export function writeAr(members: readonly DebMember[]): Buffer {
  const written = members.flatMap(({ name, bytes }) => {
    const columns = [name.padEnd(16), '0'.padEnd(12), '0'.padEnd(6), '0'.padEnd(6), '100644'.padEnd(8)];
    const header = `${columns.join('')}${String(bytes.length).padEnd(10)}\`\n`;
    return [Buffer.from(header), bytes, Buffer.from(bytes.length % 2 === 1 ? '\n' : '')];
  });
  return Buffer.concat([Buffer.from('!<arch>\n'), ...written]);
}

async function readTar(bytes: Buffer): Promise<DebEntry[]> {
  const reader = extract();
  reader.end(bytes);
  const entries: DebEntry[] = [];
  for await (const found of reader) entries.push({ header: found.header, bytes: await buffer(found) });
  return entries;
}

async function writeTar(entries: readonly DebEntry[]): Promise<Buffer> {
  const tar = pack();
  const bytes = buffer(tar as AsyncIterable<Uint8Array>);
  for (const { header, bytes: content } of entries) tar.entry({ ...header, size: content.length }, content);
  tar.finalize();
  return bytes;
}

async function zstd(input: Buffer, args: readonly string[]): Promise<Buffer> {
  const { stdout } = await execa('zstd', ['-q', ...args], {
    input,
    encoding: 'buffer',
    stripFinalNewline: false,
  });
  return Buffer.from(stdout);
}
