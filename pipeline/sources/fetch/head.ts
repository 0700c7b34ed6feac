import { connectionFailure } from './failure.ts';

/** As much as tells a web page from a disc, title included. */
const headBytes = 32 * 1024;

/**
 * Reads the first bytes of a body and gives them twice: as `head`, and in `all` followed by the rest. A body that
 * breaks off within them does so again at the same point of `all`, so that what came is not lost.
 */
export async function readHeadOf(
  body: AsyncIterable<Uint8Array>,
): Promise<{ head: Buffer; all: AsyncGenerator<Uint8Array> }> {
  const iterator = body[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  let failure: { readonly error: unknown } | undefined;
  for (let bytes = 0; bytes < headBytes; ) {
    const next = await iterator.next().catch((error: unknown) => {
      failure = { error: connectionFailure('the connection broke off', error) };
    });
    if (!next || next.done) break;
    chunks.push(next.value);
    bytes += next.value.length;
  }
  return { head: Buffer.concat(chunks), all: replay(chunks, iterator, failure) };
}

async function* replay(
  chunks: readonly Uint8Array[],
  iterator: AsyncIterator<Uint8Array>,
  failure: { readonly error: unknown } | undefined,
): AsyncGenerator<Uint8Array> {
  yield* chunks;
  if (failure !== undefined) throw failure.error;
  yield* { [Symbol.asyncIterator]: () => iterator };
}
