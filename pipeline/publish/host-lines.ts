import { plural } from '../core/text.ts';
import type { PublishedSuite } from './apt-repository.ts';
import type { RepositoryOptions } from './repository.ts';
import type { PublishedRpmSuite } from './rpm-repository.ts';

/** Returns the text of the host's file in `/etc/apt/sources.list.d/` (sources.list(5), deb822 style). */
export function sourcesText(
  { suite }: Pick<RepositoryOptions, 'suite'>,
  keyName: string,
  url: string,
): string {
  return `Types: deb\nURIs: ${url}\nSuites: ${suite}\nComponents: main\nSigned-By: ${keyFile(keyName)}\n`;
}

/** Returns the text of the host's file in `/etc/yum.repos.d/` (dnf.conf(5)): the signed index has the digests of the packages. */
export function repoText(
  { suite, origin }: Pick<RepositoryOptions, 'suite' | 'origin'>,
  keyName: string,
  url: string,
): string {
  const key = `gpgkey=file://${rpmKeyFile(keyName)}`;
  return `[${keyName}-${suite}]\nname=${origin} ${suite}\nbaseurl=${url}/${suite}\nrepo_gpgcheck=1\ngpgcheck=0\n${key}\n`;
}

/** Returns the report of a run: what is new, and the commands for a host that uses the repository. */
export function publishText(
  options: RepositoryOptions,
  published: PublishedSuite | PublishedRpmSuite,
  commands: (names: readonly string[]) => readonly string[],
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
    ...commands(names),
  ];
  return `${lines.join('\n')}\n`;
}

/** Returns the commands for a host with apt. */
export function aptCommands(options: RepositoryOptions, keyName: string, url: string) {
  return (names: readonly string[]) => [
    `Serve the folder as ${url}. On each host:`,
    `  sudo curl -fsSo ${keyFile(keyName)} ${url}/${keyName}.gpg`,
    `  sudo tee /etc/apt/sources.list.d/${keyName}.sources <<'END'`,
    `${sourcesText(options, keyName, url)}END`,
    '  sudo apt update',
    ...names.map((name) => `  sudo apt install ${name}`),
  ];
}

/** Returns the commands for a host with dnf. */
export function dnfCommands(options: RepositoryOptions, keyName: string, url: string) {
  return (names: readonly string[]) => [
    `Serve the folder as ${url}. On each host:`,
    `  sudo curl -fsSo ${rpmKeyFile(keyName)} ${url}/${keyName}.asc`,
    `  sudo tee /etc/yum.repos.d/${keyName}-${options.suite}.repo <<'END'`,
    `${repoText(options, keyName, url)}END`,
    ...names.map((name) => `  sudo dnf install ${name}`),
  ];
}

const notChecked = {
  unsigned: 'SHA256SUMS is not signed, so its origin is unknown; --release-key FILE requires a signature',
  'unknown-key':
    'the signature of SHA256SUMS was not checked; give the public key of its signer: --release-key FILE',
} as const;

function rpmKeyFile(keyName: string): string {
  return `/etc/pki/rpm-gpg/RPM-GPG-KEY-${keyName}`;
}

function keyFile(keyName: string): string {
  return `/usr/share/keyrings/${keyName}.gpg`;
}
