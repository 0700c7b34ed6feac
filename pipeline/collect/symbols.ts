import { PipelineError, type Problem } from '../core/errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { asksFor } from '../manifest/names.ts';
import { releasePlace } from '../manifest/read.ts';
import type { DiscFile } from '../model/driver-tree.ts';

/** Tells whether a file is on the disc of drivers: debug symbols are not in the `slim` profile, wherever they come from. */
export function isOnDisc({ release }: Pick<Manifest, 'release'>, path: string): boolean {
  return release.profile === 'full' || !isSymbols(path);
}

/** Tells whether a release has no use for a file: debug symbols in the `slim` profile, unless they get a disc of their own. */
export function isLeftOut(manifest: Pick<Manifest, 'release'>, path: string): boolean {
  return !isOnDisc(manifest, path) && !asksFor(manifest, 'symbols');
}

/** Returns what goes on the disc of debug symbols: nothing when the release asks for none; throws when it asks and there are none. */
export function symbolsDiscFiles(manifest: Manifest, files: readonly DiscFile[]): DiscFile[] {
  if (!asksFor(manifest, 'symbols')) return [];
  const symbols = files.filter(({ path }) => isSymbols(path));
  requireDistinctPaths(symbols);
  if (symbols.length > 0) return symbols;
  throw new PipelineError('input', {
    place: releasePlace(manifest, 'package', 'also'),
    message: 'asks for a disc of debug symbols, and no source holds any (.pdb)',
    hint: 'remove "symbols" from this list, or add the .pdb files to a source',
  });
}

/** The rules judge the disc of drivers, which may be one without symbols. */
function requireDistinctPaths(symbols: readonly DiscFile[]): void {
  const taken = new Map<string, DiscFile>();
  const problems: Problem[] = [];
  for (const file of symbols) {
    const other = taken.get(file.path.toLowerCase());
    taken.set(file.path.toLowerCase(), file);
    if (other === undefined) continue;
    const [one, two] = [other, file].map(({ origin }) => `${origin.source}: ${origin.path}`);
    problems.push({
      place: file.path,
      message: `is meant for two files on the disc of debug symbols: ${one} and ${two}`,
      hint: 'rename one of the two, or leave one out under "ignored" in the release',
    });
  }
  if (problems.length > 0) throw new PipelineError('input', problems);
}

function isSymbols(path: string): boolean {
  return path.toLowerCase().endsWith('.pdb');
}
