import type { PipelineError } from './errors.ts';
import { type Limits, overLimit } from './limits.ts';
import { byCodeUnit } from './order.ts';
import { quoted, refusal, type Subject } from './refusal.ts';

/** UTF-8 bytes of one name: ext4, Rock Ridge. */
const maxNameBytes = 255;

/** Throws when a path from an archive, ISO, repository or folder could leave its root, cannot exist on Windows or is beyond the limits. */
export function requireSafePath(path: string, subject: Subject, limits: Limits): void {
  const problem = pathProblem(path);
  if (problem !== undefined) throw refusal(subject, `entry ${quoted(path)}: ${problem}`);
  if (Buffer.byteLength(path) > limits.pathLength) {
    const message = `entry ${quoted(path)}: its path is longer than ${limits.pathLength} bytes`;
    throw overLimit(subject, 'pathLength', message);
  }
  if (path.split('/').length > limits.depth) {
    throw overLimit(subject, 'depth', `entry ${quoted(path)}: is deeper than ${limits.depth} folders`);
  }
}

/** Removes the `./` that packing the current folder puts before each name. */
export function withoutDotStart(name: string): string {
  return name.replace(/^(?:\.\/+)+/, '');
}

/**
 * Returns why a path (`/` between names) is refused, undefined when it is good. Windows' rules for names are
 * those of "Naming Files, Paths, and Namespaces" (Microsoft Learn).
 */
export function pathProblem(path: string): string | undefined {
  if (path === '') return 'its name is empty';
  if (path.includes('\uFFFD')) return 'its name is not valid UTF-8';
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(path))
    return 'its name holds a control or formatting character';
  if (path.includes('\\')) return 'its name holds a backslash';
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'is an absolute path, expected a relative one';
  if (/[<>:"|?*]/.test(path)) return 'its name holds one of < > : " | ? *, which Windows does not allow';
  for (const name of path.split('/')) {
    const problem = nameProblem(name);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function nameProblem(name: string): string | undefined {
  if (name === '') return 'its path has an empty name between slashes';
  if (name === '..') return 'leads out of its folder with ..';
  if (name === '.') return 'has a . in its path';
  if (/^\s|[\s.]$/.test(name)) return 'a name in its path begins with a space, or ends with a space or dot';
  if (isDeviceName(name)) return `${quoted(name)} is the name of a device on Windows`;
  if (Buffer.byteLength(name) > maxNameBytes) return `has a name longer than ${maxNameBytes} bytes`;
  return undefined;
}

/**
 * Returns a path as file systems compare it at their laxest: upper case letter by letter, as NTFS does with its table
 * `$UpCase`, and composed (Unicode NFC), as other systems see it. Paths with one key cannot both be on a disc.
 */
function collisionKey(path: string): string {
  if (/^[\x20-\x7e]*$/.test(path)) return path.toUpperCase();
  return [...path.normalize('NFC')].map(upcase).join('').normalize('NFC');
}

/** NTFS maps each UTF-16 unit to one unit, so that ß stays ß, and ᾀ and ᾈ are one, whose upper case in JavaScript is two letters (Unicode, simple case mapping). */
function upcase(letter: string): string {
  const upper = letter.toUpperCase();
  return upper.length === letter.length ? upper : letter.toLowerCase();
}

/** Device names of Windows (Microsoft Learn, "Naming Files, Paths, and Namespaces"; `CONIN$` and `CONOUT$` are those of its console). */
const devices = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:[.:]|$)/i;

/** Tells whether Windows takes a name, with or without an ending, for a device. */
function isDeviceName(name: string): boolean {
  return devices.test(name);
}

/** The paths seen so far in one source. */
interface PathRegister {
  /** Throws when the path is unsafe, or one that Windows or another system cannot tell from an earlier one. */
  readonly addFile: (path: string) => void;
  /** Throws when the path is unsafe, is a file as well, or is spelled otherwise than before. */
  readonly addFolder: (path: string) => void;
  readonly refusalOf: (path: string, what: string) => PipelineError;
  /** First names of the folders, sorted, at most ten. */
  readonly topFolders: () => string[];
}

/** Starts an empty register. */
export function startPathRegister(subject: Subject, limits: Limits): PathRegister {
  const files = new Map<string, string>();
  const folders = new Map<string, string>();
  const top = new Set<string>();
  const addFolders = (path: string, end: number) => {
    if (end > 0) top.add(path.split('/', 1)[0] ?? path);
    for (let slash = end; slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const folder = path.slice(0, slash);
      const known = folders.get(collisionKey(folder));
      if (known === folder) return;
      if (known !== undefined) throw twins(subject, known, folder, 'folder');
      if (files.has(collisionKey(folder))) throw clash(subject, folder);
      folders.set(collisionKey(folder), folder);
    }
  };
  return {
    addFile: (path) => {
      requireSafePath(path, subject, limits);
      const key = collisionKey(path);
      const twin = files.get(key);
      if (twin !== undefined) throw twins(subject, twin, path, 'file');
      if (folders.has(key)) throw clash(subject, path);
      files.set(key, path);
      addFolders(path, path.lastIndexOf('/'));
    },
    addFolder: (path) => {
      requireSafePath(path, subject, limits);
      addFolders(path, path.length);
    },
    refusalOf: (path, what) => refusal(subject, `entry ${quoted(path)}: ${what}`),
    topFolders: () => [...top].sort(byCodeUnit).slice(0, 10),
  };
}

function twins(subject: Subject, first: string, second: string, what: 'file' | 'folder'): PipelineError {
  if (first === second) return refusal(subject, `entry ${quoted(first)}: occurs twice`);
  const reason =
    first.normalize('NFC') === second.normalize('NFC')
      ? `are one ${what} to systems that compose letters (Unicode NFC)`
      : `are one ${what} to Windows, which ignores case`;
  return refusal(subject, `entries ${quoted(first)} and ${quoted(second)}: ${reason}`);
}

function clash(subject: Subject, path: string): PipelineError {
  return refusal(subject, `entry ${quoted(path)}: is both a file and a folder (case ignored)`);
}
