import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';

/** Sends one command to the QMP socket of a QEMU, and returns what it returns; throws what QEMU says against it. */
export async function qmp(socket: string, execute: string, words: object = {}): Promise<unknown> {
  const connection = createConnection(socket);
  try {
    const lines = createInterface(connection)[Symbol.asyncIterator]();
    await lines.next();
    await answerTo(connection, lines, 'qmp_capabilities', {});
    return await answerTo(connection, lines, execute, words);
  } finally {
    connection.destroy();
  }
}

async function answerTo(
  connection: NodeJS.WritableStream,
  lines: AsyncIterator<string>,
  execute: string,
  words: object,
): Promise<unknown> {
  connection.write(`${JSON.stringify({ execute, arguments: words })}\n`);
  for (;;) {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`QEMU ended without an answer to ${execute}`);
    const answer = JSON.parse(value);
    if ('error' in answer) throw new Error(`${execute}: ${answer.error.desc}`);
    if ('return' in answer) return answer.return;
  }
}
