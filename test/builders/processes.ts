import { readdir, readFile } from 'node:fs/promises';

/** A process of this machine; `name` has at most 15 characters, and state Z is a zombie. */
export interface Process {
  readonly id: number;
  readonly parent: number;
  readonly name: string;
  readonly state: string;
}

/** Lists the processes in /proc; not every kernel lists children in /proc/PID/task (CONFIG_PROC_CHILDREN). */
export async function listProcesses(): Promise<Process[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const read = ids.map((id) => readFile(`/proc/${id}/stat`, 'utf8').catch(() => ''));
  return (await Promise.all(read)).flatMap((stat) => {
    const [, id, name = '', state = '', parent] = /^(\d+) \((.*)\) (\S) (\d+) /s.exec(stat) ?? [];
    return id === undefined ? [] : [{ id: Number(id), parent: Number(parent), name, state }];
  });
}

/** Returns the ids of the children of a process. */
export async function childrenOf(parent: number | undefined): Promise<number[]> {
  return (await listProcesses()).filter((each) => each.parent === parent).map(({ id }) => id);
}
