import { nameOf } from '../../core/paths.ts';
import { infValue } from '../../formats/inf/inf.ts';
import { installSection } from '../../formats/inf/install.ts';
import { targetPath } from '../../model/target.ts';
import { defineRule } from '../define.ts';
import { type PackageFacts, usedModels } from '../package-facts.ts';

interface Claim {
  readonly driver: string;
  readonly inf: string;
}

/** A warning, not an error: upstream's disc has such a pair (fwcfg and qemufwcfg), and users may want either driver. */
export const hardwareIdClash = defineRule({
  id: 'disc/hardware-id-clash',
  severity: 'warning',
  scope: 'tree',
  explain: `Two drivers claim the same hardware ID for the same Windows and architecture with equal rank.
Windows then chooses the newer date or version, or the driver that was installed first, so that guests get different drivers.
Remove one of the drivers from the release, or remove the ID from one INF.`,
  check: ({ packages }) => {
    const claims = new Map<string, Claim>();
    return packages.flatMap((driverPackage) => {
      const { driver, inf, target } = driverPackage;
      const clashes = new Map<string, { line: number; ids: string[] }>();
      for (const { id, score, line } of claimedIds(driverPackage)) {
        const key = `${targetPath(target)} ${score} ${id.toLowerCase()}`;
        const other = claims.get(key) ?? { driver, inf };
        claims.set(key, other);
        if (other.driver === driver) continue;
        const clash = clashes.get(other.inf) ?? { line, ids: [] };
        clashes.set(other.inf, { ...clash, ids: [...clash.ids, id] });
      }
      return [...clashes].map(([other, { line, ids }]) => ({
        path: inf,
        line,
        message: `claims ${ids[0]}${ids.length > 1 ? ` and ${ids.length - 1} more` : ''}, as ${other} does`,
        hint: `remove ${driver} or the driver of ${nameOf(other)} from the release, or remove the ID from one INF`,
      }));
    });
  },
});

/** Returns each hardware ID once, with the `FeatureScore` that ranks drivers of one ID (255 by default). */
function claimedIds(driverPackage: PackageFacts) {
  const { parsed, target } = driverPackage;
  const ids = usedModels(driverPackage).flatMap(({ hardwareId, installSection: name, line }) => {
    if (hardwareId === undefined) return [];
    const section = installSection(parsed, name, target.arch);
    const score = section === undefined ? undefined : infValue(parsed, section.name, 'FeatureScore')?.value;
    return [{ id: hardwareId, score: Number(score ?? 255), line }];
  });
  return [...new Map(ids.map((claim) => [claim.id.toLowerCase(), claim])).values()];
}
