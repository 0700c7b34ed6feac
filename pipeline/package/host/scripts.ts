import type { HostFormat } from './define.ts';
import { debDocuments } from './doc-files.ts';

/** Maintainer scripts, which dpkg runs (deb-postinst(5) and others). */
export const scriptNames = ['preinst', 'postinst', 'prerm', 'postrm'] as const;

export const debFormat: HostFormat = {
  scripts: scriptNames,
  commands: (name) => ({ OWNER: 'dpkg-query -S', PURGE: `apt purge ${name}` }),
  documents: debDocuments,
};

/**
 * Fills the templates `<kind>.<script>`: replaces a line `@INCLUDE file@` by the file and `@NAME@` by a value. A name missing in
 * `values` is an error in the template and throws.
 */
export function fillScripts(
  templates: ReadonlyMap<string, string>,
  { kind, names }: { readonly kind: string; readonly names: readonly string[] },
  values: Readonly<Record<string, string>>,
): Map<string, string> {
  const known = new Map(Object.entries(values));
  return new Map(
    names.flatMap((script): [string, string][] => {
      const template = templates.get(`${kind}.${script}`);
      return template === undefined ? [] : [[script, fill(template, templates, known)]];
    }),
  );
}

function fill(
  template: string,
  templates: ReadonlyMap<string, string>,
  values: ReadonlyMap<string, string>,
): string {
  return template
    .replaceAll(/^@INCLUDE ([\w.-]+)@$/gm, (_, file: string) =>
      fill(required(templates, file), templates, values).trimEnd(),
    )
    .replaceAll(/@([A-Z_]+)@/g, (_, name: string) => required(values, name));
}

function required(values: ReadonlyMap<string, string>, name: string): string {
  const value = values.get(name);
  if (value === undefined) throw new Error(`a template of a maintainer script needs ${name}`);
  return value;
}
