/** Conditions of a build that must not affect its output. */
export interface Conditions {
  /** Subfolder for the temporary files, current folder and output of the build. */
  readonly folder: string;
  readonly umask: string;
  readonly env: Readonly<Record<string, string>>;
  /** Whether folder listings are reversed. */
  readonly isReversed: boolean;
}

/** Two sets of conditions that differ in everything one process can set for another: paths, umask, time zone, locale, file order, threads. */
export const conditions: readonly [Conditions, Conditions] = [
  { folder: 'first', umask: '022', env: { TZ: 'UTC', LC_ALL: 'C.UTF-8' }, isReversed: false },
  {
    folder: 'a second, longer one',
    umask: '077',
    env: { TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8', UV_THREADPOOL_SIZE: '1' },
    isReversed: true,
  },
];

export function describeConditions({ umask, env, isReversed }: Conditions): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return [...variables, `umask ${umask}`, `folder listings ${isReversed ? 'reversed' : 'unchanged'}`].join(
    ', ',
  );
}
