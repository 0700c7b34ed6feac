/** A hardware ID in upper case, split at `&`: `PCI\VEN_1AF4&DEV_1041` has the parts VEN (1AF4) and DEV (1041). */
export interface HardwareId {
  readonly text: string;
  readonly bus: string;
  readonly parts: ReadonlyMap<string, string>;
}

/**
 * How an ID that an INF offers fits the ID of a device: `full` if the device has it; `partial` if only devices have it with values that
 * the given ID leaves out; `near` if it names the same device with another subsystem or revision.
 */
export type IdMatch = 'full' | 'partial' | 'near';

/** Parts that the ID of a device can leave out (Microsoft, "Identifiers for PCI Devices"). */
const details: ReadonlySet<string> = new Set(['SUBSYS', 'REV', 'CC']);

/** Parses a hardware ID as INFs and Device Manager write it; IDs are compared without case, and Windows has three forms of an ACPI ID. */
export function parseHardwareId(text: string): HardwareId {
  const upper = text.trim().toUpperCase();
  const acpi = /^ACPI\\VEN_([^&\\]+)&DEV_([^&\\]+)/.exec(upper) ?? /^\*()([A-Z0-9_]+)$/.exec(upper);
  const plain = acpi === null ? upper : `ACPI\\${acpi[1]}${acpi[2]}`;
  const slash = plain.indexOf('\\');
  const bus = plain.slice(0, Math.max(slash, 0));
  return {
    text: plain,
    bus,
    parts: new Map(
      plain
        .slice(slash + 1)
        .split('&')
        .map(splitPart),
    ),
  };
}

/** Splits at the first `_`; what has none is a part of its own, without a value. */
function splitPart(part: string): [key: string, value: string] {
  const at = part.indexOf('_');
  return at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
}

/** Compares the ID of a device with one that an INF offers; undefined for other devices. */
export function matchHardwareId(device: HardwareId, offered: HardwareId): IdMatch | undefined {
  if (device.bus !== offered.bus) return undefined;
  const missing: string[] = [];
  let isNear = false;
  for (const [key, value] of offered.parts) {
    const own = device.parts.get(key);
    if (own === undefined || (key === 'CC' && own !== value && value.startsWith(own))) missing.push(key);
    else if (own !== value && !(key === 'CC' && own.startsWith(value))) {
      if (key !== 'SUBSYS' && key !== 'REV') return undefined;
      isNear = true;
    }
  }
  const isSameDevice = device.parts.has('DEV') && offered.parts.has('DEV');
  if (isNear) return isSameDevice ? 'near' : undefined;
  if (missing.length === 0) return 'full';
  const isDetail = isSameDevice && missing.every((key) => details.has(key));
  const isGeneral = [...device.parts.keys()].every((key) => offered.parts.has(key));
  return isDetail || isGeneral ? 'partial' : undefined;
}

/** Longest hardware ID without its end (`MAX_DEVICE_ID_LEN` of the Windows SDK). */
const longestId = 199;

/** Parts of PCI IDs (Microsoft, "Identifiers for PCI Devices"); `DT` is the type of a PCI Express device. */
const pciParts =
  /^(?:VEN_[0-9A-F]{4}|DEV_[0-9A-F]{4}|SUBSYS_[0-9A-F]{8}|REV_[0-9A-F]{2}|CC_(?:[0-9A-F]{2}){2,3}|DT_\d+)$/i;

/** Returns what is wrong with a PCI or USB ID of an INF; undefined for good ones and for other buses. */
export function malformedPart(id: string): string | undefined {
  if (/^(?:PCI|USB)[^\\]{0,2}(?:VEN|VID|CC|DEV)_/i.test(id)) return 'it has no backslash after the bus';
  const [, bus = '', rest = ''] = /^(PCI|USB)\\(.*)$/i.exec(id) ?? [];
  if (bus === '') return undefined;
  if (id.length > longestId) return `it has ${id.length} characters; the limit is ${longestId}`;
  const isPci = bus.toUpperCase() === 'PCI';
  if (isPci && !/^(?:VEN|CC)_/i.test(rest)) return 'it does not begin with VEN_ or CC_ after the bus';
  const isGood = (part: string) =>
    isPci
      ? pciParts.test(part)
      : !/^(?:VEN|DEV|SUBSYS)_/i.test(part) &&
        (!/^(?:VID|PID)_/i.test(part) || /^.{4}[0-9A-F]{4}$/i.test(part));
  const bad = rest.split('&').find((part) => !isGood(part));
  return bad === undefined ? undefined : `"${bad.slice(0, 40)}" is not a part of ${bus.toUpperCase()} IDs`;
}
