import type { Argv } from 'yargs';

/** What `build` and `check` have in common besides the release. */
export interface ReleaseOptions {
  readonly use: string[];
  readonly profile: 'slim' | 'full' | undefined;
  readonly offline: boolean;
}

/** What `--help` says of the release that a command is given. */
export const releaseDescription = 'The release: a YAML file such as drivers-manifest/releases/sample.yaml';

/** Declares the options that `build` and `check` have in common. */
export function releaseOptions<Given>(parser: Argv<Given>) {
  return parser
    .option('use', {
      type: 'string',
      array: true,
      nargs: 1,
      default: [] as string[],
      describe:
        'ID=PATH: take a source from this file or folder instead of from where the release says; its digests are checked all the same. May be repeated',
    })
    .option('profile', {
      choices: ['slim', 'full'] as const,
      requiresArg: true,
      describe: 'slim leaves out debug symbols (.pdb), full has them; the release says which when absent',
    })
    .option('offline', {
      type: 'boolean',
      default: false,
      describe: 'Open no socket: sources come from the cache or --use, and all that are missing are named',
    });
}
