import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { http } from '../../pipeline/sources/http.ts';
import type { SourceSetting } from './source-setting.ts';
import { buildZip } from './zip.ts';

/** An archive of two files that is right, and as many bytes that are wrong. */
export const bytes = await buildZip({ 'a/x.inf': 'inf', 'a/x.sys': randomBytes(300_000) });
export const others = randomBytes(bytes.length);

/** What a failure of the network advises. */
export const useHint = 'try again, or give the file from disk with --use drivers=PATH';

/** Opens a source from the web that is to hold some content; `bytes` unless told. */
export function openUrl(
  url: string,
  setting: SourceSetting,
  more: { readonly mirrors?: string[] } = {},
  content: Buffer = bytes,
) {
  const spec = { type: 'http' as const, url, sha256: digestOf(content), size: content.length, ...more };
  return http.open(spec, setting.request(), setting.context);
}

/** Returns the sha256 of some bytes. */
export function digestOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The cache must hold `bytes` under their digest, and no other file. */
export async function expectCached({ context }: SourceSetting): Promise<void> {
  const folder = join(context.cacheDir, 'sha256');
  expect(await readdir(folder)).toEqual([digestOf(bytes)]);
  expect((await readFile(join(folder, digestOf(bytes)))).equals(bytes)).toBe(true);
}

/** The cache must hold no file at all. */
export async function expectNothingCached({ context }: SourceSetting): Promise<void> {
  expect(await readdir(join(context.cacheDir, 'sha256'))).toEqual([]);
}
