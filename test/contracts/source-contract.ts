import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { RunContext } from '../../pipeline/core/context.ts';
import { defaultLimits } from '../../pipeline/core/limits.ts';
import { byCodeUnit } from '../../pipeline/core/order.ts';
import { type SourceRequest, type SourceTree, storedBytes } from '../../pipeline/sources/define.ts';
import { readStored } from '../../pipeline/system/stored-bytes.ts';
import { makeSetting, place, type SourceSetting } from '../builders/source-setting.ts';
import type { Tree } from '../builders/tree.ts';

/** A source that holds a given content. */
export interface PreparedSource {
  /** Opens it as the manifest gives it. */
  readonly open: (request: SourceRequest, context: RunContext) => Promise<SourceTree>;
  /** Opens it as a manifest would whose own path or URL leads nowhere; only `--use` can help. */
  readonly openElsewhere: (request: SourceRequest, context: RunContext) => Promise<SourceTree>;
  /** What `--use` may give for it. */
  readonly override: string;
}

/** What the contract has to know of a source type. */
export interface SourceUnderContract {
  readonly schema: z.ZodObject;
  readonly prepare: (content: Tree, setting: SourceSetting) => Promise<PreparedSource>;
  /** A spec that the schema takes. */
  readonly spec: Readonly<Record<string, unknown>>;
}

const content: Tree = {
  'Win7/x86/viostor.inf': '[Version]\r\nSignature="$WINDOWS NT$"\r\n',
  'Win7/x86/viostor.sys': Buffer.alloc(300_000, 'viostor.sys '),
  'Win7/x86/viostor.pdb': Buffer.alloc(70_000, 'pdb'),
  'README.md': 'one\r\ntwo\n$Id$\n',
  'empty.txt': '',
  'grün/ä ö.txt': 'umlaut',
  "it's/a+b [1] $x.txt": 'shell',
  '.gitattributes': '*.md text eol=lf ident\n*.inf export-ignore\n',
};
const paths = Object.keys(content).sort(byCodeUnit);

/** Declares the tests that every source type must pass. */
export function describeSourceContract(name: string, source: SourceUnderContract, isSkipped = false): void {
  describe.skipIf(isSkipped)(`source contract: ${name}`, () => {
    test('gives every file, sorted, with its very bytes', async () => {
      const setting = await makeSetting();
      const prepared = await source.prepare(content, setting);
      const tree = await prepared.open(setting.request(), setting.context);
      await expectContent(tree, paths);
    });

    test('lists skipped files, but neither gives nor writes them', async () => {
      const setting = await makeSetting();
      const prepared = await source.prepare(content, setting);
      const skip = (path: string) => path.endsWith('.pdb');
      const tree = await prepared.open(setting.request({ skip }), setting.context);
      expect(tree.files.find(({ path }) => path.endsWith('.pdb'))).toEqual({ path: 'Win7/x86/viostor.pdb' });
      await expectContent(
        tree,
        paths.filter((path) => !skip(path)),
      );
      const written = await readdir(setting.scratch, { recursive: true });
      expect(written.filter((path) => path.endsWith('.pdb'))).toEqual([]);
    });

    test('takes what --use gives instead', async () => {
      const setting = await makeSetting();
      const { openElsewhere, override } = await source.prepare(content, setting);
      await expect(openElsewhere(setting.request(), setting.context)).rejects.toThrow(place);
      const again = await makeSetting();
      await expectContent(await openElsewhere(again.request({ override }), again.context), paths);
    });

    test('says on the command line what is wrong with --use', async () => {
      const setting = await makeSetting();
      const { open } = await source.prepare(content, setting);
      await expect(open(setting.request({ override: '/nowhere/x' }), setting.context)).rejects.toMatchObject({
        kind: 'usage',
        problems: [{ place: '--use drivers=/nowhere/x', message: expect.stringMatching(/^no such f/) }],
      });
    });

    test.each([
      ['Win7/aux.inf', '"aux.inf" is the name of a device on Windows'],
      ['Win7/a?.sys', 'its name holds one of < > : " | ? *'],
      ['Win7/CONIN$', '"CONIN$" is the name of a device on Windows'],
      ['Win7/dot.', 'begins with a space, or ends with a space or dot'],
      ['Win7/tab\there', 'control or formatting character'],
    ])('refuses the name %j', async (path, message) => {
      const setting = await makeSetting();
      const prepared = await source.prepare({ ...content, [path]: 'x' }, setting);
      const opening = prepared.open(setting.request(), setting.context);
      await expect(opening).rejects.toMatchObject({ kind: 'input', problems: [{ place }] });
      await expect(opening).rejects.toThrow(message);
      await expect(opening).rejects.toThrow(`entry ${JSON.stringify(path)}: `);
    });

    test('refuses names that differ in case alone', async () => {
      const setting = await makeSetting();
      const prepared = await source.prepare({ ...content, 'win7/X86/VIOSTOR.sys': 'x' }, setting);
      const opening = prepared.open(setting.request(), setting.context);
      await expect(opening).rejects.toMatchObject({ kind: 'input', problems: [{ place }] });
      await expect(opening).rejects.toThrow('to Windows, which ignores case');
    });

    test.each([
      [
        'letters that are composed differently',
        'Win7/\u00e9.sys',
        'Win7/e\u0301.sys',
        'systems that compose letters',
      ],
      ['a letter that NTFS takes for another', 'Win7/\u03c2.sys', 'Win7/\u03c3.sys', 'which ignores case'],
      ['folders that differ in case', 'Win8/x86/a.sys', 'WIN8/x86/b.sys', 'are one folder to Windows'],
    ])('refuses %s', async (_, first, second, message) => {
      const setting = await makeSetting();
      const prepared = await source.prepare({ ...content, [first]: 'x', [second]: 'y' }, setting);
      const opening = prepared.open(setting.request(), setting.context);
      await expect(opening).rejects.toMatchObject({ kind: 'input', problems: [{ place }] });
      await expect(opening).rejects.toThrow(message);
    });

    test('holds no more than its limits', async () => {
      const setting = await makeSetting();
      const prepared = await source.prepare(content, setting);
      const files = { ...defaultLimits, files: 3 };
      const tooMany = prepared.open(setting.request({ limits: files }), setting.context);
      await expect(tooMany).rejects.toThrow('holds more than 3 files and folders');
      await expect(tooMany).rejects.toThrow('raise "files" under "limits"');
      const again = await makeSetting();
      const size = { ...defaultLimits, size: 1000 };
      const tooLarge = (await source.prepare(content, again)).open(
        again.request({ limits: size }),
        again.context,
      );
      await expect(tooLarge).rejects.toThrow('unpacks to more than 1000 bytes');
    });

    test('stops when the run is aborted', async () => {
      const controller = new AbortController();
      const setting = await makeSetting({ signal: controller.signal });
      const prepared = await source.prepare(content, setting);
      const opening = prepared.open(setting.request(), setting.context);
      controller.abort();
      await expect(opening).rejects.toMatchObject({ kind: 'interrupted', problems: [{ place }] });
      await expect(prepared.open(setting.request(), setting.context)).rejects.toMatchObject({
        kind: 'interrupted',
      });
    });

    test('describes every field of the manifest and refuses others', () => {
      const { properties = {} } = z.toJSONSchema(source.schema, { io: 'input' });
      expect(properties).toHaveProperty('type');
      for (const [key, field] of Object.entries(properties)) {
        expect((field as { description?: string }).description, key).toMatch(/.{10}/);
      }
      expect(source.schema.safeParse(source.spec).error).toBeUndefined();
      expect(source.schema.safeParse({ ...source.spec, colour: 'red' }).error?.issues[0]).toMatchObject({
        code: 'unrecognized_keys',
        keys: ['colour'],
      });
    });
  });
}

async function expectContent({ files }: SourceTree, given: readonly string[]): Promise<void> {
  expect(files.map(({ path }) => path)).toEqual(paths);
  expect(files.filter(({ file }) => file !== undefined).map(({ path }) => path)).toEqual(given);
  for (const found of files) {
    if (found.file === undefined) continue;
    const expected = Buffer.from(content[found.path] ?? 'no such file');
    expect((await readStored(storedBytes(found))).equals(expected), found.path).toBe(true);
  }
}
