import type { Problem } from '../core/errors.ts';
import { type KeyPath, placeInFile } from '../core/place.ts';
import { versionOf } from './ledger.ts';
import type { Manifest } from './manifest.ts';
import type { Release } from './release-schema.ts';

/** Returns what does not fit the kind of a release: a passthrough has no say over its disc, an assembled one needs sources. */
export function kindProblems(manifest: Pick<Manifest, 'release' | 'releaseFile'>): Problem[] {
  const { release, releaseFile } = manifest;
  const at = (path: KeyPath, message: string, hint: string): Problem => ({
    place: placeInFile(releaseFile, path),
    message,
    hint,
  });
  if (release.passthrough === undefined) {
    if (Object.keys(release.sources).length > 0) return [];
    return [
      at(['sources'], 'is missing', 'say where the drivers come from, or pass on a disc with "passthrough"'),
    ];
  }
  const { release: upstream } = release.passthrough;
  const useless = keysOfAssembly(release).map((path) =>
    at(path, "has no meaning in a passthrough release: its disc is upstream's, byte for byte", 'remove it'),
  );
  const version = versionOf(upstream);
  const [before, after] = [release.version.slice(0, version.length), release.version.slice(version.length)];
  if (before === version && /^(?:[+~].*)?$/.test(after)) return useless;
  const hint = `write ${version}, or ${version}+2 where another build of it went before`;
  return [...useless, at(['version'], `is not that of upstream's ${upstream}`, hint)];
}

/** The keys with a value that say what an assembled disc holds. */
function keysOfAssembly(release: Release): KeyPath[] {
  const lists = ['folders', 'prefer', 'ignored', 'repair', 'files'] as const;
  const given: [KeyPath, boolean][] = [
    [['label'], release.label !== undefined],
    [['profile'], release.profile === 'slim'],
    [['select'], Object.keys(release.select).length > 0],
    ...lists.map((key): [KeyPath, boolean] => [[key], release[key].length > 0]),
    [['package', 'also'], release.package.also.length > 0],
  ];
  return given.filter(([, isGiven]) => isGiven).map(([path]) => path);
}
