import { createHash } from 'node:crypto';
import { quoted, refusal, type Subject } from '../../core/refusal.ts';
import { readToolOutput } from '../../system/tool-output.ts';
import { tools } from '../../system/tools.ts';
import { type ByteReader, readBytes } from './byte-reader.ts';
import { gitArguments, gitEnvironment, gitSandbox } from './run-git.ts';

const repairHint = 'look at it with git fsck, or remove it from the cache';

/** What takes the content of an object that was asked for, to its end. */
export type TakeObject = (content: AsyncIterable<Buffer>) => Promise<void>;

/**
 * Reads objects by id or name with one `git cat-file --batch`, in the order asked for, and checks that the content
 * of each hashes to its id (SHA-1 of `type size NUL content`), so that a commit's id vouches for all below it.
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
    failure: (words: string) => refusal(subject, `git cannot read the repository: ${words}`, repairHint),
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
