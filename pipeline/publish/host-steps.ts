/** What a host does to use a suite, and why. */
export interface HostStep {
  readonly text: string;
  readonly command: string;
}

/** A suite of a repository, as hosts see it. */
interface Served {
  readonly suite: string;
  readonly origin: string;
}

/** Returns the text of the host's file in `/etc/apt/sources.list.d/` (sources.list(5), deb822 style). */
export function sourcesText({ suite }: Pick<Served, 'suite'>, keyName: string, url: string): string {
  return `Types: deb\nURIs: ${url}\nSuites: ${suite}\nComponents: main\nSigned-By: ${aptKeyFile(keyName)}\n`;
}

/** Returns the text of the host's file in `/etc/yum.repos.d/` (dnf.conf(5)): the signed index has the digests of the packages. */
export function repoText({ suite, origin }: Served, keyName: string, url: string): string {
  const key = `gpgkey=file://${dnfKeyFile(keyName)}`;
  return `[${keyName}-${suite}]\nname=${origin} ${suite}\nbaseurl=${url}/${suite}\nrepo_gpgcheck=1\ngpgcheck=0\n${key}\n`;
}

export function aptSteps(served: Pick<Served, 'suite'>, keyName: string, url: string): HostStep[] {
  return [
    { text: 'The public key:', command: `sudo curl -fsSo ${aptKeyFile(keyName)} ${url}/${keyName}.gpg` },
    {
      text: 'The repository:',
      command: writeCommand(`/etc/apt/sources.list.d/${keyName}.sources`, sourcesText(served, keyName, url)),
    },
    { text: 'The lists of packages:', command: 'sudo apt update' },
  ];
}

export function dnfSteps(served: Served, keyName: string, url: string): HostStep[] {
  return [
    { text: 'The public key:', command: `sudo curl -fsSo ${dnfKeyFile(keyName)} ${url}/${keyName}.asc` },
    {
      text: 'The repository:',
      command: writeCommand(
        `/etc/yum.repos.d/${keyName}-${served.suite}.repo`,
        repoText(served, keyName, url),
      ),
    },
  ];
}

/** The page of a repository writes its own address as a variable, which the shell replaces. */
function writeCommand(file: string, text: string): string {
  return `sudo tee ${file} <<${text.includes('$') ? 'END' : "'END'"}\n${text}END`;
}

function aptKeyFile(keyName: string): string {
  return `/usr/share/keyrings/${keyName}.gpg`;
}

function dnfKeyFile(keyName: string): string {
  return `/etc/pki/rpm-gpg/RPM-GPG-KEY-${keyName}`;
}
