import { byCodeUnit } from '../core/order.ts';
import { nameOf } from '../core/paths.ts';
import type { FileChange, ValueChange } from './comparison-schema.ts';
import type { SideFile } from './side.ts';

/** A value by name; several values of a name are one text. */
export type Named = readonly (readonly [name: string, value: string | undefined])[];

/** Compares values by name, without case; a name keeps the spelling that sorts first, on whichever side. */
export function valueChanges(from: Named, to: Named): ValueChange[] {
  const [old, now] = [valuesOf(from), valuesOf(to)];
  return [...new Set([...old.keys(), ...now.keys()])].sort(byCodeUnit).flatMap((key) => {
    const [before, after] = [old.get(key), now.get(key)];
    if (before?.value === after?.value) return [];
    const [name = ''] = [before, after].flatMap((known) => known?.name ?? []).sort(byCodeUnit);
    return [
      {
        name,
        ...(before !== undefined && { from: before.value }),
        ...(after !== undefined && { to: after.value }),
      },
    ];
  });
}

function valuesOf(named: Named): Map<string, { readonly name: string; readonly value: string }> {
  const values = new Map<string, { name: string; value: string }>();
  for (const [name, value] of named) {
    if (value === undefined) continue;
    const known = values.get(name.toLowerCase());
    const all = known === undefined ? value : `${known.value}; ${value}`;
    values.set(name.toLowerCase(), { name: known?.name ?? name, value: all });
  }
  return values;
}

/** Compares files by path, without case as Windows does. */
export function fileChanges(from: readonly SideFile[], to: readonly SideFile[]): FileChange[] {
  const [old, now] = [filesByPath(from), filesByPath(to)];
  return [...new Set([...old.keys(), ...now.keys()])].sort(byCodeUnit).flatMap((key) => {
    const [before, after] = [old.get(key), now.get(key)];
    if (before?.sha256 === after?.sha256) return [];
    const [path = ''] = [before, after].flatMap((file) => file?.path ?? []).sort(byCodeUnit);
    return [
      {
        path,
        ...(before !== undefined && { from: stateOf(before) }),
        ...(after !== undefined && { to: stateOf(after) }),
        signatureOnly: isSignatureOnly(before, after),
      },
    ];
  });
}

export function filesByPath(files: readonly SideFile[]): Map<string, SideFile> {
  const sorted = files.toSorted((a, b) => byCodeUnit(b.path, a.path));
  return new Map(sorted.map((file) => [file.path.toLowerCase(), file]));
}

function stateOf({ sha256, size }: SideFile): { sha256: string; size: number } {
  return { sha256, size };
}

function isSignatureOnly(before: SideFile | undefined, after: SideFile | undefined): boolean {
  if (/\.cat$/i.test(nameOf((before ?? after)?.path ?? ''))) return true;
  return before?.authenticode !== undefined && before.authenticode === after?.authenticode;
}

/** Returns the IDs that only one side has, in upper case as Windows compares them. */
export function idChanges(
  from: readonly string[],
  to: readonly string[],
): { gained: string[]; lost: string[] } {
  const [old, now] = [new Set(from.map(upperId)), new Set(to.map(upperId))];
  return {
    gained: [...now].filter((id) => !old.has(id)).sort(byCodeUnit),
    lost: [...old].filter((id) => !now.has(id)).sort(byCodeUnit),
  };
}

export function upperId(id: string): string {
  return id.toUpperCase();
}
