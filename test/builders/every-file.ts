import { execa } from 'execa';

/** Returns every file of a Debian with its kind, mode, owner and target of a link, except what apt, dpkg and logs keep for themselves. */
export async function everyFile(root: string): Promise<string[]> {
  const { stdout } = await execa('find', ['.', '-xdev', '-printf', '%P %y %m %U:%G %l\\n'], { cwd: root });
  const own = /^(?:tmp|var\/log|var\/cache\/(?:apt|debconf)|var\/lib\/(?:apt|dpkg))(?:[/ ])/;
  return stdout
    .split('\n')
    .filter((line) => !own.test(line))
    .sort();
}
