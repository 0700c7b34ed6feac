import { type ClientRequest, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { request as requestSecurely } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { connect as startTls } from 'node:tls';
import { urlToHttpOptions } from 'node:url';
import { getProxyForUrl } from 'proxy-from-env';
import { PipelineError } from '../../core/errors.ts';
import { connectionFailure, FetchFailure, passing } from './failure.ts';
import { seconds } from './watchdog.ts';

/** Requests an http or https address, or posts a body to it, through the proxy from the environment; throws `FetchFailure` when no response begins. */
export async function askForAddress(
  address: URL,
  headers: Readonly<Record<string, string>>,
  patience: Patience,
  body?: Uint8Array,
): Promise<IncomingMessage> {
  const proxy = proxyFor(address);
  if (proxy !== undefined && address.protocol === 'http:')
    return throughProxy(proxy, address, { headers, body }, patience);
  const options = {
    headers,
    body,
    ...(proxy !== undefined && { createConnection: await tunnelTo(address, proxy, patience) }),
  };
  const way = proxy === undefined ? '' : ` through the proxy ${proxy.shown}`;
  const reply = await send(address, options, patience).catch((error: unknown) => {
    throw connectionFailure(`no response from ${address.host}${way}`, error);
  });
  return reply.message;
}

/** Plain http goes through a proxy as a request, not as a tunnel, which proxies refuse for port 80 (RFC 9112 section 3.2.2). */
async function throughProxy(
  proxy: WebProxy,
  address: URL,
  { headers, body }: Pick<Question, 'body'> & { readonly headers: Readonly<Record<string, string>> },
  patience: Patience,
): Promise<IncomingMessage> {
  const options = {
    path: `${address.origin}${address.pathname}${address.search}`,
    headers: { ...headers, ...proxy.headers, host: address.host },
    body,
  };
  const { message } = await askProxy(proxy, address, options, patience);
  if (message.statusCode !== 407) return message;
  message.destroy();
  throw refusedBy(proxy, `refuses a request to ${address.host}`, message);
}

/** Opens a tunnel (RFC 9110 section 9.3.6), and returns the options for TLS in it. */
async function tunnelTo(address: URL, proxy: WebProxy, patience: Patience): Promise<() => Socket> {
  const host = address.hostname.replace(/^\[|\]$/g, '');
  const target = `${address.hostname}:${address.port || 443}`;
  const options = { method: 'CONNECT', path: target, headers: { ...proxy.headers, host: target } };
  const { message, socket } = await askProxy(proxy, address, options, patience);
  if (message.statusCode !== 200) {
    socket.destroy();
    throw refusedBy(proxy, `refuses a tunnel to ${target}`, message);
  }
  const name = isIP(host) === 0 ? { servername: host } : {};
  return () => startTls({ socket, host, ...name });
}

function askProxy(proxy: WebProxy, address: URL, options: Parameters<typeof send>[1], patience: Patience) {
  return send(proxy.url, options, patience).catch((error: unknown) => {
    const what = `no response from the proxy ${proxy.shown} to a request for ${address.host}`;
    throw connectionFailure(what, error, proxyHint);
  });
}

function refusedBy(
  proxy: WebProxy,
  what: string,
  { statusCode, statusMessage }: IncomingMessage,
): FetchFailure {
  const reason = String(statusMessage)
    .replace(/[^\x20-\x7e]/g, '')
    .slice(0, 100);
  return new FetchFailure(
    'network',
    `the proxy ${proxy.shown} ${what}: HTTP ${statusCode} ${reason}`.trim(),
    {
      retry: passing.includes(statusCode ?? 0),
      hint: statusCode === 407 ? `${proxyHint}: the proxy asks for a user and password` : proxyHint,
    },
  );
}

/** A request, and the body that is posted with it. */
type Question = RequestOptions & { readonly body?: Uint8Array | undefined };

/** Timeout of a connection in milliseconds, and the signal that aborts it. */
export interface Patience {
  readonly connectTimeout: number;
  readonly signal: AbortSignal;
}

/** The response, and the socket of a CONNECT request. */
interface Reply {
  readonly message: IncomingMessage;
  readonly socket: Socket;
}

/** Sends one request on a new connection, without the user and password of its address; rejects when no response begins. */
function send(
  address: URL,
  { body, ...options }: Question,
  { connectTimeout, signal }: Patience,
): Promise<Reply> {
  const method = body === undefined ? {} : { method: 'POST' };
  const isSecure = address.protocol === 'https:';
  const { auth: _, ...target } = urlToHttpOptions(address);
  const connection = options.createConnection === undefined ? { agent: false } : {};
  const asking = (isSecure ? requestSecurely : request)({
    ...target,
    ...connection,
    ...method,
    signal,
    ...options,
  });
  return new Promise((resolve, reject) => {
    limitConnecting(asking, isSecure ? 'secureConnect' : 'connect', connectTimeout);
    asking.on('response', (message) => resolve({ message, socket: message.socket }));
    asking.on('connect', (message, socket: Socket) => resolve({ message, socket }));
    asking.on('error', reject);
    asking.on('close', () => reject(new Error('the connection was closed')));
    asking.end(body);
  });
}

function limitConnecting(asking: ClientRequest, connected: string, timeout: number): void {
  const end = () => asking.destroy(new Error(`no connection within ${seconds(timeout)}`));
  const timer = setTimeout(end, timeout);
  const stop = () => clearTimeout(timer);
  asking.on('socket', (socket) => socket.once(connected, stop));
  asking.on('close', stop);
}

/** An HTTP proxy. */
interface WebProxy {
  readonly url: URL;
  /** Host and port, without a password. */
  readonly shown: string;
  /** The header with its password, if it has one (RFC 7617). */
  readonly headers: Readonly<Record<string, string>>;
}

/** Returns the proxy for an address from HTTP_PROXY, HTTPS_PROXY or ALL_PROXY, unless NO_PROXY excludes it; throws when one of them is not a proxy address. */
function proxyFor(address: URL): WebProxy | undefined {
  for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY']) {
    requireProxyUrl(name, process.env[name] ?? '');
  }
  const value = getProxyForUrl(address.href);
  if (value === '') return undefined;
  requireProxyUrl('ALL_PROXY', value);
  const url = new URL(value);
  const isBare = url.username === '' && url.password === '';
  const password = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const basic = `Basic ${Buffer.from(password).toString('base64')}`;
  return { url, shown: url.host, headers: isBare ? {} : { 'proxy-authorization': basic } };
}

/** Where to look when a proxy is the trouble. */
const proxyHint = 'check HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY';

/** The value may hold a password, so no error shows it. */
function requireProxyUrl(name: string, value: string): void {
  if (value === '' || (/^https?:\/\//i.test(value) && URL.canParse(value) && canDecode(value))) return;
  throw new PipelineError('usage', {
    place: name,
    message: 'is not the address of a proxy',
    hint: 'such as http://proxy.example.org:3128 (http or https), or unset it',
  });
}

function canDecode(value: string): boolean {
  try {
    return decodeURIComponent(new URL(value).username + new URL(value).password) !== undefined;
  } catch {
    return false;
  }
}
