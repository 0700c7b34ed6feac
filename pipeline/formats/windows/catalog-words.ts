import type { Arch } from './targets.ts';

/** One Windows as Inf2Cat names it in the `OS` of a catalog, and the versions that `OSAttr` gets for it. */
interface CatalogWords {
  readonly words: RegExp;
  readonly versions: readonly string[];
}

/**
 * What Inf2Cat makes of its `/os` list, measured on 96 catalogs up to Windows 8.1. Windows XP x64 is NT 5.2, and Inf2Cat
 * adds 5.1 for it.
 */
const windows: readonly CatalogWords[] = [
  { words: /^XPX86$/, versions: ['5.1'] },
  { words: /^XPX64$/, versions: ['5.1', '5.2'] },
  { words: /^Server2003X(?:86|64)$/, versions: ['5.2'] },
  { words: /^(?:Vista|Server2008)X(?:86|64)$/, versions: ['6.0'] },
  { words: /^(?:7X(?:86|64)|Server2008R2X64)$/, versions: ['6.1'] },
  { words: /^(?:8X(?:86|64)|Server2012X64)$/, versions: ['6.2'] },
  { words: /^_v63(?:_X64|_Server_X64)?$/, versions: ['6.3'] },
  { words: /^(?:_v100|(?:Server)?_v100_(?:X64|ARM64))(?:_(?:RS[1-5]|Vb|\d\dH[12]))?$/, versions: ['10.0'] },
];

/** Says whether the `OS` of a catalog may name a Windows so. */
export function isCatalogWord(word: string): boolean {
  return windows.some(({ words }) => words.test(word));
}

/** Returns the architecture of a Windows that the `OS` of a catalog names, undefined for a word that Inf2Cat does not use; one without an ending is 32-bit. */
export function archOfCatalogWord(word: string): Arch | undefined {
  if (!isCatalogWord(word)) return undefined;
  if (/ARM64/.test(word)) return 'ARM64';
  return /X64/.test(word) ? 'amd64' : 'x86';
}

/** Returns `OSAttr` of a catalog for the words of its `OS`: `2:` and the NT version of each Windows, rising, each once. `2` is the platform Windows NT. */
export function osAttrOf(words: readonly string[]): string[] {
  return windows
    .filter(({ words: known }) => words.some((word) => known.test(word)))
    .flatMap(({ versions }) => versions)
    .filter((version, index, all) => all.indexOf(version) === index)
    .map((version) => `2:${version}`);
}

/** Says whether Windows before 8 is among the versions of an `OSAttr`: it reads catalogs of version 1 only (Microsoft, "Inf2Cat"). */
export function needsVersion1(osAttr: readonly string[]): boolean {
  return osAttr.some((version) => /^2:(?:5\.|6\.[01]$)/.test(version));
}
