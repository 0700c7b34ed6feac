// Writes debian/host/devices.tsv, the devices of virtio and QEMU for `virtio-win which`, from the compiled program (npm run compile).
// A line is: hardware ID, name, drivers of virtio-win, which Windows has a driver of its own. Usage: node scripts/write-device-table.mjs [FILE]
import { writeFile } from 'node:fs/promises';
import { guestDevices } from '../build/formats/windows/virtio-devices.js';

const lines = guestDevices.map(({ id, name, drivers, inbox = '' }) =>
  [id, name, drivers.join(' '), inbox].join('\t'),
);
await writeFile(
  process.argv[2] ?? new URL('../debian/host/devices.tsv', import.meta.url),
  `${lines.join('\n')}\n`,
);
