import { byCodeUnit } from './core/order.ts';
import type { Manifest } from './manifest/manifest.ts';
import type { PackagerOptions } from './model/release.ts';
import { packagersOf } from './package/index.ts';
import { sourceTools } from './sources/open.ts';
import { type Tool, tools } from './system/tools.ts';

/** Returns the programs that building a release may run, sorted by name. */
export function releaseTools(manifest: Pick<Manifest, 'release'>, options: PackagerOptions): Tool[] {
  const needed = [
    tools.xorriso,
    ...Object.values(manifest.release.sources).flatMap(sourceTools),
    ...packagersOf(manifest).flatMap((packager) => packager.tools(options)),
  ];
  const byName = new Map(needed.map((tool) => [tool.name, tool]));
  return [...byName.values()].sort((a, b) => byCodeUnit(a.name, b.name));
}
