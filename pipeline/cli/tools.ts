import { exitCodes } from '../core/errors.ts';
import { toolVersion } from '../system/exec.ts';
import { tools as declared, missingTools } from '../system/tools.ts';
import type { Command } from './command.ts';

export const toolsCommand: Command<{ readonly missing: boolean }> = ({ process, exitWith }) => ({
  command: 'tools',
  describe: 'List the programs that pvdisc runs, what for, and whether they are installed',
  builder: (parser) =>
    parser.option('missing', {
      type: 'boolean',
      default: false,
      describe: 'Print only the Debian packages of missing programs, one per line',
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
