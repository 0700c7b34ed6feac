export { PvdiscError } from '../../core/errors.ts';
export { type Arch, archNames } from '../windows/targets.ts';
export { catalogFile, type InfFile, namedFiles } from './files.ts';
export {
  type Inf,
  type InfEntry,
  type InfSection,
  type InfValue,
  infEntries,
  infSection,
  infValue,
  parseInf,
} from './inf.ts';
export { type InfService, infServices } from './install.ts';
export type { InfFields, InfProblem } from './lines.ts';
export { type Decoration, type Model, type ModelsSection, modelsSections } from './models.ts';
export { type Guest, selectModels } from './select.ts';
export type { InfEncoding } from './text.ts';
export { type DriverVersion, driverVersion, type VersionFacts, versionFacts } from './version.ts';
