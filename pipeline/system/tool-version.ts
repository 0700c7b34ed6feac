import { PipelineError } from '../core/errors.ts';
import { run } from './exec.ts';
import type { Tool } from './tools.ts';

/** Returns the version that a tool prints of itself, such as `1.5.4`. */
export async function toolVersion(tool: Tool): Promise<string> {
  const { stdout, stderr } = await run(tool, tool.versionArgs, {});
  const version = /\d+(?:\.\d+)+/.exec(`${stdout}\n${stderr}`)?.[0];
  if (version === undefined) {
    throw new PipelineError('tool', {
      place: tool.name,
      message: `printed no version number for ${tool.versionArgs.join(' ')}`,
      hint: `is ${tool.name} on the PATH really the program of Debian's ${tool.debianPackage}?`,
    });
  }
  return version;
}
