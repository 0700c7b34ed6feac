import { textFile } from '../contents.ts';
import type { HostFormat } from '../host/define.ts';
import { readmeFile } from '../host/doc-files.ts';

/** Scripts of a spec file. Alternatives are offered at the end of a transaction, when the files of an older package are gone. */
export const rpmScripts = ['preun', 'postun', 'posttrans'] as const;

/** rpm keeps changelog and description in its header. */
export const rpmFormat: HostFormat = {
  scripts: rpmScripts,
  commands: () => ({ OWNER: 'rpm -qf', PURGE: 'rm' }),
  documents: (name, { copyright }, readme) => [
    readmeFile(name, readme),
    textFile(`usr/share/licenses/${name}/copyright`, copyright),
  ],
};
