#!/usr/bin/env node
import { exitCodes } from '../errors.ts';
import { main } from './main.ts';

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') return; // whoever read it has seen enough
    process.exitCode = exitCodes.input;
    if (stream === process.stdout) process.stderr.write(`standard output: ${message}\n`);
  });
}

const exitCode = await main(process.argv.slice(2), process);
process.exitCode ??= exitCode;
