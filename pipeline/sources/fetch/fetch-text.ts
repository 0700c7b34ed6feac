import { setTimeout } from 'node:timers/promises';
import type { RunContext } from '../../core/context.ts';
import { PipelineError } from '../../core/errors.ts';
import { type Answer, statusFailure } from './answer.ts';
import { backOff, oneAttempt } from './attempts.ts';
import { ask, type Line } from './client.ts';
import { FetchFailure } from './failure.ts';
import { fetchSettings } from './settings.ts';

/** Fetches a small text, such as a list of files, without caching it; retries as downloads do. Throws when it is longer than `maxBytes`. */
export async function fetchText(url: string, maxBytes: number, context: RunContext): Promise<string> {
  const settings = fetchSettings(context);
  const { signal } = context;
  for (let failures = 1; ; failures += 1) {
    const deadline = performance.now() + settings.totalTimeout;
    const read = await oneAttempt({ settings, deadline, signal }, (line) =>
      readOnce(new URL(url), maxBytes, line),
    );
    if (!(read instanceof FetchFailure)) return read;
    const wait = read.retryAfter ?? backOff(failures, settings);
    if (!read.retry || failures >= settings.attempts || wait > settings.longestRetryAfter)
      throw unreadable(url, read);
    await setTimeout(wait, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

async function readOnce(url: URL, maxBytes: number, line: Line): Promise<string> {
  const answer = await ask(url, {}, line);
  try {
    if (answer.status !== 200) throw await statusFailure(answer);
    return await readAll(answer, maxBytes);
  } finally {
    answer.close();
  }
}

async function readAll({ body, header }: Answer, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new FetchFailure('content', `sent more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  const length = Number(header('content-length') ?? bytes);
  if (length !== bytes)
    throw new FetchFailure('network', `the connection ended after ${bytes} of ${length} bytes`, {
      retry: true,
    });
  return Buffer.concat(chunks).toString('utf8');
}

function unreadable(url: string, { kind, message, hint }: FetchFailure): PipelineError {
  return new PipelineError(kind === 'network' ? 'network' : 'input', {
    place: url,
    message,
    hint: hint ?? (kind === 'network' ? 'try again' : 'name the list of releases itself'),
  });
}
