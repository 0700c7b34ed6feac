/** What is around a build and must not show in what it makes. */
export interface Conditions {
  /** Folder of the build, below a private one: its temporary files, current folder and output. */
  readonly folder: string;
  readonly umask: string;
  readonly env: Readonly<Record<string, string>>;
  /** Folders list their files backwards. */
  readonly isReversed: boolean;
}

/** Two sets of conditions that differ in all that a program can choose for another: paths, umask, zone, locale, order of files, threads. */
export const conditions: readonly [Conditions, Conditions] = [
  { folder: 'first', umask: '022', env: { TZ: 'UTC', LC_ALL: 'C.UTF-8' }, isReversed: false },
  {
    folder: 'a second, longer one',
    umask: '077',
    env: { TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8', UV_THREADPOOL_SIZE: '1' },
    isReversed: true,
  },
];

/** Says in one line how a build is run. */
export function describeConditions({ umask, env, isReversed }: Conditions): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return [...variables, `umask ${umask}`, `folders listed ${isReversed ? 'backwards' : 'as they are'}`].join(
    ', ',
  );
}
