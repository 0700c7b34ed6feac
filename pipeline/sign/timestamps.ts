import type { RunContext } from '../core/context.ts';
import { PipelineError, type Problem } from '../core/errors.ts';
import { FormatError } from '../formats/format-error.ts';
import { readTimestampToken } from '../formats/signature/timestamp.ts';
import { readTimestampResponse, writeTimestampRequest } from '../formats/signature/timestamp-request.ts';
import { FetchFailure } from '../sources/fetch/failure.ts';
import { post } from '../sources/fetch/post.ts';

type Context = Pick<RunContext, 'signal' | 'reporter' | 'fetch' | 'offline'>;

/** Returns a timestamp of a signature (DER of an RFC 3161 token); throws with what each authority did wrong. */
export type AskForTimestamp = (signature: Uint8Array) => Promise<Uint8Array>;

/** Asks authorities in order until one gives a right timestamp; one that failed comes last for the rest of the run. */
export function timestampAuthorities(servers: readonly string[], context: Context): AskForTimestamp {
  let order = servers;
  return async (signature) => {
    const problems: Problem[] = [];
    if (context.offline) throw offline(servers);
    for (const server of order) {
      try {
        const token = requireRightTimestamp(
          readTimestampResponse(await ask(server, signature, context)),
          signature,
        );
        for (const { place, message } of problems)
          context.reporter.note(`${place}: ${message}; it is asked last from now on`);
        const failed = problems.map(({ place }) => place);
        order = [...order.filter((one) => !failed.includes(one)), ...failed];
        return token;
      } catch (error) {
        context.signal.throwIfAborted();
        if (!(error instanceof FetchFailure) && !(error instanceof FormatError)) throw error;
        problems.push({ place: server, message: error.message });
      }
    }
    throw noTimestamp(problems);
  };
}

function offline(servers: readonly string[]): PipelineError {
  return new PipelineError(
    'network',
    servers.map((place) => ({
      place,
      message: 'is not asked for a timestamp with --offline',
      hint: 'give signatures that have timestamps (--signatures), or leave out --offline',
    })),
  );
}

function noTimestamp(problems: readonly Problem[]): PipelineError {
  const [last] = problems.slice(-1);
  const hint = 'try again, or name another authority with --timestamp';
  return new PipelineError('network', [
    ...problems.slice(0, -1),
    ...(last === undefined ? [] : [{ ...last, hint }]),
  ]);
}

const mostBytes = 2 ** 20;

function ask(
  server: string,
  signature: Uint8Array,
  context: Pick<Context, 'signal' | 'fetch'>,
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
