import type { PipelineError } from '../../errors.ts';
import { byCodeUnit } from '../../host/files.ts';
import { quoted, refusal, type Subject } from '../refusal.ts';
import { requireSafePath } from '../safe-path.ts';

/** The paths seen so far in one source. */
export interface PathRegister {
  /** Throws when the path is unsafe, is there already (case ignored), or is a folder as well. */
  readonly addFile: (path: string) => void;
  /** Throws when the path is unsafe or is a file as well. */
  readonly addFolder: (path: string) => void;
  readonly refusalOf: (path: string, what: string) => PipelineError;
  /** First names of the folders, sorted, at most ten. */
  readonly topFolders: () => string[];
}

/** Starts an empty register. */
export function startPathRegister(subject: Subject): PathRegister {
  const files = new Map<string, string>();
  const folders = new Set<string>();
  const top = new Set<string>();
  const addFolders = (path: string, end: number) => {
    if (end > 0) top.add(path.split('/', 1)[0] ?? path);
    for (let slash = end; slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const folder = path.slice(0, slash).toLowerCase();
      if (folders.has(folder)) return;
      if (files.has(folder)) throw clash(subject, path.slice(0, slash));
      folders.add(folder);
    }
  };
  return {
    addFile: (path) => {
      requireSafePath(path, subject);
      const key = path.toLowerCase();
      const twin = files.get(key);
      if (twin !== undefined) throw duplicate(subject, twin, path);
      if (folders.has(key)) throw clash(subject, path);
      files.set(key, path);
      addFolders(path, path.lastIndexOf('/'));
    },
    addFolder: (path) => {
      requireSafePath(path, subject);
      addFolders(path, path.length);
    },
    refusalOf: (path, what) => refusal(subject, `entry ${quoted(path)}: ${what}`),
    topFolders: () => [...top].sort(byCodeUnit).slice(0, 10),
  };
}

function duplicate(subject: Subject, first: string, second: string): PipelineError {
  const message =
    first === second
      ? `entry ${quoted(first)}: is there twice`
      : `entries ${quoted(first)} and ${quoted(second)}: are one file to Windows, which ignores case`;
  return refusal(subject, message);
}

function clash(subject: Subject, path: string): PipelineError {
  return refusal(subject, `entry ${quoted(path)}: is both a file and a folder (case ignored)`);
}
