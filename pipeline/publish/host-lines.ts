import { plural } from '../core/text.ts';
import type { PublishedSuite } from './apt-repository.ts';
import type { HostStep } from './host-steps.ts';
import { notChecked } from './release-signature.ts';
import type { RepositoryOptions } from './repository.ts';
import type { PublishedRpmSuite } from './rpm-repository.ts';

/** How hosts use a repository: where it is served, the steps on each host, and the command that installs packages. */
export interface HostUse {
  readonly url: string;
  readonly steps: readonly HostStep[];
  readonly install: string;
}

/** Returns the report of a run: what is new, and the commands for a host that uses the repository. */
export function publishText(
  options: RepositoryOptions,
  published: PublishedSuite | PublishedRpmSuite,
  { url, steps, install }: HostUse,
): string {
  const { added, packages, fingerprint } = published;
  const names = [...new Set(packages.map((entry) => entry.package))].sort();
  const lines = [
    `${options.root}: ${options.suite} has ${plural(packages.length, 'package')}, ${added.length} new; signed by ${fingerprint}`,
    ...added.map((path) => `  ${path}`),
    ...published.restored.map((path) => `  ${path}: restored; the file was missing or damaged`),
    ...published.releases.flatMap(({ folder, signature }) =>
      signature === 'good' ? [] : [`${folder}: ${notChecked[signature]}`],
    ),
    '',
    `Serve the folder as ${url}. On each host:`,
    ...steps.map(({ command }) => `  ${command}`),
    ...names.map((name) => `  ${install} ${name}`),
  ];
  return `${lines.join('\n')}\n`;
}
