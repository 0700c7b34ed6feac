import { type DefaultRenderer, Listr, type ListrTaskWrapper, type SimpleRenderer } from 'listr2';
import { printableLines } from './columns.ts';
import { progressText } from './progress-text.ts';
import type { Reporter } from './reporter.ts';

type Task = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;

/** A live task list on a terminal, one task per stage; `close` waits until it has drawn its last state. */
export function terminalReporter(stageNames: readonly string[]): Reporter & { close: () => Promise<void> } {
  const stages = new Map(stageNames.map((name) => [name, deferred<string>()]));
  let current: Task | undefined;
  const list = new Listr(
    stageNames.map((name) => ({
      title: name,
      task: async (_context: unknown, task: Task) => {
        current = task;
        task.title = `${name}: ${await stages.get(name)?.promise}`;
      },
    })),
    { registerSignalListeners: false, rendererOptions: { collapseErrors: false, showErrorMessage: false } },
  );
  const drawn = list.run().then(
    () => {},
    () => {},
  );
  return {
    stage: async (name, work, summary) => {
      const stage = stages.get(name);
      try {
        const result = await work();
        stage?.resolve(summary(result));
        return result;
      } catch (error) {
        stage?.reject(new Error(name));
        throw error;
      }
    },
    progress: (progress) => {
      if (current !== undefined) current.output = progressText(progress);
    },
    note: (text) => {
      if (current !== undefined) current.output = printableLines(text);
    },
    close: async () => {
      for (const stage of stages.values()) stage.reject(new Error('not reached'));
      await drawn;
    },
  };
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

function deferred<T>(): Deferred<T> {
  let settle: Pick<Deferred<T>, 'resolve' | 'reject'> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  promise.catch(() => {});
  if (settle === undefined) throw new Error('a promise runs its executor at once');
  return { promise, ...settle };
}
