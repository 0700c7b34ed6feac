import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { tools } from '../../pipeline/system/tools.ts';
import testTools from '../tools.json' with { type: 'json' };

/** The PATH on which tests look for programs: the caller's, and where Debian keeps those of the administrator. */
export const toolPath = [process.env.PATH ?? '', '/usr/sbin', '/sbin'].join(delimiter);

/** Returns whether tests must be skipped for want of a tool, and says so; where CI is set, a missing tool throws. */
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

/** Returns whether a test must be skipped for want of a tool that tests need not have, and says so. */
export function lacksOptionalTool(name: string): boolean {
  if (hasTool(name)) return false;
  console.warn(`SKIPPED: this machine lacks ${name}`);
  return true;
}

/** Returns whether tests must be skipped since a file or folder that is not in the repository is not there. */
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
