import { driverVersion, versionFacts } from '../../formats/inf/version.ts';
import { defineRule } from '../define.ts';
import type { PackageFacts } from '../package-facts.ts';

export const peVersionMismatch = defineRule({
  id: 'pe/version-mismatch',
  severity: 'warning',
  scope: 'package',
  explain: `A binary of the driver's own vendor has another file version than the INF's DriverVer says.
Windows shows the version of the INF, so that people and update tools think that another build is installed than the one that runs.
Take the binary and the INF from one build.`,
  check: (driverPackage) => {
    const expected = driverVersion(driverPackage.parsed)?.version;
    if (expected?.split('.').length !== 4) return [];
    return driverPackage.payload.flatMap(({ path, facts: { version } }) => {
      if (version === undefined || !isOwn(driverPackage, version.strings.CompanyName)) return [];
      if (version.fileVersion === withoutZeros(expected)) return [];
      return [
        {
          path,
          message: `file version is ${version.fileVersion}, the INF says ${expected}`,
          hint: 'take the binary and the INF from one build',
        },
      ];
    });
  },
});

/** Companies spell their name in several ways (`Red Hat`, `Red Hat, Inc.`); another's binary has a version of its own. */
function isOwn({ parsed }: PackageFacts, company = ''): boolean {
  const [binary, inf] = [company, versionFacts(parsed).provider ?? ''].map((name) =>
    name.toLowerCase().replace(/[^a-z0-9]/g, ''),
  );
  if (!binary || !inf) return false;
  return binary.startsWith(inf) || inf.startsWith(binary);
}

function withoutZeros(version: string): string {
  return version.split('.').map(Number).join('.');
}
