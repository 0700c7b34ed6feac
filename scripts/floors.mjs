// The rooms of pipeline/, from the ground up: a room imports from itself and from the floors below it.
// Run, it writes this order into biome.json; test/floors.test.ts holds the two, the folders and CONTRIBUTING together.
import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

/** Rooms of one floor do not know each other. A name with an ending is a file of its own beside the folders. */
export const floors = [
  ['core'],
  ['formats'],
  ['system'],
  ['sources'],
  ['manifest'],
  ['model'],
  ['collect', 'sign', 'validate', 'assemble', 'package', 'attest'],
  ['release-tools.ts'],
  ['pipeline.ts'],
  ['ledger', 'inspect', 'driver-build'],
  ['verify', 'publish', 'reproduce', 'submit'],
  ['cli'],
];

/** Returns Biome's overrides: for each room, the rooms that it must not import. */
export function roomOverrides() {
  return floors.flatMap((rooms, floor) =>
    rooms.flatMap((room) => {
      const allowed = new Set([room, ...floors.slice(0, floor).flat()]);
      const refused = floors.flat().filter((other) => !allowed.has(other));
      return refused.length === 0 ? [] : [override(room, refused)];
    }),
  );
}

function override(room, refused) {
  const group = refused.map((other) => (other.endsWith('.ts') ? `**/${other}` : `**/${other}/**`));
  const message = `pipeline/${room} must not import from above, nor from another room of its own floor: see scripts/floors.mjs`;
  return {
    includes: [room.endsWith('.ts') ? `pipeline/${room}` : `pipeline/${room}/**`],
    linter: {
      rules: {
        style: { noRestrictedImports: { level: 'error', options: { patterns: [{ group, message }] } } },
      },
    },
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const file = new URL('../biome.json', import.meta.url);
  const settings = JSON.parse(await readFile(file, 'utf8'));
  settings.linter.rules.suspicious = { noImportCycles: { level: 'error', options: { ignoreTypes: false } } };
  settings.overrides = roomOverrides();
  await writeFile(file, `${JSON.stringify(settings, null, 2)}\n`);
}
