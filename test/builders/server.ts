import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What the server does with a request for one path. */
export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** A web server on the loopback that goes away with the test. */
export interface Server {
  readonly url: string;
  /** Requested paths, in order. */
  readonly asked: readonly string[];
  /** The headers of each request, in the same order. */
  readonly headers: readonly IncomingHttpHeaders[];
}

/** Starts a server with an answer for each path; every other path is 404. */
export async function startServer(answers: Readonly<Record<string, Answer>>): Promise<Server> {
  const asked: string[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    headers.push(request.headers);
    const answer = answers[path];
    if (answer) answer(response, request);
    else response.writeHead(404).end('<html><title>No such page</title></html>');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, headers };
}

/** Answers with these bytes. */
export function gives(bytes: Uint8Array | string): Answer {
  return (response) => response.end(bytes);
}

/** Answers with a redirect. */
export function redirects(location: string): Answer {
  return (response) => response.writeHead(302, { location }).end();
}

/** Returns a port of the loopback interface that nothing uses. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
