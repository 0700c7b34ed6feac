import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { unattendFiles } from '../../pipeline/assemble/unattend.ts';
import { collectRelease, type Values } from '../builders/release.ts';
import { driverFolder } from '../builders/tree.ts';

const files = {
  ...driverFolder('Win11/amd64'),
  ...driverFolder('Win10/x86'),
  ...driverFolder('Win7/x86', { name: 'netkvm' }),
};

async function filesOf(release: Values = {}): Promise<Record<string, string>> {
  const made = await collectRelease({ files, release });
  return Object.fromEntries(unattendFiles(made.release.manifest, made.tree));
}

test('each Windows gets the paths of its storage drivers for the letters of CD drives, and a command without one', async () => {
  const made = await filesOf();
  expect(Object.keys(made)).toEqual([
    'unattend/w7-x86.xml',
    'unattend/w10-x86.xml',
    'unattend/w11-amd64.xml',
  ]);
  const [, documented = ''] =
    /```xml\n([\s\S]*?)```/.exec(await readFile('docs/unattended.md', 'utf8')) ?? [];
  expect(made['unattend/w11-amd64.xml']?.replaceAll('\r\n', '\n')).toBe(documented);
  expect(made['unattend/w10-x86.xml']).toContain('<Path>H:\\i386\\w10</Path>');
  expect(made['unattend/w7-x86.xml']).not.toContain('windowsPE');
  for (const text of Object.values(made)) {
    expect(text).not.toMatch(/(?<!\r)\n|[^\r\n\x20-\x7e]/);
    // Microsoft, "RunSynchronousCommand | Path": at most 259 characters.
    const [, command = ''] = /<Path>(cmd .*)<\/Path>/.exec(text) ?? [];
    expect(command.replaceAll('&gt;', '>').replaceAll('&amp;', '&').length).toBeLessThan(260);
    expect(text.length).toBeLessThan(2048);
  }
});

test('an architecture whose drivers Setup finds by itself gets no second version of them', async () => {
  const made = await filesOf({ setupDrivers: { targets: ['w11/amd64'] } });
  expect(made['unattend/w11-amd64.xml']).not.toContain('windowsPE');
  expect(made['unattend/w10-x86.xml']).toContain('windowsPE');
});
