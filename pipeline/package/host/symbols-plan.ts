import { packageName, symbolsDiscName } from '../../manifest/names.ts';
import { discsFolder } from '../../model/host-paths.ts';
import type { IsoImage } from '../../model/release.ts';
import { textFile, withFolders } from '../contents.ts';
import type { HostPlan, PlanInput } from './define.ts';
import { discFile } from './disc-plan.ts';
import { discRecord } from './disc-record.ts';
import { fillScripts } from './scripts.ts';

export function symbolsPlan({ manifest, metadata, own, format }: PlanInput, iso: IsoImage): HostPlan {
  const name = packageName(manifest, 'symbols');
  const record = discRecord({ kind: 'symbols', iso, packageName: name, drivers: [], manifest, metadata });
  return {
    name,
    kind: 'symbols',
    family: manifest.release.family,
    contents: withFolders([
      discFile(iso),
      textFile(`${discsFolder}/${symbolsDiscName(manifest)}.disc`, record),
      ...format.documents(name, metadata, iso.readme),
    ]),
    scripts: fillScripts(
      own.scripts,
      { kind: 'symbols', names: format.scripts },
      {
        ...format.commands(name),
        PACKAGE: name,
        NAME: `${manifest.release.name}-symbols`,
        DISC: `/${discsFolder}/${iso.name}`,
      },
    ),
  };
}
