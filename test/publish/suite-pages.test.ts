import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { silentReporter } from '../../pipeline/core/reporter.ts';
import { writeSuitePages } from '../../pipeline/publish/suite-pages.ts';
import { temporaryFolder } from '../builders/release.ts';

test.each([
  ['apt', ['vw-drivers', 'vw-legacy', 'vw-symbols', 'vw'], ['vw', 'vw-drivers', 'vw-legacy', 'vw-symbols']],
  ['dnf', ['vw-symbols', 'vw'], ['vw', 'vw-symbols']],
] as const)(
  'the page of a suite for %s begins with the disc and ends with its installation',
  async (client, names, shown) => {
    const folder = await temporaryFolder('pvdisc-suite-');
    const root = join(folder, 'root');
    await mkdir(root);
    const items = names.map((name) => ({ name, version: '1.0-1' }));
    const suite = { client, suite: 'stable', root, origin: 'Example', items };
    const signer = { fingerprint: 'AB'.repeat(20), keyName: 'example' };
    await writeSuitePages({ ...suite, ...signer }, join(folder, 'staging'), { reporter: silentReporter });
    const page = await readFile(join(folder, 'staging', 'index.html'), 'utf8');
    expect([...page.matchAll(/<b>(.*?)<\/b>/g)].map(([, name]) => name)).toEqual(shown);
    const commands = [...page.matchAll(/<code>(.*?)<\/code>/gs)].map(([, command]) => command);
    const discs = shown.filter((name) => !/-(?:drivers|symbols)$/.test(name));
    expect(commands.at(-1)).toBe(discs.map((name) => `sudo ${client} install ${name}`).join('\n'));
  },
);
