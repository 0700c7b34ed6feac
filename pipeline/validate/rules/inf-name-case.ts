import { nameOf } from '../../core/paths.ts';
import { namedFiles } from '../../formats/inf/files.ts';
import { defineRule } from '../define.ts';

export const infNameCase = defineRule({
  id: 'inf/name-case',
  severity: 'info',
  scope: 'package',
  explain: `A file name in the INF differs from the name of the file in case.
Windows ignores case and installs the package; tools on other systems may not find the file.
Write the exact file name in the INF before the catalog is made.`,
  check: ({ inf, parsed, target, files, catalogName }) => {
    const named = [...(catalogName === undefined ? [] : [catalogName]), ...namedFiles(parsed, target.arch)];
    const onDisc = new Map(files.map((path) => [nameOf(path).toLowerCase(), nameOf(path)]));
    return named.flatMap(({ name, line }) => {
      const own = onDisc.get(nameOf(name).toLowerCase());
      if (own === undefined || own === nameOf(name)) return [];
      return [
        {
          path: inf,
          line,
          message: `names "${nameOf(name)}", but the file is ${own}`,
          hint: 'write the exact file name before the catalog is made',
        },
      ];
    });
  },
});
