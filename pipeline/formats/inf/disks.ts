import { type Arch, archFacts } from '../windows/targets.ts';
import { infNumber } from './fields.ts';
import { type Inf, infEntries } from './inf.ts';

/** A file of `[SourceDisksFiles]` on a disk that `[SourceDisksNames]` lacks. */
export interface UndefinedDisk {
  readonly file: string;
  readonly disk: string;
  readonly line: number;
}

/** Returns the files whose disk is not defined for the architecture (Microsoft, "INF SourceDisksFiles Section"). */
export function undefinedDisks(inf: Inf, arch: Arch): UndefinedDisk[] {
  const entries = (section: string) => [
    ...infEntries(inf, `${section}.${archFacts[arch].inf}`),
    ...infEntries(inf, section),
  ];
  const disks = new Set(entries('SourceDisksNames').map(({ key, values }) => diskId(key ?? values[0] ?? '')));
  return entries('SourceDisksFiles').flatMap(({ raw: { key }, values: [disk = ''], line }) =>
    key === undefined || disks.has(diskId(disk)) ? [] : [{ file: key, disk, line }],
  );
}

function diskId(text: string): string | number {
  return infNumber(text) ?? text.toLowerCase();
}
