import { readdir, readFile } from 'node:fs/promises';

/** A process of this machine: its id, that of its parent, the first 15 characters of its program's name, and its state, Z for a dead one. */
export interface Process {
  readonly id: number;
  readonly parent: number;
  readonly name: string;
  readonly state: string;
}

/** Returns all processes that /proc shows. The list of children in /proc/PID/task is not there in every kernel (CONFIG_PROC_CHILDREN). */
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
