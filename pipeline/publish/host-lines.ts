import { plural } from '../core/text.ts';
import type { AptOptions, PublishedSuite } from './apt-repository.ts';
import { hostSteps } from './host-steps.ts';
import { notChecked } from './release-signature.ts';

/** Returns the report of a run: what is new, and the commands for a host that uses the repository. */
export function publishText(options: AptOptions, published: PublishedSuite, url: string): string {
  const { added, packages, fingerprint, keyName } = published;
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
    ...hostSteps(options, keyName, url).map(({ command }) => `  ${command}`),
    ...names.map((name) => `  sudo apt install ${name}`),
  ];
  return `${lines.join('\n')}\n`;
}
