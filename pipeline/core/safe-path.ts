import { type Limits, overLimit } from './limits.ts';
import { quoted, refusal, type Subject } from './refusal.ts';
import { isDeviceName } from './windows-name.ts';

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
    throw overLimit(subject, 'depth', `entry ${quoted(path)}: lies deeper than ${limits.depth} folders`);
  }
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
  if (/^\s|[\s.]$/.test(name)) return 'a name in its path begins with a blank, or ends with a blank or dot';
  if (isDeviceName(name)) return `${quoted(name)} is the name of a device on Windows`;
  if (Buffer.byteLength(name) > maxNameBytes) return `has a name longer than ${maxNameBytes} bytes`;
  return undefined;
}
