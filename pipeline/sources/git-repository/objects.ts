import { createHash } from 'node:crypto';
import { readToolOutput } from '../../host/tool-output.ts';
import { tools } from '../../host/tools.ts';
import { refusal, type Subject } from '../refusal.ts';
import { type ByteReader, readBytes } from './byte-reader.ts';
import { gitArguments, gitEnvironment } from './run-git.ts';

/** What takes an object that was asked for: its content, or undefined when the repository lacks it. */
export type TakeObject = (name: string, content: AsyncIterable<Buffer> | undefined) => Promise<void>;

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
    input: names.map((name) => `${name}\n`).join(''),
    failure: (words: string) =>
      refusal(subject, `git cannot read the repository: ${words}`, 'try git fsck there'),
  };
  await readToolOutput(tools.git, gitArguments(gitDir, ['cat-file', '--batch']), options, async (bytes) => {
    const reader = readBytes(bytes);
    for (const name of names) await readObject(reader, name, subject, take);
  });
}

async function readObject(
  reader: ByteReader,
  name: string,
  subject: Subject,
  take: TakeObject,
): Promise<void> {
  const header = await reader.line();
  if (header === `${name} missing`) return take(name, undefined);
  const [, id, type, size] = /^([0-9a-f]{40}) (blob|tree|commit) (\d+)$/.exec(header) ?? [];
  if (id === undefined || type === undefined)
    throw refusal(subject, `git cat-file answered ${JSON.stringify(header)}`);
  await take(name, verified(reader.bytes(Number(size)), id, `${type} ${size}\0`, subject));
  await reader.line();
}

async function* verified(chunks: AsyncIterable<Buffer>, id: string, header: string, subject: Subject) {
  const hash = createHash('sha1').update(header);
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  const got = hash.digest('hex');
  if (got !== id)
    throw refusal(subject, `object ${id} is damaged: its content has the id ${got}`, 'try git fsck there');
}
