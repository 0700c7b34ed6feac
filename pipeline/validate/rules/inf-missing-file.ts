import { defineRule } from '../define.ts';

export const infMissingFile = defineRule({
  id: 'inf/missing-file',
  severity: 'error',
  scope: 'package',
  explain: `The INF names a file that is not in its folder.
Windows copies every file that the INF names and stops the installation when one is missing ("The system cannot find the file specified").
Add the file to the driver build, or remove its name from the INF and regenerate the catalog.`,
  check: ({ inf, missing }) =>
    missing.map(({ name, line }) => ({
      path: inf,
      line,
      message: `names "${name}", which is not in its folder`,
      hint: 'add the file to the driver build, or remove its name from the INF',
    })),
});
