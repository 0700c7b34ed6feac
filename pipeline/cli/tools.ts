import { exitCodes } from '../core/errors.ts';
import { toolVersion } from '../system/exec.ts';
import { tools as declared, missingTools } from '../system/tools.ts';
import type { Command } from './command.ts';

/** `pvdisc tools`: which external programs are there. */
export const toolsCommand: Command<{ readonly missing: boolean }> = ({ process, exitWith }) => ({
  command: 'tools',
  describe: 'List the external programs that pvdisc uses, why, and whether they are there',
  builder: (parser) =>
    parser.option('missing', {
      type: 'boolean',
      default: false,
      describe: 'Print only the Debian packages of missing programs, one per line, for apt-get install',
    }),
  handler: async ({ missing }) => {
    const absent = await missingTools(Object.values(declared));
    if (missing) {
      for (const { debianPackage } of absent) process.stdout.write(`${debianPackage}\n`);
      return;
    }
    for (const tool of Object.values(declared)) {
      const state = absent.includes(tool)
        ? `missing: apt-get install ${tool.debianPackage}`
        : await toolVersion(tool);
      process.stdout.write(`${tool.name.padEnd(14)} ${state.padEnd(36)} ${tool.why}\n`);
    }
    if (absent.some(({ optional }) => !optional)) exitWith(exitCodes.tool);
  },
});
