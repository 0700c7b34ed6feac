import { type ClientRequest, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { request as requestSecurely } from 'node:https';
import type { Socket } from 'node:net';
import { urlToHttpOptions } from 'node:url';
import { seconds } from './watchdog.ts';

/** How long to wait for a connection (milliseconds), and what ends the waiting. */
export interface Patience {
  readonly connectTimeout: number;
  readonly signal: AbortSignal;
}

/** What came back: the answer, and the connection itself where it was asked for by CONNECT. */
export interface Reply {
  readonly message: IncomingMessage;
  readonly socket: Socket;
}

/** Sends one request on a connection of its own to the server of an address, whose user and password are not told; rejects when no answer begins. */
export function send(
  address: URL,
  options: RequestOptions,
  { connectTimeout, signal }: Patience,
): Promise<Reply> {
  const isSecure = address.protocol === 'https:';
  const { auth: _, ...target } = urlToHttpOptions(address);
  const connection = options.createConnection === undefined ? { agent: false } : {};
  const asking = (isSecure ? requestSecurely : request)({ ...target, ...connection, signal, ...options });
  return new Promise((resolve, reject) => {
    limitConnecting(asking, isSecure ? 'secureConnect' : 'connect', connectTimeout);
    asking.on('response', (message) => resolve({ message, socket: message.socket }));
    asking.on('connect', (message, socket: Socket) => resolve({ message, socket }));
    asking.on('error', reject);
    asking.on('close', () => reject(new Error('the connection was closed')));
    asking.end();
  });
}

function limitConnecting(asking: ClientRequest, connected: string, timeout: number): void {
  const end = () => asking.destroy(new Error(`no connection within ${seconds(timeout)}`));
  const timer = setTimeout(end, timeout);
  const stop = () => clearTimeout(timer);
  asking.on('socket', (socket) => socket.once(connected, stop));
  asking.on('close', stop);
}
