import { headerLine, type Inf, infSection } from '../../formats/inf/inf.ts';
import { defaultInstalls } from '../../formats/inf/install.ts';
import { modelsSections } from '../../formats/inf/models.ts';
import { appliesToArch } from '../../formats/inf/select.ts';
import { defineRule } from '../define.ts';

export const infNoModels = defineRule({
  id: 'inf/no-models',
  severity: 'error',
  scope: 'package',
  explain: `The INF has no models for the processor architecture of its folder.
Windows of that architecture finds nothing to install ("The folder you specified doesn't contain a compatible software driver").
Where the folder names no architecture, models for any architecture count; an INF that only installs a device class needs none.
Decorate a models section for the architecture in [Manufacturer], such as NTamd64, or use the INF for this architecture.`,
  check: ({ inf, parsed, target: { arch }, anyArch }) => {
    if (infSection(parsed, 'Version') === undefined) return [];
    if (anyArch && (modelsSections(parsed).some(({ models }) => models.length > 0) || isOfClass(parsed)))
      return [];
    const applying = modelsSections(parsed).filter((section) => appliesToArch(section, arch));
    const hasModels = applying.some(({ models }) => models.length > 0);
    // inf/missing-models-section reports an absent models section.
    const isAbsent = applying.some(({ present }) => !present);
    if (hasModels || isAbsent || defaultInstalls(parsed).length > 0) return [];
    return [
      {
        path: inf,
        ...headerLine(infSection(parsed, 'Manufacturer')),
        message: anyArch ? 'has no models' : `has no models for ${arch}`,
        hint: `add a models section for ${anyArch ? 'an architecture' : arch}, or use the INF for that architecture`,
      },
    ];
  },
});

function isOfClass({ sections }: Inf): boolean {
  return [...sections.keys()].some((name) => /^(class|interface)install32(\.nt\w*)?$/.test(name));
}
