import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { RunContext } from '../../pipeline/core/context.ts';
import { type Progress, silentReporter } from '../../pipeline/core/reporter.ts';
import type { SourceRequest } from '../../pipeline/sources/define.ts';

/** The context to open a source in a test, in a temporary folder. */
export interface SourceSetting {
  /** Folder of the release file. */
  readonly base: string;
  readonly scratch: string;
  readonly context: RunContext;
  readonly notes: readonly string[];
  readonly progress: readonly Progress[];
  readonly request: (more?: Partial<SourceRequest>) => SourceRequest;
}

export const place = 'release.yaml:7: sources.drivers';

/** Shortens the delays between attempts. */
export const quick = { firstWait: 5 };

/** Creates a context; by default the signal never fires and the cache is private. */
export async function makeSetting(
  more: Partial<Pick<RunContext, 'signal' | 'cacheDir' | 'offline' | 'fetch'>> = {},
): Promise<SourceSetting> {
  const root = await mkdtemp(join(tmpdir(), 'pvdisc-source-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const folders = { base: join(root, 'base'), scratch: join(root, 'scratch') };
  for (const folder of Object.values(folders)) await mkdir(folder);
  const notes: string[] = [];
  const progress: Progress[] = [];
  const context: RunContext = {
    workDir: root,
    cacheDir: join(root, 'cache'),
    signal: new AbortController().signal,
    reporter: {
      ...silentReporter,
      note: (text) => notes.push(text),
      progress: (step) => progress.push(step),
    },
    overrides: new Map(),
    ...more,
    fetch: { ...quick, ...more.fetch },
  };
  const request = (changes: Partial<SourceRequest> = {}): SourceRequest => ({
    id: 'drivers',
    place,
    baseDir: folders.base,
    scratch: folders.scratch,
    skip: () => false,
    ...changes,
  });
  return { ...folders, context, notes, progress, request };
}
