import picomatch from 'picomatch';

/** Compiles a glob that ignores case; without a slash it matches a file's name in any folder. */
export function globMatcher(pattern: string): (path: string) => boolean {
  return picomatch(pattern, { dot: true, nocase: true, basename: !pattern.includes('/') });
}
