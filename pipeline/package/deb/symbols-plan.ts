import { packageName, symbolsDiscName } from '../../manifest/names.ts';
import { discsFolder } from '../../model/host-paths.ts';
import type { IsoImage } from '../../model/release.ts';
import { textFile, withFolders } from './contents.ts';
import type { DebPlan, PlanInput } from './define.ts';
import { discFile } from './disc-plan.ts';
import { discRecord } from './disc-record.ts';
import { docFiles } from './doc-files.ts';
import { fillScripts } from './scripts.ts';

export function symbolsPlan({ manifest, metadata, own }: PlanInput, iso: IsoImage): DebPlan {
  const name = packageName(manifest, 'symbols');
  const record = discRecord({ kind: 'symbols', iso, packageName: name, drivers: [], manifest, metadata });
  return {
    name,
    contents: withFolders([
      discFile(iso),
      textFile(`${discsFolder}/${symbolsDiscName(manifest)}.disc`, record),
      ...docFiles(name, metadata, iso.readme),
    ]),
    scripts: fillScripts(own.scripts, 'symbols', {
      PACKAGE: name,
      NAME: `${manifest.release.name}-symbols`,
      DISC: `/${discsFolder}/${iso.name}`,
    }),
  };
}
