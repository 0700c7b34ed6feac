import type { IncomingMessage } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { connect as startTls } from 'node:tls';
import { connectionFailure, FetchFailure } from './failure.ts';
import { proxyFor, proxyHint, type WebProxy } from './proxy.ts';
import { passing } from './status-failure.ts';
import { type Patience, send } from './web-request.ts';

/** Asks a web server for what is at an http or https address, through the proxy that the environment names for it; throws `FetchFailure` when no answer begins. */
export async function askForAddress(
  address: URL,
  headers: Readonly<Record<string, string>>,
  patience: Patience,
): Promise<IncomingMessage> {
  const proxy = proxyFor(address);
  if (proxy !== undefined && address.protocol === 'http:')
    return throughProxy(proxy, address, headers, patience);
  const options = {
    headers,
    ...(proxy !== undefined && { createConnection: await tunnelTo(address, proxy, patience) }),
  };
  const way = proxy === undefined ? '' : ` through the proxy ${proxy.shown}`;
  const reply = await send(address, options, patience).catch((error: unknown) => {
    throw connectionFailure(`no answer from ${address.host}${way}`, error);
  });
  return reply.message;
}

/** Plain http goes through a proxy as a request, not as a tunnel, which proxies refuse for port 80 (RFC 9112 section 3.2.2). */
async function throughProxy(
  proxy: WebProxy,
  address: URL,
  headers: Readonly<Record<string, string>>,
  patience: Patience,
): Promise<IncomingMessage> {
  const options = {
    path: `${address.origin}${address.pathname}${address.search}`,
    headers: { ...headers, ...proxy.headers, host: address.host },
  };
  const { message } = await askProxy(proxy, address, options, patience);
  if (message.statusCode !== 407) return message;
  message.destroy();
  throw refusedBy(proxy, `does not let ${address.host} be asked`, message);
}

/** Opens a tunnel (RFC 9110 section 9.3.6), and returns how to speak TLS in it. */
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
    const what = `no answer from the proxy ${proxy.shown}, which was asked for ${address.host}`;
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
