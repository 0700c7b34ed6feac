import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';
import { PipelineError } from '../core/errors.ts';
import { readLedger } from '../manifest/ledger.ts';
import type { LedgerEntry } from '../manifest/ledger-schema.ts';
import type { Recorded } from './recorded-schema.ts';
import { onDisk, seenWords, sourceSeen } from './source-of.ts';

/** A downloaded disc. */
export interface FetchedDisc {
  readonly release: string;
  readonly url: string;
  /** The server that sent the bytes (`sourceOf`). */
  readonly source: string;
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * Records a downloaded disc in a ledger, keeping its comments and order. A new release has one source; another server that
 * serves the same bytes confirms it; different bytes are an error, and nothing is written.
 */
export async function recordDisc(file: string, disc: FetchedDisc): Promise<Recorded> {
  const { releases } = await readLedger(file);
  const known = releases.find(({ release }) => release === disc.release);
  const sameBytes = releases.find(({ sha256 }) => sha256 === disc.sha256);
  if (known !== undefined && known !== sameBytes) {
    throw contradiction(file, disc, `${known.release} is recorded with sha256 ${known.sha256}`);
  }
  if (known === undefined && sameBytes !== undefined) {
    throw contradiction(file, disc, `this sha256 is recorded for ${sameBytes.release}`);
  }
  const document = parseDocument(await readFile(file, 'utf8'));
  const list = document.get('releases');
  if (!isSeq<YAMLMap>(list)) throw new Error('readLedger has checked that releases is a list');
  list.flow = false;
  const recorded = known === undefined ? firstSource(disc) : anotherSource(known, disc);
  if (recorded.change === 'added') list.items.unshift(document.createNode(recorded.entry) as YAMLMap);
  else {
    const index = releases.findIndex(({ release }) => release === disc.release);
    const item = list.items[index];
    if (!isMap(item)) throw new Error('readLedger has checked that an entry is a map');
    for (const [key, value] of Object.entries(recorded.entry)) {
      if (JSON.stringify(value) !== JSON.stringify(known?.[key as keyof LedgerEntry]))
        item.set(key, document.createNode(value));
    }
  }
  await replaceFile(file, document.toString({ lineWidth: 0 }));
  return recorded;
}

function firstSource({ release, url, source, sha256, size }: FetchedDisc): Recorded {
  const seen = [seenWords(url, source)];
  const entry: LedgerEntry = { release, url, sha256, size, confidence: 'single', seen };
  return { schemaVersion: 1, change: 'added', source, entry };
}

/** Counts two URLs on one server as one source, even by redirect, since the same party controls both. A local file confirms nothing, since it may be a copy of the first download. */
function anotherSource(known: LedgerEntry, { url, source, size }: FetchedDisc): Recorded {
  const sources = known.seen.map(sourceSeen);
  const isNewSource = source !== onDisk && !sources.includes(source);
  const confirms = isNewSource && sources.some((seen) => seen !== onDisk);
  const isNewAddress = source !== onDisk && url !== known.url && !known.mirrors?.includes(url);
  const entry: LedgerEntry = {
    ...known,
    size,
    ...(known.url === undefined && { url }),
    ...(isNewAddress && known.url !== undefined && { mirrors: [...(known.mirrors ?? []), url] }),
    ...(isNewSource && { seen: [...known.seen, seenWords(url, source)] }),
    ...(confirms && { confidence: 'confirmed' }),
  };
  const change = confirms && known.confidence === 'single' ? 'confirmed' : 'known';
  return { schemaVersion: 1, change, source, entry };
}

function contradiction(file: string, { url, release, sha256 }: FetchedDisc, fact: string): PipelineError {
  return new PipelineError('input', {
    place: file,
    message: `${url}: has sha256 ${sha256} for ${release}, but ${fact}`,
    hint: 'nothing was recorded; compare with pvdisc ledger check FILE or another mirror',
  });
}

async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.new`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}
