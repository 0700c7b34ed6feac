import type { GuestDevice } from './guest-device.ts';
import { guestDevices } from './guest-devices.ts';
import { type HardwareId, parseHardwareId } from './hardware-id.ts';

/**
 * Returns the devices that a text names, as people paste it: lines of Device Manager, with or without quotes, instance paths, output of
 * PowerShell, `lspci -n`, `lspci -nn` and `lsusb`. The IDs of one device, which Device Manager lists together, are one. A word without a bus
 * is an ID only if the table has it or a driver offers it: `VIOPROT` is one, `viostor` is not.
 */
export function readDevices(text: string, isOffered: (id: string) => boolean = () => false): HardwareId[] {
  const devices: HardwareId[] = [];
  const isBareId = (word: string) => devicesById.has(word) || isOffered(word);
  for (const id of normalised(text)
    .split(/[\r\n]+/)
    .flatMap((line) => idsOfLine(line, isBareId))) {
    const at = devices.findIndex((device) => isSameDevice(device, id));
    const known = devices[at];
    if (known === undefined) devices.push(id);
    else devices[at] = united(known, id);
  }
  return devices;
}

/**
 * Returns a text without what pages, mail and word processors add to an ID: `&amp;`, characters that are not visible, other blanks and
 * quotes, blanks around `\` and `&`, and `/` or `\\` after the bus.
 */
function normalised(text: string): string {
  return text
    .replace(/&amp;/gi, '&')
    .replace(/\p{Cf}/gu, '')
    .replace(/[‘-‟«»]|[^\S\r\n]+/g, ' ')
    .replace(separatorOfBus, '$1\\')
    .replace(/(_[0-9A-Z]+) ?& ?(?=[A-Z]{2,}_[0-9A-Z])/gi, '$1&');
}

const separatorOfBus =
  /\b(PCI|ACPI|USB|HID|HDAUDIO|ROOT|VIOINPUT|XEN[A-Z]*) ?[\\/]+ ?(?=[A-Z]{2,}_[0-9A-Z]|[A-Z]{3,4}[0-9A-F]{4})/gi;

/** Returns whether a text is a hardware ID after a shell took its backslash, and all that follows an ampersand. */
export function lostBackslash(text: string): boolean {
  return /^\s*(?:PCIVEN_|USBVID_|ACPIQEMU|ACPIVEN_|HIDVID_)/i.test(normalised(text));
}

/** Returns the device of an ID in the table; a device of Xen has any vendor in its ID. */
export function knownDevice(id: HardwareId): GuestDevice | undefined {
  const { bus, parts } = id;
  const [vendor, device] = ['VEN', 'DEV'].map((key) => parts.get(key) ?? '');
  if (bus === 'PCI') return devicesById.get(`PCI\\VEN_${vendor}&DEV_${device}`);
  return devicesById.get(id.text) ?? devicesById.get(`${bus}\\DEV_${device}`);
}

const devicesById = new Map(guestDevices.map((device) => [device.id, device]));

function idsOfLine(line: string, isBareId: (id: string) => boolean): HardwareId[] {
  if (/^\s*subsystem:/i.test(line)) return [];
  const listed = pciAndUsbIds(line);
  if (listed.length > 0) return listed;
  const words = line
    .split(/[\s,;"'`{}<>=()]+/)
    .map((word) => word.replace(/(?<![.:!?])[.:!?]+$/, ''))
    .filter((word) => /[0-9a-z]/i.test(word));
  const ids = words.filter(
    (word) => looksLikeId(word) || (words.length === 1 && isBareId(word.toUpperCase())),
  );
  return ids.filter((word) => !lostBackslash(word)).map((word) => parseHardwareId(withoutInstance(word)));
}

/** Reads `[1af4:1041] (rev 01)` of `lspci -nn`, `1af4:1041` of `lspci -n` and `ID 0627:0001` of `lsusb`. */
function pciAndUsbIds(line: string): HardwareId[] {
  const pair = /([0-9a-f]{4}):([0-9a-f]{4})/.source;
  const usb = new RegExp(String.raw`\bID ${pair}(?=\s|$)`, 'i').exec(line);
  if (usb !== null) return [parseHardwareId(`USB\\VID_${usb[1]}&PID_${usb[2]}`)];
  const found = [
    ...line.matchAll(new RegExp(String.raw`(?:\[${pair}\]|(?<=^|[\s"'])${pair}(?=$|[\s"',]))`, 'gi')),
  ];
  const [, vendor = found.at(-1)?.[3], device = found.at(-1)?.[4]] = found.at(-1) ?? [];
  if (vendor === undefined || device === undefined) return [];
  const [, revision] = /\(rev ([0-9a-f]{2})\)/i.exec(line) ?? [];
  return [
    parseHardwareId(`PCI\\VEN_${vendor}&DEV_${device}${revision === undefined ? '' : `&REV_${revision}`}`),
  ];
}

function looksLikeId(word: string): boolean {
  return (
    /^[^\\:]+\\[^\\]/.test(word) ||
    /^(?:VEN|DEV)_[0-9a-f]/i.test(word) ||
    /^\*?[a-z]{3,4}[0-9a-f]{4}$/i.test(word)
  );
}

/** Buses of which Windows writes instance paths as `BUS\ID\INSTANCE`. */
const buses = /^(PCI|ACPI|USB|HID|HDAUDIO|HTREE|ROOT|VIOINPUT|XEN[A-Z]*)\\([^\\/]+)/i;

function withoutInstance(word: string): string {
  if (/^(?:VEN|DEV)_/i.test(word)) return `PCI\\${word}`;
  if (/^[a-z]{4}[0-9a-f]{4}$/i.test(word)) return `ACPI\\${word}`;
  const [, bus, id] = buses.exec(word) ?? [];
  return bus === undefined ? word : `${bus}\\${id}`;
}

function isSameDevice(one: HardwareId, other: HardwareId): boolean {
  if (one.bus !== other.bus) return false;
  if (one.bus !== 'PCI') return one.text === other.text;
  return [...one.parts].every(([key, value]) => {
    const second = other.parts.get(key) ?? value;
    return second === value || (key === 'CC' && (second.startsWith(value) || value.startsWith(second)));
  });
}

/** Keeps the longer text for display, and the parts of both. */
function united(one: HardwareId, other: HardwareId): HardwareId {
  const [long, short] = other.parts.size > one.parts.size ? [other, one] : [one, other];
  const parts = new Map(short.parts);
  for (const [key, value] of long.parts) {
    const before = parts.get(key) ?? '';
    parts.set(key, value.length >= before.length ? value : before);
  }
  return { ...long, parts };
}
