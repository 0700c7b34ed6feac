import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { PipelineError } from '../../core/errors.ts';

/** A member of an ar archive, from disk or from memory. */
export type ArMember =
  | { readonly name: string; readonly bytes: Buffer }
  | { readonly name: string; readonly file: string };

/** Yields an ar archive in the common format that deb(5) asks for; members are owned by root, mode 644, dated `epoch`. */
export async function* arArchive(members: readonly ArMember[], epoch: number): AsyncGenerator<Buffer> {
  yield Buffer.from('!<arch>\n');
  for (const member of members) {
    const size = 'bytes' in member ? member.bytes.length : (await stat(member.file)).size;
    yield arHeader(member.name, size, epoch);
    if ('bytes' in member) yield member.bytes;
    else yield* createReadStream(member.file, { highWaterMark: 1024 * 1024 });
    if (size % 2 === 1) yield Buffer.from('\n');
  }
}

const maxSize = 9_999_999_999;

/** Name, date, owner, group, mode and size in fixed columns, then the end mark. */
function arHeader(name: string, size: number, epoch: number): Buffer {
  if (size > maxSize) {
    throw new PipelineError('input', {
      place: name,
      message: `has ${size} bytes, a member of a Debian package may have ${maxSize} (deb(5))`,
      hint: 'put fewer drivers on the disc: select fewer, or take profile "slim"',
    });
  }
  const columns: [value: string, width: number][] = [
    [name, 16],
    [String(epoch), 12],
    ['0', 6],
    ['0', 6],
    ['100644', 8],
    [String(size), 10],
  ];
  return Buffer.from(`${columns.map(([value, width]) => value.padEnd(width)).join('')}\`\n`);
}
