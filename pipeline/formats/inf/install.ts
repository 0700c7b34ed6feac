import { type Arch, archFacts } from '../windows/targets.ts';
import { parseDecoration } from './decoration.ts';
import { type Inf, type InfSection, infSection } from './inf.ts';
import { type Model, modelsSections } from './models.ts';
import { appliesToArch } from './select.ts';

/** Install sections that no models section names, yet Windows runs. */
const otherInstallSections = ['DefaultInstall', 'ClassInstall32'];

/** Returns each section that installs something on the architecture: those of its models, and class or default installs. */
export function installSections(inf: Inf, arch: Arch): InfSection[] {
  const names = modelsFor(inf, arch).map((model) => model.installSection);
  const sections = [...names, ...otherInstallSections].map((name) => installSection(inf, name, arch));
  return [...new Set(sections.filter((section) => section !== undefined))];
}

/** Returns every model that can apply to the architecture, in the order of `[Manufacturer]`. */
export function modelsFor(inf: Inf, arch: Arch): Model[] {
  return modelsSections(inf)
    .filter((section) => appliesToArch(section, arch))
    .flatMap(({ models }) => models);
}

/** Returns the sections of an INF that is installed without any device: `[DefaultInstall]`, plain or decorated. */
export function defaultInstalls({ sections }: Inf): InfSection[] {
  return [...sections.values()].filter(({ name }) => {
    const [, base, decoration] = /^(DefaultInstall)(?:\.(.*))?$/i.exec(name) ?? [];
    return base !== undefined && (decoration === undefined || parseDecoration(decoration) !== undefined);
  });
}

/** Returns the install section that Windows takes for a name: the first of `S.NT<arch>`, `S.NT` and `S` (DDInstall). */
export function installSection(inf: Inf, name: string, arch: Arch): InfSection | undefined {
  const suffixes = [`.NT${archFacts[arch].inf}`, '.NT', ''];
  return suffixes.map((suffix) => infSection(inf, name + suffix)).find((section) => section !== undefined);
}
