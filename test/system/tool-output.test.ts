import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { PipelineError } from '../../pipeline/core/errors.ts';
import { readToolOutput } from '../../pipeline/system/tool-output.ts';
import type { Tool } from '../../pipeline/system/tools.ts';
import { temporaryFolder } from '../builders/release.ts';

const shell: Tool = { name: 'sh', why: 'is here for tests', debianPackage: 'dash', versionArgs: [] };
const failure = (words: string) =>
  new PipelineError('input', { place: 'x.zip', message: `damaged: ${words}` });

test('the output is read as it comes', async () => {
  let output = '';
  await readToolOutput(
    shell,
    ['-c', 'echo "$A"; cat'],
    { failure, input: 'in', env: { A: 'a' } },
    async (bytes) => {
      output = await text(bytes);
    },
  );
  expect(output).toBe('a\nin');
});

test('a file is the standard input itself, from its beginning to its end', async () => {
  const file = join(await temporaryFolder('pvdisc-output-'), 'in');
  await writeFile(file, 'x'.repeat(300_000));
  let output = '';
  await readToolOutput(
    shell,
    ['-c', 'readlink /proc/self/fd/0; wc -c'],
    { failure, stdinFile: file },
    async (bytes) => {
      output = await text(bytes);
    },
  );
  expect(output).toBe(`${file}\n300000\n`);
});

test('the last words of a tool that fails are thrown, even though the reader was content', async () => {
  const script = 'for i in 1 2 3 4 5; do echo "line $i" >&2; done; exit 3';
  const reading = readToolOutput(
    shell,
    ['-c', script],
    { failure },
    async (bytes) => void (await text(bytes)),
  );
  await expect(reading).rejects.toThrow('x.zip: damaged: line 2; line 3; line 4; line 5');
});

test('a tool that fails without words is described by its end', async () => {
  const read = async (bytes: AsyncIterable<Uint8Array>) => {
    for await (const _ of bytes);
  };
  await expect(readToolOutput(shell, ['-c', 'exit 3'], { failure }, read)).rejects.toThrow('it ended with 3');
  await expect(readToolOutput(shell, ['-c', 'kill -9 $$'], { failure }, read)).rejects.toThrow(
    /^sh: failed \(SIGKILL\): [^\n]*\n {2}hint: another program or the kernel ended it/,
  );
});

test('a reader that gives up stops the tool, and its own error counts', async () => {
  const started = performance.now();
  let processId = 0;
  const reading = readToolOutput(shell, ['-c', 'echo $$; exec sleep 60'], { failure }, async (bytes) => {
    for await (const chunk of bytes) {
      processId = Number(String(chunk));
      throw new Error('enough');
    }
  });
  await expect(reading).rejects.toThrow('enough');
  expect(performance.now() - started).toBeLessThan(30_000);
  expect(() => process.kill(processId, 0)).toThrow('ESRCH');
});

test.each([true, false])(
  'a reader that leaves its iterator open hangs nothing (it fails: %j)',
  async (fails) => {
    const reading = readToolOutput(shell, ['-c', 'seq 1 100000'], { failure }, async (bytes) => {
      await bytes[Symbol.asyncIterator]().next();
      if (fails) throw new Error('enough');
    });
    if (fails) await expect(reading).rejects.toThrow('enough');
    else await expect(reading).resolves.toBeUndefined();
  },
);

test('an abort stops the tool', async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 100);
  const options = { failure, signal: controller.signal };
  const reading = readToolOutput(
    shell,
    ['-c', 'exec sleep 60'],
    options,
    async (bytes) => void (await text(bytes)),
  );
  await expect(reading).rejects.toMatchObject({ kind: 'interrupted' });
});

test('a tool that is not there is named', async () => {
  const gone = { ...shell, name: 'no-such-tool-here' };
  const reading = readToolOutput(gone, [], { failure }, async (bytes) => void (await text(bytes)));
  await expect(reading).rejects.toThrow('no-such-tool-here: failed (ENOENT)');
});
