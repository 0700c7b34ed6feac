import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';

/** A web server on the loopback interface that serves a folder. */
export interface FolderServer {
  readonly url: string;
  /** Requested paths, in order. */
  readonly asked: readonly string[];
  /** Serves another folder from now on. */
  readonly serve: (folder: string) => void;
  /** Changes one byte in the middle of each file whose path matches, until it is called again. */
  readonly damage: (pattern: RegExp | undefined) => void;
  readonly close: () => Promise<void>;
}

/** Serves a folder, which may not exist yet, until it is closed. */
export async function serveFolder(first: string): Promise<FolderServer> {
  const asked: string[] = [];
  let folder = first;
  let damaged: RegExp | undefined;
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(request.url ?? '/');
    asked.push(path);
    try {
      const bytes = await readFile(join(folder, normalize(path)));
      if (damaged?.test(path)) flip(bytes);
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    serve: (other) => {
      folder = other;
    },
    damage: (pattern) => {
      damaged = pattern;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function flip(bytes: Buffer): void {
  const middle = bytes.length >> 1;
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
}
