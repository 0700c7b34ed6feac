import { constants } from 'node:os';
import process from 'node:process';
import { PipelineError } from '../core/errors.ts';
import { removeAllTemporary } from '../system/temporary.ts';
import { closeAllReporters } from './report/terminal.ts';

/** The signals that stop a run. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** Exit code for the signal received, if any. */
  readonly exitCode: () => number | undefined;
  /** Removes the signal handlers. */
  readonly stop: () => void;
}

const names: readonly NodeJS.Signals[] = ['SIGHUP', 'SIGINT', 'SIGTERM'];

/** Long enough for tools to end and for temporary folders to be removed. */
const graceMilliseconds = 5000;

/**
 * Aborts on the first SIGINT, SIGTERM or SIGHUP. A second signal ends the process, and so does a run that is still going five
 * seconds after the first, for example because a network file system hangs. The handlers stay installed meanwhile; without
 * them, handlers of libraries would end the process early.
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

/** Ends by a signal, since `process.exit` waits for file operations that hang; SIGKILL follows if a handler of a library catches it. */
function endBy(name: NodeJS.Signals, stop: () => void): void {
  stop();
  removeAllTemporary();
  closeAllReporters();
  process.stderr.write('pvdisc: stopped immediately\n');
  process.kill(process.pid, name);
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 500);
}
