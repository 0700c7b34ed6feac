import { PipelineError } from '../errors.ts';
import type { Subject } from './refusal.ts';

const mostRedirects = 10;

/**
 * Asks a web server for a file and returns the bytes of its answer, following redirects to http and https only.
 * Whatever goes wrong on the way, also later in the middle of the bytes, is an error of kind `network`.
 */
export async function fetchBody(
  url: string,
  subject: Subject,
  signal: AbortSignal,
): Promise<AsyncGenerator<Uint8Array>> {
  let address = new URL(url);
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    const response = await ask(address, subject, signal);
    const location = response.headers.get('location');
    if (response.status === 200 && response.body !== null) return readBody(response.body, subject);
    await response.body?.cancel();
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) {
      throw networkError(subject, `HTTP ${response.status} ${response.statusText} from ${address}`);
    }
    address = redirected(address, location, subject);
  }
  throw networkError(subject, `redirects more than ${mostRedirects} times, last to ${address}`);
}

async function ask(address: URL, subject: Subject, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(address, { signal, redirect: 'manual', headers: { 'accept-encoding': 'identity' } });
  } catch (error) {
    throw networkError(subject, `no answer from ${address.host}: ${causeOf(error)}`, error);
  }
}

function redirected(from: URL, location: string, subject: Subject): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (to === undefined || !['http:', 'https:'].includes(to.protocol)) {
    throw networkError(
      subject,
      `${from.host} redirects to ${JSON.stringify(location)}, expected an http or https address`,
    );
  }
  return to;
}

async function* readBody(body: AsyncIterable<Uint8Array>, subject: Subject): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw networkError(subject, `the connection broke off: ${causeOf(error)}`, error);
  }
}

/** `fetch` says only "fetch failed" or "terminated"; the reason is the error that caused it. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  const message = cause instanceof Error ? cause.message : String(cause);
  return message || code || 'unknown reason';
}

function networkError(subject: Subject, message: string, cause?: unknown): PipelineError {
  const problem = {
    place: subject.place,
    message: `${subject.name}: ${message}`,
    hint: 'try again, or give the file from disk with --use ID=PATH',
  };
  return new PipelineError('network', problem, { cause });
}
