import { driverVersion, versionFacts } from '../../formats/inf/version.ts';
import { defineRule } from '../define.ts';
import type { PackageFacts } from '../package-facts.ts';

export const peVersionMismatch = defineRule({
  id: 'pe/version-mismatch',
  severity: 'warning',
  scope: 'package',
  explain: `The file version of a binary by the driver's vendor differs from the DriverVer of the INF.
Windows shows the version of the INF, so users and update tools see another version than the one that runs.
Take the binary and the INF from one build.`,
  check: (driverPackage) => {
    const expected = driverVersion(driverPackage.parsed, driverPackage.target.arch)?.version;
    if (expected?.split('.').length !== 4) return [];
    return driverPackage.payload.flatMap(({ path, facts: { version } }) => {
      if (version === undefined || !isOwn(driverPackage, version.strings.CompanyName)) return [];
      if (version.fileVersion === withoutZeros(expected)) return [];
      return [
        {
          path,
          message: `file version is ${version.fileVersion}, but DriverVer of the INF is ${expected}`,
          hint: 'take the binary and the INF from one build',
        },
      ];
    });
  },
});

/** Compares company names loosely (`Red Hat`, `Red Hat, Inc.`); binaries of other vendors have their own versions. */
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
