import { nameOf } from '../../core/paths.ts';
import { modelsSections } from '../../formats/inf/models.ts';
import { appliesToArch } from '../../formats/inf/select.ts';
import { isInSetupFolder, setupFolder, setupPackages } from '../../model/disc-layout.ts';
import { defineRule, type ReleaseInput, type Violation } from '../define.ts';
import type { PackageFacts } from '../package-facts.ts';

export const setupDriverClash = defineRule({
  id: 'disc/setup-driver-clash',
  severity: 'error',
  scope: 'release',
  explain: `The folder ${setupFolder} at the root of the disc has two versions of one driver: a second INF of the same name, or two INFs that serve one device on the same architecture.
Windows Setup loads the drivers of all its folders. The driver that is loaded first stays in use whatever its version, and Setup can mark the other one as bad and refuse it later (Microsoft, KB 2686316).
Leave one out with "drivers" of "setupDrivers" in the release, or remove the file from its "files".`,
  check: (input) => {
    const packages = setupPackages(input.manifest, input);
    return [...addedInfs(input, packages), ...sharedDevices(packages)];
  },
});

/** `files` of a release can add INFs to the folder. */
function addedInfs({ tree }: ReleaseInput, packages: readonly PackageFacts[]): Violation[] {
  const digests = new Map(tree.files.map(({ path, content }) => [path, content.sha256]));
  const added = tree.files.filter(
    ({ path, role }) => role === 'companion' && isInSetupFolder(path) && /\.inf$/i.test(path),
  );
  return added.flatMap(({ path, content }) => {
    const name = nameOf(path).toLowerCase();
    const other = packages.find(
      ({ inf }) => nameOf(inf).toLowerCase() === name && digests.get(inf) !== content.sha256,
    );
    if (other === undefined) return [];
    return [
      {
        path,
        message: `is another version of ${other.inf}, which "setupDrivers" puts into ${setupFolder} too`,
        hint: 'remove one of them from "files" or "setupDrivers" of the release',
      },
    ];
  });
}

/** An INF in the folder of one architecture can have models for another one. */
function sharedDevices(packages: readonly PackageFacts[]): Violation[] {
  const archs = [...new Set(packages.map(({ target }) => target.arch))];
  return archs.flatMap((arch) => {
    const servedBy = new Map<string, string>();
    return packages.flatMap(({ inf, parsed }) => {
      const sections = modelsSections(parsed).filter((section) => appliesToArch(section, arch));
      const clash = sections
        .flatMap(({ models }) => models)
        .find(({ hardwareId }) => {
          const id = hardwareId?.toLowerCase() ?? '';
          const other = servedBy.get(id) ?? inf;
          if (id !== '') servedBy.set(id, other);
          return other !== inf;
        });
      if (clash?.hardwareId === undefined) return [];
      const other = servedBy.get(clash.hardwareId.toLowerCase());
      return [
        {
          path: inf,
          line: clash.line,
          message: `serves ${clash.hardwareId} on ${arch}, as ${other} does, and both are in ${setupFolder}`,
          hint: 'leave one out: "drivers" of "setupDrivers" in the release',
        },
      ];
    });
  });
}
