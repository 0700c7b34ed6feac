import type { Release } from '../manifest/release-schema.ts';
import type { Finding } from '../model/finding.ts';

type Folder = Release['folders'][number];

/** A folder that loses targets, and the rules whose errors its driver has there. */
export interface Refused extends Folder {
  readonly rules: readonly string[];
}

/**
 * Takes from each folder the targets for which its driver has errors, such as a co-installer, which Windows before 10 alone accepts. A
 * folder with errors for all its targets keeps them: these are errors of the driver. `left` are the findings that remain.
 */
export function withoutRefused(
  folders: readonly Folder[],
  fatal: readonly Finding[],
): { folders: Folder[]; refused: Refused[]; left: readonly Finding[] } {
  const of = ({ driver }: Folder, target: string) =>
    fatal.filter(({ path }) => path.startsWith(`${driver}/${target}/`));
  const refused = folders.flatMap((folder): Refused[] => {
    const targets = folder.targets.filter((target) => of(folder, target).length > 0);
    if (targets.length === 0 || targets.length === folder.targets.length) return [];
    const rules = targets.flatMap((target) => of(folder, target).map(({ rule }) => rule));
    return [{ ...folder, targets, rules: [...new Set(rules)] }];
  });
  const gone = new Set(refused.flatMap((each) => each.targets.flatMap((target) => of(each, target))));
  return {
    folders: folders.map((folder) => {
      const lost = refused.find((each) => each.driver === folder.driver && each.folder === folder.folder);
      return { ...folder, targets: folder.targets.filter((target) => !lost?.targets.includes(target)) };
    }),
    refused,
    left: fatal.filter((finding) => !gone.has(finding)),
  };
}
