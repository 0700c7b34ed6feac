import { limits } from './limits.ts';
import { quoted, refusal, type Subject } from './refusal.ts';

/** Throws when a path from an archive, ISO, repository or folder could leave its root or cannot exist on Windows. */
export function requireSafePath(path: string, subject: Subject): void {
  const problem = pathProblem(path);
  if (problem !== undefined) throw refusal(subject, `entry ${quoted(path)}: ${problem}`);
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
  if (Buffer.byteLength(path) > limits.pathBytes) return `its path is longer than ${limits.pathBytes} bytes`;
  const names = path.split('/');
  if (names.length > limits.depth) return `lies deeper than ${limits.depth} folders`;
  for (const name of names) {
    const problem = nameProblem(name);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function nameProblem(name: string): string | undefined {
  if (name === '') return 'its path has an empty name between slashes';
  if (name === '..') return 'leads out of its folder with ..';
  if (name === '.') return 'has a . in its path';
  if (/^\s|[\s.]$/.test(name)) return 'a name in its path begins with a blank, or ends with a blank or dot';
  if (/^(?:con|prn|aux|nul|com[1-9¹²³]|lpt[1-9¹²³])\s*(?:\.|$)/i.test(name)) {
    return `${quoted(name)} is the name of a device on Windows`;
  }
  if (Buffer.byteLength(name) > limits.nameBytes) return `has a name longer than ${limits.nameBytes} bytes`;
  return undefined;
}
