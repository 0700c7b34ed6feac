import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { archFacts } from '../../pipeline/formats/windows/targets.ts';
import { readManifest } from '../../pipeline/manifest/read.ts';
import { builtSample } from '../builders/built-release.ts';
import { recordedFiles } from '../builders/disc-contents.ts';
import { lacksTool } from '../builders/needs.ts';
import { documents, treatmentOf } from './documents.ts';
import { readDocument } from './markdown.ts';

const examples = documents.flatMap((path) =>
  readDocument(path)
    .blocks.filter((block) => block.language === 'xml' && treatmentOf(path, block) === 'validate')
    .map(({ line, text }) => ({ path, line, text })),
);
const answerFile = examples.find(({ text }) => text.includes('<unattend'))?.text ?? '';

describe.skipIf(lacksTool('xmllint'))('XML', () => {
  test.each(examples)('of $path:$line is well-formed', async ({ text }) => {
    expect(await xmlErrors(text)).toBe('');
  });

  test('that is not well-formed is found', async () => {
    expect(await xmlErrors('<unattend><settings></unattend>')).toMatch(/mismatch/);
  });
});

describe('the answer file', () => {
  const paths = [...answerFile.matchAll(/<Path>([A-Z]):\\(\w+)\\(\w+)<\/Path>/g)];

  test('names the folder of the storage drivers under each of several letters, each once', async () => {
    const { targets } = await readManifest('drivers-manifest/releases/sample.yaml');
    const known = targets.map(({ os, arch }) => `${archFacts[arch].bootFolder}/${os}`);
    expect(paths.map(([, letter]) => letter)).toEqual(['D', 'E', 'F', 'G', 'H']);
    for (const [, , folder, os] of paths) expect(known).toContain(`${folder}/${os}`);
    const keys = [...answerFile.matchAll(/wcm:keyValue="(\d+)"/g)].map(([, key]) => key);
    expect(keys).toEqual(['1', '2', '3', '4', '5']);
  });

  test('looks for what is on every disc', async () => {
    const files = Object.keys(recordedFiles((await builtSample()).record));
    expect(answerFile).toContain('if exist %d:\\data\\info.json');
    expect(files).toContain('data/info.json');
    expect(answerFile).toContain('call %d:\\install.cmd /quiet');
    expect(files).toContain('install.cmd');
    expect(files).toContain('unattend/w11-amd64.xml');
    expect(files).toContain('amd64/w11/sampleblk.inf');
  });

  test('has a command no longer than Setup takes (259 characters, Microsoft, "RunSynchronousCommand Path")', () => {
    const [, command = ''] = /<Path>(cmd [^<]*)<\/Path>/.exec(answerFile) ?? [];
    expect(command.length).toBeGreaterThan(100);
    expect(command.length).toBeLessThanOrEqual(259);
  });
});

async function xmlErrors(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pvdisc-xml-'));
  try {
    await writeFile(join(folder, 'example.xml'), text);
    const { stderr } = await execa('xmllint', ['--noout', 'example.xml'], { cwd: folder, reject: false });
    return stderr;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
