/** What an attempt to fetch a file ends with when it is not the file: in words, by whose hand, and whether to try the same address again. */
export class FetchFailure extends Error {
  /** `content`: the server answered with something else than the file. */
  readonly kind: 'network' | 'content';
  readonly retry: boolean;
  /** Milliseconds that the server asks to be left alone. */
  readonly retryAfter: number | undefined;
  /** The next step, where it is another than to try again. */
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

/** Returns the failure for an error of the connection, worth another attempt unless it is about a certificate; `hint` is the next step where it is a special one. */
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
  "check this machine's clock; where an authority of your own made the certificate, name that authority's PEM file in NODE_EXTRA_CA_CERTS";

/** Of the addresses that a host has the first one speaks for all; Node's word for an answer that ends too early is `aborted`. */
function causeOf(error: unknown): string {
  const cause = error instanceof AggregateError ? error.errors[0] : error;
  const message = cause instanceof Error ? cause.message : String(cause);
  if (message === 'aborted') return 'it ended too early';
  return message || codeOf(cause) || 'unknown reason';
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

/** Answers that another attempt may better: RFC 9110 section 15, RFC 8470 (425), RFC 6585 (429). */
export const passing = [408, 425, 429, 500, 502, 503, 504];
