import { infNumber } from './fields.ts';

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
export type InfArch = 'x86' | 'ia64' | 'amd64' | 'arm' | 'arm64';

/** Parses `NT[arch][.[major][.[minor][.[productType][.[suiteMask][.[build]]]]]]`; undefined when it is not one. */
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
