import { createHash } from 'node:crypto';
import { quoted, refusal, type Subject } from '../../core/refusal.ts';
import { readToolOutput } from '../../system/tool-output.ts';
import { tools } from '../../system/tools.ts';
import { gitArguments, gitEnvironment, gitSandbox } from './run-git.ts';

const repairHint = 'check it with git fsck, or remove it from the cache';

/** Consumes the content of a requested object to its end. */
type TakeObject = (content: AsyncIterable<Buffer>) => Promise<void>;

/**
 * Reads objects by id or name with one `git cat-file --batch`, in the requested order, and checks that the content
 * of each hashes to its id (SHA-1 of `type size NUL content`), so that a commit's id covers everything below it.
 */
export async function readObjects(
  gitDir: string,
  names: readonly string[],
  { subject, signal }: { subject: Subject; signal: AbortSignal },
  take: TakeObject,
): Promise<void> {
  const options = {
    signal,
    env: gitEnvironment(),
    sandbox: gitSandbox,
    input: names.map((name) => `${name}\n`).join(''),
    failure: (reason: string) => refusal(subject, `git cannot read the repository: ${reason}`, repairHint),
  };
  await readToolOutput(tools.git, gitArguments(gitDir, ['cat-file', '--batch']), options, async (bytes) => {
    const reader = readBytes(bytes);
    for (const _ of names) await readObject(reader, subject, take);
  });
}

async function readObject(reader: ByteReader, subject: Subject, take: TakeObject): Promise<void> {
  const header = await reader.line();
  const [, id, type, size] = /^([0-9a-f]{40}) (blob|tree|commit) (\d+)$/.exec(header) ?? [];
  if (id === undefined || type === undefined) {
    throw refusal(subject, `git cat-file answered ${quoted(header)}`, repairHint);
  }
  await take(verified(reader.bytes(Number(size)), id, `${type} ${size}\0`, subject));
  await reader.line();
}

async function* verified(chunks: AsyncIterable<Buffer>, id: string, header: string, subject: Subject) {
  const hash = createHash('sha1').update(header);
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  const got = hash.digest('hex');
  if (got === id) return;
  throw refusal(subject, `object ${id} is damaged: its content has the id ${got}`, repairHint);
}

/** Reads lines and counted runs of bytes from one stream, in turn. */
interface ByteReader {
  /** Returns the next line without its end, at most 64 KiB. */
  readonly line: () => Promise<string>;
  /** Yields exactly this number of bytes; must be read to its end before the next call. */
  readonly bytes: (count: number) => AsyncGenerator<Buffer>;
}

const mostLineBytes = 64 * 1024;

/** Starts reading a stream; every call throws when the stream ends too early. */
export function readBytes(stream: AsyncIterable<Buffer>): ByteReader {
  const chunks = stream[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  const fill = async () => {
    const next = await chunks.next();
    if (next.done) throw new Error('the stream ended too early');
    rest = next.value;
  };
  return {
    line: async () => {
      let line = Buffer.alloc(0);
      for (;;) {
        const end = rest.indexOf('\n');
        line = Buffer.concat([line, end === -1 ? rest : rest.subarray(0, end)]);
        if (line.length > mostLineBytes) throw new Error('a line is too long');
        if (end !== -1) {
          rest = rest.subarray(end + 1);
          return line.toString();
        }
        await fill();
      }
    },
    bytes: async function* (count) {
      for (let left = count; left > 0; ) {
        if (rest.length === 0) await fill();
        const chunk = rest.subarray(0, left);
        rest = rest.subarray(chunk.length);
        left -= chunk.length;
        yield chunk;
      }
    },
  };
}
