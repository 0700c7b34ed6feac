import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { withCatalog } from '../builders/catalog.ts';
import { signPe } from '../builders/signed-pe.ts';
import { driverFolder } from '../builders/tree.ts';
import { realDrivers } from '../formats/reference.ts';
import type { Seeds } from './recipe.ts';

const maxBytes = 200_000;
const maxFiles = 24;

/** Returns the built files whose names end so, with those of PVDISC_REAL_DRIVERS: evenly spread ones of up to 200 kB. */
export function seedsOf(ends: RegExp): Seeds {
  const built = ['Win7/x86', 'Win10/amd64', 'Win11/ARM64'].map((folder) => signedFolder(folder));
  const entries = built.flatMap((tree) => Object.entries(tree)).filter(([name]) => ends.test(name));
  return {
    ...Object.fromEntries(entries.map(([name, content]) => [`built ${name}`, Buffer.from(content)])),
    ...realSeeds(ends),
  };
}

function signedFolder(folder: string) {
  const tree = driverFolder(folder);
  const binary = `${folder}/viostor.sys`;
  return withCatalog({ ...tree, [binary]: signPe(Buffer.from(tree[binary] ?? '')) });
}

function realSeeds(ends: RegExp): Seeds {
  if (realDrivers === undefined) return {};
  const names = readdirSync(realDrivers, { recursive: true, encoding: 'utf8' }).filter((name) =>
    ends.test(name),
  );
  const files = names
    .sort()
    .map((name): [string, Uint8Array] => [name, readFileSync(path.join(realDrivers ?? '', name))])
    .filter(([, bytes]) => bytes.length <= maxBytes);
  const step = Math.ceil(files.length / maxFiles);
  return Object.fromEntries(files.filter((_, index) => index % step === 0));
}
