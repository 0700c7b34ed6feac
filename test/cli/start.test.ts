import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

/** Every command pays for the libraries that it loads before it does anything: a fifth of a second for this one. */
test.each(['check', 'inspect', 'verify', 'which', 'catalog', 'publish'])(
  'pvdisc %s starts without the library of the bill of materials',
  (command) => {
    const libraries = librariesOf(`pipeline/cli/${command}.ts`);
    expect(libraries.size).toBeGreaterThan(0);
    expect(libraries).not.toContain('@cyclonedx/cyclonedx-library');
  },
);

/** Returns the packages that a file and all it imports load at once, without those of `import()`. */
function librariesOf(file: string, seen = new Set<string>(), libraries = new Set<string>()): Set<string> {
  if (seen.has(file)) return libraries;
  seen.add(file);
  const imports = /^(?:import|export)\s(?!type\b)[^;]*?from '([^']+)';/gm;
  for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(imports)) {
    if (name.startsWith('.')) librariesOf(join(dirname(file), name), seen, libraries);
    else if (!name.startsWith('node:')) libraries.add(name);
  }
  return libraries;
}
