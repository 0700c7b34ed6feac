import { type Inf, type InfSection, infSection } from './inf.ts';
import { modelsSections } from './inf-models.ts';
import { appliesToArch } from './inf-select.ts';
import { type Arch, archFacts } from './targets.ts';

/** Install sections that no models section names, yet Windows runs. */
const otherInstallSections = ['DefaultInstall', 'ClassInstall32'];

/** Returns each section that installs something on the architecture: those of its models, and class or default installs. */
export function installSections(inf: Inf, arch: Arch): InfSection[] {
  const models = modelsSections(inf).filter((section) => appliesToArch(section, arch));
  const names = models.flatMap((section) => section.models.map((model) => model.installSection));
  const sections = [...names, ...otherInstallSections].map((name) => installSection(inf, name, arch));
  return [...new Set(sections.filter((section) => section !== undefined))];
}

/** Returns the install section that Windows takes for a name: the first of `S.NT<arch>`, `S.NT` and `S` (DDInstall). */
export function installSection(inf: Inf, name: string, arch: Arch): InfSection | undefined {
  const suffixes = [`.NT${archFacts[arch].inf}`, '.NT', ''];
  return suffixes.map((suffix) => infSection(inf, name + suffix)).find((section) => section !== undefined);
}
