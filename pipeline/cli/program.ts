import { exitCodes } from '../core/errors.ts';
import { removeAllTemporary } from '../system/temporary.ts';
import { main } from './main.ts';
import { closeAllReporters } from './report/terminal.ts';
import { reportError } from './report-error.ts';
import { asksForJson } from './usage.ts';

const args = process.argv.slice(2);

/** Reports errors that nothing can catch, such as one thrown in an event handler of a library. */
process.on('uncaughtException', (error) => {
  closeAllReporters();
  removeAllTemporary();
  process.exit(reportError(error, { json: asksForJson(args), interrupted: undefined, process }));
});

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') return; // the reader, such as head(1), has closed the pipe
    if (code === 'EIO' && stream.isTTY) return; // the terminal was closed; SIGHUP ends the run
    process.exitCode = exitCodes.input;
    if (stream === process.stdout) process.stderr.write(`standard output: ${message}\n`);
  });
}

const exitCode = await main(args, process);
process.exitCode ??= exitCode;
