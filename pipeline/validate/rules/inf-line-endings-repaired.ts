import { defineRule } from '../define.ts';

export const infLineEndingsRepaired = defineRule({
  id: 'inf/line-endings-repaired',
  severity: 'info',
  scope: 'release',
  explain: `The source holds this INF with other line ends than it had when its catalog was made, as happens when git or an editor converts text.
Windows refuses such a package with error 0xE000024B: the hash of the file is not in the catalog.
The release asks for "repair: [line-endings]", so the disc has the INF with its first line ends, which the catalog proves right; release.json has both digests.
Nothing has to be done; to be rid of the repair, store driver files as they are ("* -text" in .gitattributes) and fetch them again.`,
  check: ({ tree }) =>
    tree.repairs.map(({ path, from, to }) => ({
      path,
      message: `its line ends are restored to those that its catalog holds (sha256 ${from.slice(0, 12)} is now ${to.slice(0, 12)})`,
      hint: 'store driver files byte for byte in the source ("* -text" in .gitattributes), then no repair is needed',
    })),
});
