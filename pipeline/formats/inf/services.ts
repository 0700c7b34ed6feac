import type { Arch } from '../windows/targets.ts';
import { infNumber } from './fields.ts';
import { type Inf, infEntries, infValue } from './inf.ts';
import { installSections } from './install.ts';

/** One `AddService`; `name` is empty for the null driver (`AddService = ,2`). Numbers are absent where not well-formed. */
export interface InfService {
  readonly name: string;
  readonly line: number;
  /** Bit 0x2 marks the device's function driver. */
  readonly flags: number;
  /** The section that describes the service; absent for the null driver. */
  readonly section?: string;
  /** 0 boot, 1 system, 2 automatic, 3 on demand, 4 disabled. */
  readonly start?: number;
  readonly type?: number;
  readonly errorControl?: number;
  /** As written, with its directory number: `%12%\viostor.sys`. */
  readonly binary?: string;
  readonly loadOrderGroup?: string;
}

/** Returns the services that the architecture's install sections add, in file order (Microsoft, "INF AddService Directive"). */
export function infServices(inf: Inf, arch: Arch): InfService[] {
  const sections = installSections(inf, arch).map(({ name }) => `${name}.Services`);
  const entries = sections.flatMap((section) => infEntries(inf, section, 'AddService'));
  return entries.map(({ values: [name = '', flags, section = ''], line }) => ({
    name,
    line,
    flags: infNumber(flags) ?? 0,
    ...(section !== '' && { section, ...serviceFacts(inf, section) }),
  }));
}

function serviceFacts(inf: Inf, section: string): Partial<InfService> {
  const value = (key: string) => infValue(inf, section, key)?.value;
  const [start, type, errorControl] = ['StartType', 'ServiceType', 'ErrorControl'].map((key) =>
    infNumber(value(key)),
  );
  const [binary, loadOrderGroup] = ['ServiceBinary', 'LoadOrderGroup'].map(value);
  return {
    ...(start !== undefined && { start }),
    ...(type !== undefined && { type }),
    ...(errorControl !== undefined && { errorControl }),
    ...(binary !== undefined && { binary }),
    ...(loadOrderGroup !== undefined && { loadOrderGroup }),
  };
}
