/** A failed attempt to fetch a file: what went wrong, whether network or content is the cause, and whether to retry the same address. */
export class FetchFailure extends Error {
  /** `content`: the server sent something other than the file. */
  readonly kind: 'network' | 'content';
  readonly retry: boolean;
  /** Milliseconds to wait, as the server requests. */
  readonly retryAfter: number | undefined;
  /** The next step, where it is not to try again. */
  readonly hint: string | undefined;

  constructor(
    kind: 'network' | 'content',
    message: string,
    options: ErrorOptions & {
      readonly retry?: boolean;
      readonly retryAfter?: number | undefined;
      readonly hint?: string | undefined;
    } = {},
  ) {
    super(message, options);
    this.name = 'FetchFailure';
    this.kind = kind;
    this.retry = options.retry ?? false;
    this.retryAfter = options.retryAfter;
    this.hint = options.hint;
  }
}

/** Returns the failure for a connection error, to be retried unless a certificate caused it. */
export function connectionFailure(what: string, error: unknown, hint?: string): FetchFailure {
  if (error instanceof FetchFailure) return error;
  const isCertificate = certificateCode.test(codeOf(error) ?? '');
  return new FetchFailure('network', `${what}: ${causeOf(error)}`, {
    cause: error,
    retry: !isCertificate,
    hint: isCertificate ? certificateHint : hint,
  });
}

/** The codes of OpenSSL's X509_V_ERR_* as Node names them, and its own for a certificate of another host. */
const certificateCode =
  /CERT|^UNABLE_TO_(?:GET|VERIFY|DECODE|DECRYPT)|^(?:HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)$/;

const certificateHint =
  "check this machine's clock; if your own authority issued the certificate, set NODE_EXTRA_CA_CERTS to the authority's PEM file";

/** Reports the first address of a host that has several; Node says `aborted` for a response that ends too early. */
function causeOf(error: unknown): string {
  const cause = error instanceof AggregateError ? error.errors[0] : error;
  const message = cause instanceof Error ? cause.message : String(cause);
  if (message === 'aborted') return 'it ended too early';
  return message.replace(/; if the root CA is installed locally,.*/, '') || codeOf(cause) || 'unknown reason';
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

/** Temporary status codes: RFC 9110 section 15, RFC 8470 (425), RFC 6585 (429). */
export const passing = [408, 425, 429, 500, 502, 503, 504];
