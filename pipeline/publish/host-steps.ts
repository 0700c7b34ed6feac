/** Returns the text of the host's file in `/etc/apt/sources.list.d/` (sources.list(5), deb822 style). */
export function sourcesText({ suite }: { readonly suite: string }, keyName: string, url: string): string {
  return `Types: deb\nURIs: ${url}\nSuites: ${suite}\nComponents: main\nSigned-By: ${keyFile(keyName)}\n`;
}

/** Returns what a host does to use a suite. */
export function hostSteps(
  suite: { readonly suite: string },
  keyName: string,
  url: string,
): readonly { readonly text: string; readonly command: string }[] {
  const sources = sourcesText(suite, keyName, url);
  return [
    { text: 'The public key:', command: `sudo curl -fsSo ${keyFile(keyName)} ${url}/${keyName}.gpg` },
    {
      text: 'The repository:',
      command: `sudo tee /etc/apt/sources.list.d/${keyName}.sources <<${url.includes('$') ? 'END' : "'END'"}\n${sources}END`,
    },
    { text: 'The lists of packages:', command: 'sudo apt update' },
  ];
}

function keyFile(keyName: string): string {
  return `/usr/share/keyrings/${keyName}.gpg`;
}
