import type { RunContext } from '../core/context.ts';
import { PipelineError, type Problem } from '../core/errors.ts';
import { FormatError } from '../formats/format-error.ts';
import { readTimestampToken } from '../formats/signature/timestamp.ts';
import { readTimestampResponse, writeTimestampRequest } from '../formats/signature/timestamp-request.ts';
import { FetchFailure } from '../sources/fetch/failure.ts';
import { post } from '../sources/fetch/post.ts';

/** Returns a timestamp of a signature (DER of an RFC 3161 token) from the first authority that gives a right one; throws with what each of them did wrong. */
export async function fetchTimestamp(
  signature: Uint8Array,
  servers: readonly string[],
  context: Pick<RunContext, 'signal' | 'reporter' | 'fetch' | 'offline'>,
): Promise<Uint8Array> {
  const problems: Problem[] = [];
  if (context.offline)
    throw new PipelineError(
      'network',
      servers.map((place) => ({
        place,
        message: 'is not asked for a timestamp with --offline',
        hint: 'give signatures that have timestamps (--signatures), or leave out --offline',
      })),
    );
  for (const server of servers) {
    try {
      return requireRightTimestamp(readTimestampResponse(await ask(server, signature, context)), signature);
    } catch (error) {
      context.signal.throwIfAborted();
      if (!(error instanceof FetchFailure) && !(error instanceof FormatError)) throw error;
      problems.push({ place: server, message: error.message });
    }
  }
  const [last] = problems.slice(-1);
  throw new PipelineError('network', [
    ...problems.slice(0, -1),
    ...(last === undefined
      ? []
      : [{ ...last, hint: 'try again, or name another authority with --timestamp' }]),
  ]);
}

const mostBytes = 2 ** 20;

function ask(
  server: string,
  signature: Uint8Array,
  context: Pick<RunContext, 'signal' | 'fetch'>,
): Promise<Uint8Array> {
  const type = { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' };
  return post(new URL(server), type, writeTimestampRequest(signature), { ...context, mostBytes });
}

/** Returns a token (DER) that is of this signature and by its maker's own key; FormatError for any other. Whether anybody trusts the maker is for the rules to judge. */
export function requireRightTimestamp(token: Uint8Array, signature: Uint8Array): Uint8Array {
  const { problem, time } = readTimestampToken(token, signature);
  if (problem !== undefined) throw new FormatError(`its timestamp is not right: ${problem}`);
  if (time === undefined) throw new FormatError('its timestamp has no time');
  return token;
}
