import { fileURLToPath } from 'node:url';
import type { RunContext } from '../core/context.ts';
import { PipelineError } from '../core/errors.ts';
import { describe } from '../formats/magic.ts';
import { versionOf } from '../manifest/ledger.ts';
import { addressField, releaseField } from '../manifest/ledger-schema.ts';
import { fetchUnpinned } from '../sources/fetch/download.ts';
import { readHead } from '../system/files.ts';
import { withLock } from '../system/lock.ts';
import { pathKind, pathWords } from '../system/path-kind.ts';
import type { FileTraits } from './check-schema.ts';
import { cutOffWords, examineFile } from './examine.ts';
import { recordDisc } from './record.ts';
import type { Recorded } from './recorded-schema.ts';
import { sourceOf } from './source-of.ts';

/** What to add: an address, the release that it is of (read from the address when absent), the ledger's file, and how many bytes a disc may have. */
export interface Addition {
  readonly url: string;
  readonly release: string | undefined;
  readonly ledger: string;
  readonly largest: number;
}

/** Fetches an upstream disc, makes sure that it is one and of the release that it should be, and records it; what is refused leaves nothing in the cache. */
export async function addToLedger(
  { url, release: given, ledger, largest }: Addition,
  context: RunContext,
): Promise<Recorded> {
  await requireAddress(url);
  const release = given ?? releaseOf(url);
  if (!releaseField.safeParse(release).success) {
    throw new PipelineError('usage', {
      place: `--release ${release}`,
      message: 'is no release',
      hint: 'such as --release 0.1.285-1',
    });
  }
  const wanted = {
    urls: [url] as const,
    words: 'an ISO',
    place: ledger,
    item: release,
    instead: 'give the file: address of a copy on disk',
    mismatch: `look at what the address gives; a disc of more than ${largest} bytes needs --limit size=NUMBER`,
  };
  const patient = { ...context, fetch: { ...context.fetch, unknownSize: largest } };
  let recorded: Recorded | undefined;
  await fetchUnpinned(wanted, patient, async ({ file, sha256, size, from }) => {
    const traits = await examineFile(file, url, context.signal);
    await requireDisc(file, traits, release, ledger);
    const onWait = () => context.reporter.note(`another run is writing ${ledger}; waiting for it to end`);
    const disc = { release, url, source: sourceOf(from) ?? from, sha256, size };
    recorded = await withLock(ledger, { onWait, signal: context.signal }, () => recordDisc(ledger, disc));
  });
  if (recorded === undefined) throw new Error('fetchUnpinned has accepted what it returns');
  return recorded;
}

async function requireAddress(url: string): Promise<void> {
  const { error } = addressField.safeParse(url);
  if (error !== undefined || !URL.canParse(url)) {
    throw new PipelineError('usage', {
      place: url,
      message: `is no address that can be recorded: ${error?.issues[0]?.message ?? 'not a URL'}`,
      hint: 'such as https://example.org/virtio-win-0.1.285-1/virtio-win.iso',
    });
  }
  if (url.startsWith('file:')) await requireFile(url);
}

async function requireFile(url: string): Promise<void> {
  let path: string;
  try {
    path = fileURLToPath(url);
  } catch (error) {
    throw new PipelineError('usage', {
      place: url,
      message: (error as Error).message,
      hint: 'such as file:///srv/virtio-win-0.1.285-1/virtio-win.iso',
    });
  }
  const kind = await pathKind(path);
  if (kind === 'file') return;
  throw new PipelineError('input', { place: url, message: pathWords[kind], hint: 'give an ISO on disk' });
}

/** Upstream has `virtio-win-0.1.285-1/virtio-win-0.1.285.iso`. */
function releaseOf(url: string): string {
  const release = /virtio-win-(\d+\.\d+\.\d+-\d+)/.exec(url)?.[1];
  if (release !== undefined) return release;
  throw new PipelineError('usage', {
    place: url,
    message: 'does not say of which release it is',
    hint: 'add --release, such as --release 0.1.285-1',
  });
}

async function requireDisc(file: string, traits: FileTraits, release: string, place: string): Promise<void> {
  const { label, labelVersion, file: url } = traits;
  if (label === undefined) {
    throw new PipelineError('input', {
      place,
      message: `${url}: this is ${describe(await readHead(file))}, not an ISO`,
      hint: 'the ledger is of discs: give the address of the .iso itself',
    });
  }
  const cutOff = cutOffWords(traits);
  if (cutOff !== undefined) {
    throw new PipelineError('input', {
      place,
      message: `${url}: ${cutOff}`,
      hint: 'add it again; when the same comes, add it from another host',
    });
  }
  if (labelVersion === undefined || labelVersion === versionOf(release)) return;
  throw new PipelineError('input', {
    place,
    message: `${url}: its volume label is ${label}, but it is to be recorded as ${release}`,
    hint: `if the label is right, add --release ${labelVersion}-BUILD`,
  });
}
