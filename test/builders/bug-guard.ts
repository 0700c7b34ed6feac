import childProcess, { ChildProcess } from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import type { Readable } from 'node:stream';
import { afterAll, afterEach } from 'vitest';
import { exitCodes } from '../../pipeline/core/errors.ts';

/** Runs of the program that ended with a bug of ours since the last look. */
const bugs: string[] = [];
let isMeant = false;

/** How the program reports a bug, to people and with `--json`. */
const marks = ['pvdisc: this is a bug', '"hint": "this is a bug'];

/** Records a run that reported a bug in what it printed. */
export function lookForBug(command: string, ...outputs: readonly string[]): void {
  if (outputs.some((text) => marks.some((mark) => text.includes(mark)))) bugs.push(command);
}

/** Says that the test means to provoke a bug; it fails when no run reports one. */
export function provokesBug(): void {
  isMeant = true;
}

/** Returns the runs that reported a bug, and forgets them. */
export function takeBugs(): string[] {
  return bugs.splice(0);
}

/** Fails every test during which the program reported a bug, in this process or in any that a test starts, unless the test means to provoke it. */
export function failOnBugs(): void {
  const look = (): void => {
    const found = takeBugs();
    const meant = isMeant;
    isMeant = false;
    if (found.length > 0 && !meant) throw new Error(`a run reported a bug in pvdisc: ${found.join('; ')}`);
    if (found.length === 0 && meant)
      throw new Error('no run reported the bug that the test means to provoke');
  };
  watchChildren();
  afterEach(look);
  afterAll(look);
}

/** Every asynchronous function of `node:child_process` ends in this method, which its types do not have. */
const prototype = ChildProcess.prototype as ChildProcess & {
  spawn: (options: { readonly args?: readonly string[]; readonly file?: string }) => unknown;
};

/** Zstd exits with 70 as well, when its output is closed (programs/zstdcli.c, fileio.c: "Write error"). */
const writeError = /(?:^|\s)(?:\S*\/)?zstd(?:\s|$)/;

const watched = Symbol.for('pvdisc.watched');

/** Once per process, which may run several test files. */
function watchChildren(): void {
  if (watched in prototype) return;
  Object.defineProperty(prototype, watched, {});
  const { spawn } = prototype;
  prototype.spawn = function (options) {
    const started = spawn.call(this, options);
    const command = (options.args ?? [options.file]).join(' ');
    for (const stream of [this.stdout, this.stderr]) if (stream !== null) watchStream(stream, command);
    this.on('exit', (code) => {
      if (code === exitCodes.bug && !writeError.test(command)) bugs.push(`${command} (exit code ${code})`);
    });
    return started;
  };
  for (const name of ['spawnSync', 'execFileSync', 'execSync'] as const) forbid(name);
  syncBuiltinESMExports();
}

/** Looks at what is read without reading it itself, which would take it from whoever listens later. */
function watchStream(stream: Readable, command: string): void {
  const push = stream.push.bind(stream);
  let last = '';
  stream.push = (chunk: unknown, encoding) => {
    if (chunk instanceof Uint8Array) {
      last += Buffer.from(chunk).toString('latin1');
      lookForBug(command, last);
      last = marks.some((mark) => last.includes(mark)) ? '' : last.slice(-longest);
    }
    return push(chunk, encoding);
  };
}

const longest = Math.max(...marks.map(({ length }) => length));

/** They start a process past the method that is watched. */
function forbid(name: 'spawnSync' | 'execFileSync' | 'execSync'): void {
  childProcess[name] = () => {
    throw new Error(
      `tests start processes asynchronously: ${name} is not watched for bugs (test/builders/bug-guard.ts)`,
    );
  };
}
