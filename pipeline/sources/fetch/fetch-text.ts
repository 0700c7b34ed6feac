import { setTimeout } from 'node:timers/promises';
import type { RunContext } from '../../context.ts';
import { PipelineError } from '../../errors.ts';
import { type Answer, ask, type Line } from './ask.ts';
import { FetchFailure } from './failure.ts';
import { fetchSettings } from './settings.ts';
import { statusFailure } from './status-failure.ts';
import { startWatchdog } from './watchdog.ts';

/** Fetches a small text, such as a list of files, and keeps nothing of it; tries again as a fetch of a file does. Throws where it is longer than `maxBytes`. */
export async function fetchText(url: string, maxBytes: number, context: RunContext): Promise<string> {
  const settings = fetchSettings(context);
  for (let attempt = 1; ; attempt += 1) {
    const watchdog = startWatchdog(settings, performance.now() + settings.totalTimeout);
    const signal = AbortSignal.any([context.signal, watchdog.signal]);
    try {
      return await readOnce(new URL(url), maxBytes, {
        connectTimeout: settings.connectTimeout,
        signal,
        saw: watchdog.saw,
      });
    } catch (error) {
      context.signal.throwIfAborted();
      const failure = watchdog.signal.aborted ? watchdog.signal.reason : error;
      if (!(failure instanceof FetchFailure)) throw error;
      const wait =
        failure.retryAfter ?? Math.min(settings.longestWait, settings.firstWait * 2 ** (attempt - 1));
      if (!failure.retry || attempt >= settings.attempts || wait > settings.longestRetryAfter)
        throw unreadable(url, failure);
      await setTimeout(wait, undefined, { signal: context.signal }).catch(() =>
        context.signal.throwIfAborted(),
      );
    } finally {
      watchdog.stop();
    }
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
    if (bytes > maxBytes) throw new FetchFailure('content', `gives more than ${maxBytes} bytes`);
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
