import { defineRule, type TreeInput } from '../define.ts';
import { coveringMembers } from '../package-facts.ts';

export const peUnreadable = defineRule({
  id: 'pe/unreadable',
  severity: 'error',
  scope: 'tree',
  explain: `A file with the name of a Windows binary (.sys, .dll, .exe) is not a PE file, or is damaged.
Windows cannot load it.
Get the file again from the driver build, and compare the digests.
Some packages install files that are not for Windows to run, such as firmware or a 16-bit program, as .dll or .exe. Catalogs hold the digest of all their bytes; where the catalog of the package holds such a file, it is as its maker shipped it and no finding.`,
  check: (input) => {
    const shipped = shippedAsIs(input);
    return [...input.facts].flatMap(([path, { problem, kind }]) =>
      kind === 'pe' && problem !== undefined && !shipped.has(path)
        ? [
            {
              path,
              message: `is not a valid PE file: ${problem}`,
              hint: 'get the file again from the driver build',
            },
          ]
        : [],
    );
  },
});

/** Returns the `.dll` and `.exe` files without a PE header that the catalog of their package holds. */
function shippedAsIs({ packages }: TreeInput): ReadonlySet<string> {
  const files = packages.flatMap((driverPackage) =>
    driverPackage.payload.filter(
      ({ path, facts }) =>
        /\.(dll|exe)$/i.test(path) &&
        facts.digests?.kind === 'flat' &&
        coveringMembers(driverPackage, facts).length > 0,
    ),
  );
  return new Set(files.map(({ path }) => path));
}
