import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { tools } from '../../pipeline/system/tools.ts';
import testTools from '../tools.json' with { type: 'json' };

/** The PATH for tests: the caller's, and Debian's folders of administrator commands. */
export const toolPath = [process.env.PATH ?? '', '/usr/sbin', '/sbin'].join(delimiter);

/** Returns whether to skip tests because a tool is missing, with a note; throws if CI is set. */
export function lacksTool(...names: readonly string[]): boolean {
  const missing = names.filter((name) => !hasTool(name));
  if (missing.length === 0) return false;
  const unknown = missing.filter((name) => !(name in testTools) && !(name in tools));
  const hint = unknown.length > 0 ? 'not in test/tools.json' : 'scripts/setup test installs what tests need';
  const fact = `this machine lacks ${missing.join(', ')}; ${hint}`;
  if (process.env.CI) throw new Error(fact);
  console.warn(`SKIPPED: ${fact}`);
  return true;
}

/** Returns whether to skip a test because an optional tool is missing, with a note. */
export function lacksOptionalTool(name: string): boolean {
  if (hasTool(name)) return false;
  console.warn(`SKIPPED: this machine lacks ${name}`);
  return true;
}

/** Returns whether to skip tests because a file or folder outside the repository is missing. */
export function lacksFile(path: string): boolean {
  if (existsSync(path)) return false;
  console.warn(`SKIPPED: ${path} is not there`);
  return true;
}

function hasTool(name: string): boolean {
  return toolPath.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
