import { nameOf } from '../../core/paths.ts';
import { someOf } from '../../core/text.ts';
import { uncopiedFiles } from '../../formats/inf/files.ts';
import { infServices, installSections, serviceFile } from '../../formats/inf/install.ts';
import { defineRule } from '../define.ts';

export const infUncopiedFile = defineRule({
  id: 'inf/uncopied-file',
  severity: 'info',
  scope: 'package',
  explain: `The section [SourceDisksFiles] lists files that no CopyFiles directive copies.
Windows does not install them and does not look for them in the package or its catalog; Inf2Cat leaves them out of the catalog too.
No action is needed, unless a CopyFiles directive or a line of its list was lost; otherwise remove the files from [SourceDisksFiles] in the next build.
inf/service-binary-not-copied reports the binaries of services.`,
  check: ({ inf, parsed, target: { arch } }) => {
    if (installSections(parsed, arch).length === 0) return [];
    const binaries = infServices(parsed, arch).map(({ binary = '' }) => serviceFile(binary).toLowerCase());
    const files = uncopiedFiles(parsed, arch).filter(
      ({ name }) => !binaries.includes(nameOf(name).toLowerCase()),
    );
    const [first] = files;
    if (first === undefined) return [];
    const names = someOf(files.map(({ name }) => name));
    return [
      {
        path: inf,
        line: first.line,
        message: `[SourceDisksFiles] lists ${names}, which no CopyFiles copies`,
        hint: 'copy what belongs to the driver, and remove the rest',
      },
    ];
  },
});
