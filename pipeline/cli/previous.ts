import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { recordName } from '../attest/document-names.ts';
import { PipelineError } from '../core/errors.ts';
import { byCodeUnit } from '../core/order.ts';
import { compareSides } from '../diff/compare.ts';
import { recordSide } from '../diff/read-side.ts';
import type { Side } from '../diff/side.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';
import type { ReleaseRecord } from '../model/record.ts';
import { absent, pathKind } from '../system/path-kind.ts';
import { readRecord } from './read-record.ts';
import { type Difference, difference } from './report/diff/difference.ts';

/** What changed since an earlier release, which `since` names without a path of this machine. */
export interface Changes {
  readonly since: string;
  readonly found: Difference;
}

/** Compares a built release with an earlier one by its record. */
export function changesSince(old: Side, record: ReleaseRecord, targets: readonly TargetRow[]): Changes {
  const { input, name, version = '' } = old;
  const since = name === undefined ? nameIn(input) : `${name} ${version}`.trim();
  return { since, found: difference(compareSides(old, recordSide(recordName, record)), targets) };
}

function nameIn(input: string): string {
  return input.split('/').filter(Boolean).at(-1) ?? input;
}

/**
 * Finds the release that was built before in the same output folder: the newest one of another version, else the one that this build
 * replaces. Folders without a record that can be read, such as one of a newer pvdisc, are passed over.
 */
export async function lastRelease(
  out: string,
  { name, version }: Pick<ReleaseRecord, 'name' | 'version'>,
): Promise<Side | undefined> {
  const folders = ((await readdir(out).catch(absent)) ?? []).filter((folder) =>
    folder.startsWith(`${name}-`),
  );
  const sides: { readonly record: ReleaseRecord; readonly side: Side }[] = [];
  for (const folder of folders.sort(byCodeUnit)) {
    const record = await recordIn(join(out, folder));
    if (record?.name === name) sides.push({ record, side: recordSide(join(out, folder), record) });
  }
  const others = sides
    .filter(({ record }) => record.version !== version)
    .sort((a, b) => byCodeUnit(a.record.date, b.record.date));
  return (others.at(-1) ?? sides[0])?.side;
}

async function recordIn(folder: string): Promise<ReleaseRecord | undefined> {
  if ((await pathKind(join(folder, recordName))) !== 'file') return undefined;
  try {
    return await readRecord(folder);
  } catch (error) {
    if (error instanceof PipelineError) return undefined;
    throw error;
  }
}
