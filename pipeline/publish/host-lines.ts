import { plural } from '../core/text.ts';
import type { AptOptions, PublishedSuite } from './apt-repository.ts';
import { notChecked } from './release-signature.ts';

/** Returns the text of the host's file in `/etc/apt/sources.list.d/` (sources.list(5), deb822 style). */
export function sourcesText({ suite }: Pick<AptOptions, 'suite'>, keyName: string, url: string): string {
  return `Types: deb\nURIs: ${url}\nSuites: ${suite}\nComponents: main\nSigned-By: ${keyFile(keyName)}\n`;
}

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
    `  sudo curl -fsSo ${keyFile(keyName)} ${url}/${keyName}.gpg`,
    `  sudo tee /etc/apt/sources.list.d/${keyName}.sources <<'END'`,
    `${sourcesText(options, keyName, url)}END`,
    '  sudo apt update',
    ...names.map((name) => `  sudo apt install ${name}`),
  ];
  return `${lines.join('\n')}\n`;
}

function keyFile(keyName: string): string {
  return `/usr/share/keyrings/${keyName}.gpg`;
}
