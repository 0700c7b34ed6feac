/** The scripts that dpkg runs (deb-postinst(5) and its like). */
export const scriptNames = ['preinst', 'postinst', 'prerm', 'postrm'] as const;

/**
 * Returns the maintainer scripts of a kind of package by name, made from the templates `<kind>.<script>`: a line `@INCLUDE file@`
 * stands for the file, `@NAME@` for a value. A name that `values` does not have is a fault of the template and throws.
 */
export function fillScripts(
  templates: ReadonlyMap<string, string>,
  kind: string,
  values: Readonly<Record<string, string>>,
): Map<string, string> {
  const known = new Map(Object.entries(values));
  return new Map(
    scriptNames.flatMap((script): [string, string][] => {
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
  if (value === undefined) throw new Error(`a template of a maintainer script wants ${name}`);
  return value;
}
