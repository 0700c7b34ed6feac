import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { RunContext } from '../../core/context.ts';
import { PipelineError } from '../../core/errors.ts';
import { cached, cacheFolders, findCached } from '../../system/cache.ts';
import { run } from '../../system/exec.ts';
import { inCache } from '../../system/system-error.ts';
import { tools } from '../../system/tools.ts';
import type { SourceRequest } from '../define.ts';
import { requireReachable } from '../fetch/mirrors.ts';
import { hasCommit, missingObjects } from './find-repository.ts';
import { gitArguments, gitEnvironment } from './run-git.ts';

/** The location of a commit: a URL for git, and the full id. */
export interface RemoteCommit {
  readonly url: string;
  readonly commit: string;
}

/** Returns the bare repository of the cache that holds one commit, fetching it without history where it is missing. */
export async function fetchCommit(
  remote: RemoteCommit,
  request: SourceRequest,
  context: RunContext,
): Promise<string> {
  const { signal, reporter, cacheDir } = context;
  const urlKey = createHash('sha256').update(remote.url).digest('hex');
  const entry = {
    path: join(cacheDir, cacheFolders.git, urlKey, remote.commit),
    kind: 'folder' as const,
    isWhole: async (path: string) =>
      (await hasCommit(path, remote.commit, signal)) &&
      (await missingObjects(path, remote.commit, signal)).size === 0,
    fill: async (temporary: string) => {
      reporter.progress({ item: request.id });
      await fetchInto(temporary, remote, { place: request.place, instead }, signal);
    },
    onDamage: () => reporter.note(`${request.id}: the cached repository is damaged; fetching it again`),
  };
  const instead = `give a checkout with --use ${request.id}=PATH`;
  return inCache(cacheDir, async () => {
    const found = await findCached(entry);
    if (found !== undefined) return found;
    requireReachable({ urls: [remote.url], place: request.place, instead }, context);
    return cached(entry);
  });
}

/** The place of the source in the manifest, and what to do instead of fetching it. */
interface Wanted {
  readonly place: string;
  readonly instead: string;
}

/** Slower than 1000 bytes per second for a minute counts as a failure. */
const transport = ['-c', 'http.lowSpeedLimit=1000', '-c', 'http.lowSpeedTime=60'];
const fetchFlags = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules'];

async function fetchInto(
  gitDir: string,
  { url, commit }: RemoteCommit,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<void> {
  const env = {
    ...gitEnvironment(),
    GIT_ALLOW_PROTOCOL: 'https:http:ssh:git:file',
    GIT_SSH_COMMAND: process.env.GIT_SSH_COMMAND ?? 'ssh -oBatchMode=yes -oConnectTimeout=30',
  };
  await run(tools.git, gitArguments(gitDir, ['init', '--bare', '--quiet', '--template=']), { env, signal });
  const fetch = ['fetch', '--depth=1', ...fetchFlags, '--', url, `${commit}:refs/pvdisc/${commit}`];
  try {
    await run(tools.git, gitArguments(gitDir, [...transport, ...fetch]), { env, signal, group: true });
  } catch (error) {
    if (signal.aborted || !(error instanceof PipelineError)) throw error;
    throw fetchFailure(url, commit, wanted, error);
  }
}

function fetchFailure(
  url: string,
  commit: string,
  { place, instead }: Wanted,
  error: PipelineError,
): PipelineError {
  if (/not our ref|no such remote ref|couldn't find remote ref/i.test(error.message)) {
    const message = `${url}: has no commit ${commit}, or does not serve it`;
    return new PipelineError('input', {
      place,
      message,
      hint: 'use the full id of a commit that a branch or tag contains',
    });
  }
  const reasons = error.message
    .split('\n')
    .slice(1)
    .map((line) => line.trim());
  return new PipelineError('network', {
    place,
    message: `${url}: git cannot fetch commit ${commit}: ${reasons.join('; ')}`,
    hint: `try again, or ${instead}`,
  });
}
