import { type Catalog, membersOf } from '../formats/catalog/index.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';
import type { PayloadFile } from './facts.ts';

/**
 * Returns the Windows versions (OSAttr: `2:6.1` is NT 6.1, `2:10.x` any 10) of the catalog members that do not cover
 * the row's Windows; undefined when the catalog covers it.
 */
export function osNotCovered(
  catalog: Catalog,
  files: readonly PayloadFile[],
  { version }: Pick<TargetRow, 'version'>,
): string[] | undefined {
  const [major = '', minor = ''] = version.split('.');
  const wanted = [`2:${major}.${minor}`, `2:${major}.x`];
  const others = files
    .map(({ facts: { digests } }) => (digests === undefined ? [] : membersOf(catalog, digests)))
    .filter(
      (members) =>
        members.length > 0 && !members.some(({ osAttr }) => osAttr.some((os) => wanted.includes(os))),
    );
  if (others.length === 0) return undefined;
  return [...new Set(others.flat().flatMap(({ osAttr }) => osAttr))].sort();
}
