/** Reads lines and counted runs of bytes from one stream, in turn. */
export interface ByteReader {
  /** Returns the next line without its end, at most 64 KiB. */
  readonly line: () => Promise<string>;
  /** Gives exactly so many bytes; must be read to its end before the next call. */
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
