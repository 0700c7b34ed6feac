import { nameOf } from '../../core/paths.ts';
import { someOf } from '../../core/text.ts';
import { modelIds } from '../../formats/inf/models.ts';
import { defineRule } from '../define.ts';
import { usedModels } from '../package-facts.ts';

export const catalogMissingHardwareId = defineRule({
  id: 'catalog/missing-hardware-id',
  severity: 'info',
  scope: 'package',
  explain: `The catalog lists hardware IDs (HWID1, HWID2 …) and lacks one that its INF offers this Windows, although it holds the digest of the INF.
Windows installs the driver all the same, since it compares digests only. Tools that look for a device in catalogs do not find it.
Make the catalog with Inf2Cat or "pvdisc catalog", which list all IDs of the INF.`,
  check: (driverPackage) => {
    const { inf, catalog, verdict } = driverPackage;
    const listed = new Set(catalog?.list.hardwareIds);
    if (catalog === undefined || listed.size === 0 || verdict.uncovered.includes(inf)) return [];
    const missing = usedModels(driverPackage)
      .flatMap(modelIds)
      .filter((id) => !listed.has(id.toLowerCase()));
    if (missing.length === 0) return [];
    return [
      {
        path: catalog.path,
        message: `does not list ${someOf(missing)}, which ${nameOf(inf)} offers`,
        hint: 'make the catalog with Inf2Cat or "pvdisc catalog"',
      },
    ];
  },
});
