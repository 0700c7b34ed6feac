import { parseControl } from '../formats/deb/control.ts';
import { bad } from './checks.ts';
import type { Check } from './verification-schema.ts';

/** The `.disc` record that is installed beside a disc. */
export interface DiscRecord {
  readonly disc: string;
  readonly sha256: string;
  readonly size: number;
  /** `drivers` or `symbols`. */
  readonly kind: string;
  /** Family of its drivers; older records lack that of virtio. */
  readonly family: string;
  readonly packageName: string;
  readonly packageVersion: string;
}

/** Reads a `.disc` record as pipeline/package/host/disc-record.ts writes it; returns a failed check if it is invalid. */
export function readDiscRecord(text: string, place: string): DiscRecord | Check {
  const [stanza] = parseControl(text, place);
  const value = (name: string) => stanza?.fields.get(name)?.value ?? '';
  const [disc, sha256, size] = [value('disc'), value('sha256'), value('size')];
  if (!/^[^/\0]+\.iso$/.test(disc)) return bad(place, 'does not name a disc');
  if (!/^[0-9a-f]{64}$/.test(sha256) || !/^\d{1,15}$/.test(size))
    return bad(place, `has no sha256 and size of ${disc}`);
  const [packageName, packageVersion] = [value('package'), value('package-version')];
  const [kind, family] = [value('kind'), value('family') || 'virtio'];
  return { disc, sha256, size: Number(size), kind, family, packageName, packageVersion };
}

/** Compares a disc with its record. */
export function discProblems(
  { disc, sha256, size }: DiscRecord,
  found: { readonly sha256: string; readonly size: number } | undefined,
  place: string,
): Check[] {
  if (found === undefined) return [bad(disc, `is missing or not a regular file; ${place} lists it`)];
  if (found.sha256 !== sha256) return [bad(disc, `has sha256 ${found.sha256}, but ${place} has ${sha256}`)];
  return found.size === size ? [] : [bad(disc, `has ${found.size} bytes, but ${place} has ${size}`)];
}
