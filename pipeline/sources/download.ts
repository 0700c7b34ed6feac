import { createHash } from 'node:crypto';
import type { RunContext } from '../context.ts';
import { writeNewFile } from '../host/write-new-file.ts';
import { fetchBody } from './fetch-body.ts';
import { mismatchHint, webPageNote } from './pinned-file.ts';
import { refusal, type Subject } from './refusal.ts';

/** A file to fetch: from where, what its bytes must be (`size` in bytes), where to write it, and what progress calls it. */
export interface Download {
  readonly url: string;
  readonly sha256: string;
  readonly size: number;
  readonly subject: Subject;
  readonly item: string;
  readonly file: string;
}

/** Fetches a file and checks its size and digest; stops as soon as more bytes come than it may have. */
export async function download(wanted: Download, { signal, reporter }: RunContext): Promise<void> {
  const { subject, size, file } = wanted;
  const hash = createHash('sha256');
  let received = 0;
  async function* watch(chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      received += chunk.length;
      hash.update(chunk);
      yield chunk;
      if (received > size) return;
      reporter.progress({ bytes: received, totalBytes: size, item: wanted.item });
    }
  }
  const done = new AbortController();
  try {
    const body = await fetchBody(wanted.url, subject, AbortSignal.any([signal, done.signal]));
    await writeNewFile(file, watch(body), signal);
  } finally {
    done.abort();
  }
  const note = await webPageNote(file);
  if (received !== size) {
    const got = received > size ? `more than ${size}` : String(received);
    throw refusal(subject, `gave ${got} bytes, expected ${size}${note}`, mismatchHint);
  }
  const sha256 = hash.digest('hex');
  if (sha256 !== wanted.sha256) {
    throw refusal(
      subject,
      `gave a file with sha256 ${sha256}, expected ${wanted.sha256}${note}`,
      mismatchHint,
    );
  }
}
