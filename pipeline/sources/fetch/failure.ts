/** What an attempt to fetch a file ends with when it is not the file: in words, by whose hand, and whether to try the same address again. */
export class FetchFailure extends Error {
  /** `content`: the server answered with something else than the file. */
  readonly kind: 'network' | 'content';
  readonly retry: boolean;
  /** Milliseconds that the server asks to be left alone. */
  readonly retryAfter: number | undefined;

  constructor(
    kind: 'network' | 'content',
    message: string,
    options: ErrorOptions & { readonly retry?: boolean; readonly retryAfter?: number | undefined } = {},
  ) {
    super(message, options);
    this.name = 'FetchFailure';
    this.kind = kind;
    this.retry = options.retry ?? false;
    this.retryAfter = options.retryAfter;
  }
}

/** Returns the failure for an error of the connection, worth another attempt: a library says only "fetch failed", the reason is its cause. */
export function connectionFailure(what: string, error: unknown): FetchFailure {
  if (error instanceof FetchFailure) return error;
  return new FetchFailure('network', `${what}: ${causeOf(error)}`, { cause: error, retry: true });
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  const message = cause instanceof Error ? cause.message : String(cause);
  return message || code || 'unknown reason';
}
