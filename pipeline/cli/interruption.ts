import { constants } from 'node:os';
import process from 'node:process';
import { PipelineError } from '../core/errors.ts';
import { removeAllTemporary } from '../system/temporary.ts';
import { closeAllReporters } from './report/terminal.ts';

/** What stops a run from outside. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** That of the signal which came, if one did. */
  readonly exitCode: () => number | undefined;
  /** Listens no longer. */
  readonly stop: () => void;
}

const names: readonly NodeJS.Signals[] = ['SIGHUP', 'SIGINT', 'SIGTERM'];

/** Long enough for tools to end and for temporary folders to be removed. */
const graceMilliseconds = 5000;

/**
 * Aborts on the first Ctrl-C, SIGTERM or SIGHUP (the terminal was closed). A second one ends the process, and so does a run that goes on for five seconds
 * after the first: it waits for a file that never answers. The listeners stay, since libraries would else end it.
 */
export function listenForSignals(): Interruption {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const interrupt = (name: NodeJS.Signals): void => {
    if (exitCode !== undefined) {
      endBy(name, stop);
      return;
    }
    exitCode = 128 + (constants.signals[name] ?? 0);
    setTimeout(() => endBy(name, stop), graceMilliseconds).unref();
    controller.abort(new PipelineError('interrupted', { place: 'pvdisc', message: `stopped by ${name}` }));
  };
  const stop = () => {
    for (const name of names) process.off(name, interrupt);
  };
  for (const name of names) process.on(name, interrupt);
  return { signal: controller.signal, exitCode: () => exitCode, stop };
}

/** `process.exit` waits for file operations and would wait for ever; a signal does not, which a library that listens too may hold up. */
function endBy(name: NodeJS.Signals, stop: () => void): void {
  stop();
  removeAllTemporary();
  closeAllReporters();
  process.stderr.write('pvdisc: stopped at once\n');
  process.kill(process.pid, name);
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 500);
}
