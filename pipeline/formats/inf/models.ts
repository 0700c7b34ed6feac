import { FormatError } from '../format-error.ts';
import { type Inf, type InfEntry, infEntries, infSection, oncePerInf } from './inf.ts';
import { infNumber } from './lines.ts';

/** A models section that `[Manufacturer]` names, and the line of the reference. */
export interface ModelsSection {
  readonly manufacturer: string;
  readonly line: number;
  readonly section: string;
  /** As written (`NTamd64.6.1`); empty for the undecorated section. */
  readonly decoration: string;
  /** The parsed decoration; absent when empty or malformed. */
  readonly target?: Decoration;
  /** Whether the INF has the section. */
  readonly present: boolean;
  readonly models: readonly Model[];
}

/** One device: its description, install section and IDs. */
export interface Model {
  readonly line: number;
  readonly description: string;
  readonly installSection: string;
  readonly hardwareId?: string;
  readonly compatibleIds: readonly string[];
}

const maxSections = 10_000;
const maxModels = 100_000;

/**
 * Returns the models sections that `[Manufacturer]` names, in file order: all decorated ones, present or not, and the
 * undecorated one if the INF has it or names no other. FormatError above 10 000 sections or 100 000 models.
 */
export const modelsSections = oncePerInf((inf): readonly ModelsSection[] => {
  const sections: ModelsSection[] = [];
  let models = 0;
  for (const entry of infEntries(inf, 'Manufacturer')) {
    for (const decoration of decorations(inf, entry)) {
      const section = modelsSection(inf, entry, decoration);
      models += section.models.length;
      if (sections.push(section) > maxSections || models > maxModels) {
        throw new FormatError('[Manufacturer] names too many models sections or models', entry.line);
      }
    }
  }
  return sections;
});

function decorations(inf: Inf, { values }: InfEntry): string[] {
  const [base = '', ...rest] = values;
  const named = rest.filter((decoration) => decoration !== '');
  return named.length === 0 || infSection(inf, base) !== undefined ? ['', ...named] : named;
}

function modelsSection(inf: Inf, { key, values, line }: InfEntry, decoration: string): ModelsSection {
  const [base = ''] = values;
  const section = decoration === '' ? base : `${base}.${decoration}`;
  const target = parseDecoration(decoration);
  return {
    manufacturer: key ?? base,
    line,
    section,
    decoration,
    ...(target !== undefined && { target }),
    present: infSection(inf, section) !== undefined,
    models: models(inf, section),
  };
}

function models(inf: Inf, section: string): Model[] {
  return infEntries(inf, section).flatMap(({ key, values, line }) => {
    if (key === undefined) return [];
    const [installSection = '', hardwareId = '', ...others] = values;
    const compatibleIds = others.filter((id) => id !== '');
    return [
      { line, description: key, installSection, ...(hardwareId !== '' && { hardwareId }), compatibleIds },
    ];
  });
}

/** Returns the hardware ID and the compatible IDs of a device. */
export function modelIds({ hardwareId, compatibleIds }: Model): string[] {
  return [...(hardwareId === undefined ? [] : [hardwareId]), ...compatibleIds];
}

/** The `TargetOSVersion` decoration of a models section (Microsoft, "INF Manufacturer Section"); absent = any. */
export interface Decoration {
  readonly arch?: InfArch;
  readonly major?: number;
  readonly minor?: number;
  /** 1 workstation, 2 domain controller, 3 server. */
  readonly productType?: number;
  readonly suiteMask?: number;
  readonly build?: number;
}

/** Architectures that a decoration can name. */
type InfArch = 'x86' | 'ia64' | 'amd64' | 'arm' | 'arm64';

/** Parses `NT[arch][.[major][.[minor][.[productType][.[suiteMask][.[build]]]]]]`; undefined when malformed. */
export function parseDecoration(text: string): Decoration | undefined {
  const [system = '', ...fields] = text.toLowerCase().split('.');
  const [whole, arch] = /^nt(x86|ia64|amd64|arm|arm64)?$/.exec(system) ?? [];
  if (whole === undefined || fields.length > 5) return undefined;
  const numbers = fields.map(infNumber);
  if (fields.some((field, index) => field !== '' && numbers[index] === undefined)) return undefined;
  const [major, minor, productType, suiteMask, build] = numbers;
  return {
    ...(arch !== undefined && { arch: arch as InfArch }),
    ...(major !== undefined && { major }),
    ...(minor !== undefined && { minor }),
    ...(productType !== undefined && { productType }),
    ...(suiteMask !== undefined && { suiteMask }),
    ...(build !== undefined && { build }),
  };
}
