import type { PipelineError } from './errors.ts';
import type { Limits } from './limits.ts';
import { byCodeUnit } from './order.ts';
import { quoted, refusal, type Subject } from './refusal.ts';
import { requireSafePath } from './safe-path.ts';
import { collisionKey } from './windows-name.ts';

/** The paths seen so far in one source. */
export interface PathRegister {
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
  if (first === second) return refusal(subject, `entry ${quoted(first)}: is there twice`);
  const reason =
    first.normalize('NFC') === second.normalize('NFC')
      ? `are one ${what} to systems that compose letters (Unicode NFC)`
      : `are one ${what} to Windows, which ignores case`;
  return refusal(subject, `entries ${quoted(first)} and ${quoted(second)}: ${reason}`);
}

function clash(subject: Subject, path: string): PipelineError {
  return refusal(subject, `entry ${quoted(path)}: is both a file and a folder (case ignored)`);
}
