// Writes debian/host/devices.tsv, the devices of virtio, QEMU and Xen for `virtio-win which`, from the compiled program (npm run compile).
// A line is: hardware ID, name, drivers, which Windows has a driver of its own, family of the drivers (virtio or xenpv).
// Usage: node scripts/write-device-table.mjs [FILE]
import { writeFile } from 'node:fs/promises';
import { familyOfId } from '../build/formats/windows/driver-family.js';
import { guestDevices } from '../build/formats/windows/guest-devices.js';
import { parseHardwareId } from '../build/formats/windows/hardware-id.js';

const lines = guestDevices.map(({ id, name, drivers, inbox = '' }) =>
  [id, name, drivers.join(' '), inbox, familyOfId(parseHardwareId(id)) ?? 'virtio'].join('\t'),
);
await writeFile(
  process.argv[2] ?? new URL('../debian/host/devices.tsv', import.meta.url),
  `${lines.join('\n')}\n`,
);
