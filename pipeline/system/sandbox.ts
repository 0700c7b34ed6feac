import { execa } from 'execa';
import { missingTools, type Tool, tools } from './tools.ts';

/** Whether programs that read untrusted bytes can run in a sandbox here, and why not. */
export type Sandbox = { readonly kind: 'bubblewrap' } | { readonly kind: 'none'; readonly why: string };

export interface ProgramCall {
  readonly file: string;
  readonly args: readonly string[];
}

/**
 * Returns the command that runs a tool in a sandbox: no network, no visible process of the host, every folder read-only,
 * and an empty /tmp but for the `readable` paths. Where there is no sandbox, the tool itself.
 */
export async function inSandbox(
  { name }: Tool,
  args: readonly string[],
  readable: readonly string[],
): Promise<ProgramCall> {
  if ((await findSandbox()).kind === 'none') return { file: name, args };
  const views = readable.flatMap((path) => ['--ro-bind', path, path]);
  return { file: tools.bwrap.name, args: [...closed, ...views, '--', name, ...args] };
}

/** Returns the note for users when tools that read untrusted bytes run without a sandbox; undefined when they run in one. */
export async function noSandboxNote(used: readonly Tool[]): Promise<string | undefined> {
  const readers = new Set(used.filter(({ readsUntrusted }) => readsUntrusted).map(({ name }) => name));
  const sandbox = readers.size === 0 ? undefined : await findSandbox();
  if (sandbox?.kind !== 'none') return undefined;
  return `no sandbox for ${[...readers].sort().join(', ')}: ${sandbox.why}`;
}

/** Returns whether bubblewrap is installed and works; tries it once for each PATH. */
export function findSandbox(): Promise<Sandbox> {
  const path = process.env.PATH ?? '';
  const found = tried.get(path) ?? trySandbox();
  tried.set(path, found);
  return found;
}

const tried = new Map<string, Promise<Sandbox>>();

/** A session of its own, against TIOCSTI, comes with the process group that each run has (exec.ts): --new-session would leave that group. */
const closed = [
  ...['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--tmpfs', '/tmp', '--chdir', '/'],
  ...['--unshare-all', '--die-with-parent', '--cap-drop', 'ALL'],
];

async function trySandbox(): Promise<Sandbox> {
  const { name, debianPackage } = tools.bwrap;
  if ((await missingTools([tools.bwrap])).length > 0)
    return { kind: 'none', why: `${name} is not on the PATH (apt-get install ${debianPackage})` };
  const trial = await execa(name, [...closed, '--', name, '--version'], { reject: false, stdin: 'ignore' });
  if (!trial.failed) return { kind: 'bubblewrap' };
  return { kind: 'none', why: `${name} does not work here: ${trial.stderr.trim() || trial.shortMessage}` };
}
