import type { Manifest } from '../manifest/manifest.ts';
import { discName, symbolsDiscName, symbolsLabel } from '../manifest/names.ts';
import { discLayout, infoPath, type LayoutEntry, readmePath, shippedLicenses } from '../model/disc-layout.ts';
import type { ValidatedTree } from '../model/validated-tree.ts';
import { infoJson } from './info-json.ts';
import { discReadme } from './readme.ts';
import { symbolsReadme } from './symbols-readme.ts';

/** What one disc is to hold: files of the sources, texts that the pipeline writes, by path, and licences by id. */
export interface DiscContents {
  /** File name without `.iso`. */
  readonly name: string;
  readonly label: string;
  readonly readme: string;
  readonly files: readonly LayoutEntry[];
  readonly texts: ReadonlyMap<string, string>;
  readonly licenses: readonly string[];
}

/** Returns what the disc of a release's drivers holds. */
export function driversDisc(manifest: Manifest, tree: ValidatedTree): DiscContents {
  const readme = discReadme(manifest, tree.drivers);
  return {
    name: discName(manifest),
    label: manifest.label,
    readme,
    files: discLayout(manifest, tree),
    texts: new Map([
      [infoPath, infoJson(manifest, tree.drivers)],
      [readmePath, readme],
    ]),
    licenses: shippedLicenses(manifest, tree),
  };
}

/** Returns what the disc of a release's debug symbols holds: every `.pdb` at the path that it has, or would have, on the disc of drivers. */
export function symbolsDisc(manifest: Manifest, tree: ValidatedTree): DiscContents {
  const readme = symbolsReadme(manifest, tree.symbols);
  const folders = new Set(tree.symbols.map(({ path }) => path.split('/')[0]));
  const packages = tree.packages.filter(({ driver }) => folders.has(driver));
  return {
    name: symbolsDiscName(manifest),
    label: symbolsLabel(manifest),
    readme,
    files: tree.symbols.map(({ path, content, origin }) => ({ path, content, origin })),
    texts: new Map([[readmePath, readme]]),
    licenses: shippedLicenses(manifest, { files: tree.symbols, packages }),
  };
}
