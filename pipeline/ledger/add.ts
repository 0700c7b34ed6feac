import type { RunContext } from '../context.ts';
import { PipelineError } from '../errors.ts';
import { withLock } from '../host/lock.ts';
import { fetchUnpinned } from '../sources/fetch/fetch-file.ts';
import { describe, readHead } from '../sources/unpack/format.ts';
import { examineFile, type FileTraits } from './examine.ts';
import { versionOf } from './read.ts';
import { type Recorded, recordDisc } from './record.ts';
import { addressField, releaseField } from './schema.ts';

/** What to add: an address, the release that it is of (read from the address when absent) and the ledger's file. */
export interface Addition {
  readonly url: string;
  readonly release: string | undefined;
  readonly ledger: string;
}

/** Fetches an upstream disc, makes sure that it is one and of the release that it should be, and records it. */
export async function addToLedger(
  { url, release: given, ledger }: Addition,
  context: RunContext,
): Promise<Recorded> {
  requireAddress(url);
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
    instead: 'fetch it with a browser and give its file: address',
  };
  const { file, sha256, size } = await fetchUnpinned(wanted, context);
  const traits = await examineFile(file, url, context.signal);
  await requireDisc(file, traits, release, ledger);
  const onWait = () => context.reporter.note(`another run is writing ${ledger}; waiting for it to end`);
  return withLock(ledger, { onWait, signal: context.signal }, () =>
    recordDisc(ledger, { release, url, sha256, size }),
  );
}

function requireAddress(url: string): void {
  const { error } = addressField.safeParse(url);
  if (error === undefined && URL.canParse(url)) return;
  throw new PipelineError('usage', {
    place: url,
    message: `is no address that can be recorded: ${error?.issues[0]?.message ?? 'not a URL'}`,
    hint: 'such as https://example.org/virtio-win-0.1.285-1/virtio-win.iso',
  });
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
  if (labelVersion === undefined || labelVersion === versionOf(release)) return;
  throw new PipelineError('input', {
    place,
    message: `${url}: its volume label is ${label}, but it is to be recorded as ${release}`,
    hint: `if the label is right, add --release ${labelVersion}-BUILD`,
  });
}
