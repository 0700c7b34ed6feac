import { defineRule } from '../define.ts';

export const infLineEndingsRepaired = defineRule({
  id: 'inf/line-endings-repaired',
  severity: 'info',
  scope: 'release',
  explain: `The source contains this INF with other line endings than when its catalog was made, usually because git or an editor converted the text.
Windows refuses such a package with error 0xE000024B: the hash of the file is not in the catalog.
The release requests "repair: [line-endings]", so the disc has the INF with its original line endings, which match the catalog; release.json records both digests.
No action is needed; to avoid the repair, store driver files unchanged ("* -text" in .gitattributes) and fetch them again.`,
  check: ({ tree }) =>
    tree.repairs.map(({ path, from, to }) => ({
      path,
      message: `its line endings are restored to match its catalog (sha256 ${from.slice(0, 12)} is now ${to.slice(0, 12)})`,
      hint: 'to avoid the repair, store driver files unchanged in the source ("* -text" in .gitattributes)',
    })),
});
