import { nameOf } from '../../core/paths.ts';
import { namedFiles } from '../../formats/inf/files.ts';
import { defineRule } from '../define.ts';

export const infNameCase = defineRule({
  id: 'inf/name-case',
  severity: 'info',
  scope: 'package',
  explain: `The INF writes a file's name with other capital letters than the file has.
Windows ignores case and installs the package; tools on other systems may not find the file.
Write the name in the INF as the file has it, before the catalog is made.`,
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
          message: `writes "${nameOf(name)}" for ${own}`,
          hint: 'write the name as the file has it, before the catalog is made',
        },
      ];
    });
  },
});
