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
import { examineFile, truncation } from './examine.ts';
import { recordDisc } from './record.ts';
import type { Recorded } from './recorded-schema.ts';
import { sourceOf } from './source-of.ts';

/** A disc to add to a ledger. */
export interface Addition {
  readonly url: string;
  /** Default: read from the URL. */
  readonly release: string | undefined;
  /** File of the ledger. */
  readonly ledger: string;
  /** Largest allowed size of the disc in bytes. */
  readonly largest: number;
}

/** Downloads an upstream disc, checks that it is a disc of the expected release, and records it; a refused download is not cached. */
export async function addToLedger(
  { url, release: given, ledger, largest }: Addition,
  context: RunContext,
): Promise<Recorded> {
  await requireAddress(url);
  const release = given ?? releaseOf(url);
  if (!releaseField.safeParse(release).success) {
    throw new PipelineError('usage', {
      place: `--release ${release}`,
      message: 'is not a release',
      hint: 'for example --release 0.1.285-1',
    });
  }
  const wanted = {
    urls: [url] as const,
    expected: 'an ISO',
    place: ledger,
    item: release,
    instead: 'give the file: URL of a local copy',
    mismatch: `check the content of the URL; a disc larger than ${largest} bytes needs --limit size=NUMBER`,
  };
  const patient = { ...context, fetch: { ...context.fetch, unknownSize: largest } };
  let recorded: Recorded | undefined;
  await fetchUnpinned(wanted, patient, async ({ file, sha256, size, from }) => {
    const traits = await examineFile(file, url, context.signal);
    await requireDisc(file, traits, release, ledger);
    const onWait = () => context.reporter.note(`waiting for another run that writes ${ledger}`);
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
      message: `cannot be recorded: ${error?.issues[0]?.message ?? 'not a URL'}`,
      hint: 'for example https://example.org/virtio-win-0.1.285-1/virtio-win.iso',
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
      hint: 'for example file:///srv/virtio-win-0.1.285-1/virtio-win.iso',
    });
  }
  const kind = await pathKind(path);
  if (kind === 'file') return;
  throw new PipelineError('input', { place: url, message: pathWords[kind], hint: 'give an ISO on disk' });
}

/** Upstream's URLs end in `virtio-win-0.1.285-1/virtio-win-0.1.285.iso`. */
function releaseOf(url: string): string {
  const release = /virtio-win-(\d+\.\d+\.\d+-\d+)/.exec(url)?.[1];
  if (release !== undefined) return release;
  throw new PipelineError('usage', {
    place: url,
    message: 'does not contain a release number',
    hint: 'add --release, for example --release 0.1.285-1',
  });
}

async function requireDisc(file: string, traits: FileTraits, release: string, place: string): Promise<void> {
  const { label, labelVersion, file: url } = traits;
  if (label === undefined) {
    throw new PipelineError('input', {
      place,
      message: `${url}: this is ${describe(await readHead(file))}, not an ISO`,
      hint: 'give the URL of the .iso itself',
    });
  }
  const cutOff = truncation(traits);
  if (cutOff !== undefined) {
    throw new PipelineError('input', {
      place,
      message: `${url}: ${cutOff}`,
      hint: 'try again, or add it from another server',
    });
  }
  if (labelVersion === undefined || labelVersion === versionOf(release)) return;
  throw new PipelineError('input', {
    place,
    message: `${url}: its volume label is ${label}, expected release ${release}`,
    hint: `if the label is right, use --release ${labelVersion}-BUILD`,
  });
}
