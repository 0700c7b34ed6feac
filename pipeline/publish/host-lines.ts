import type { AptOptions, PublishedSuite } from './apt-repository.ts';

/** Returns the file that a host puts into `/etc/apt/sources.list.d/` (sources.list(5), deb822 style). */
export function sourcesText({ suite }: Pick<AptOptions, 'suite'>, keyName: string, url: string): string {
  return `Types: deb\nURIs: ${url}\nSuites: ${suite}\nComponents: main\nSigned-By: ${keyFile(keyName)}\n`;
}

/** Returns what a person is told: what is new, and what to type on a host that is to use the repository. */
export function publishText(options: AptOptions, published: PublishedSuite, url: string): string {
  const { added, packages, fingerprint, keyName } = published;
  const names = [...new Set(packages.map((entry) => entry.package))].sort();
  const lines = [
    `${options.root}: ${options.suite} has ${packages.length} packages, ${added.length} of them new; signed by ${fingerprint}`,
    ...added.map((path) => `  ${path}`),
    ...published.restored.map((path) => `  ${path}: restored; the file was missing or damaged`),
    ...published.releases.flatMap(({ folder, signature }) =>
      signature === 'good' ? [] : [`${folder}: ${notJudged[signature]}`],
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

const notJudged = {
  unsigned: 'SHA256SUMS is not signed, so that its maker is not known; --release-key FILE wants a signature',
  'unknown-key':
    'the signature of SHA256SUMS was not judged; give the public key of its maker: --release-key FILE',
} as const;

function keyFile(keyName: string): string {
  return `/usr/share/keyrings/${keyName}.gpg`;
}
