import { type GuestDevice, pciDevice } from './guest-device.ts';

interface VirtioType {
  readonly name: string;
  readonly drivers?: readonly string[];
  readonly classes?: readonly string[];
  /** PCI device ID of the transitional device; the modern one has 0x1040 and the device type. */
  readonly transitional?: number;
}

/** Device types of virtio (Virtual I/O Device Version 1.4, "Device Types" and "PCI Device Discovery"); type 37 as Linux has it. */
const virtioTypes: Readonly<Record<number, VirtioType>> = {
  1: { name: 'network device', drivers: ['NetKVM'], classes: ['Net'], transitional: 0x1000 },
  2: { name: 'block device', drivers: ['viostor'], classes: ['SCSIAdapter', 'HDC'], transitional: 0x1001 },
  3: { name: 'console', drivers: ['vioserial'], transitional: 0x1003 },
  4: { name: 'entropy source', drivers: ['viorng'], transitional: 0x1005 },
  5: { name: 'memory balloon', drivers: ['Balloon'], transitional: 0x1002 },
  6: { name: 'ioMemory' },
  7: { name: 'rpmsg' },
  8: { name: 'SCSI host', drivers: ['vioscsi'], classes: ['SCSIAdapter', 'HDC'], transitional: 0x1004 },
  9: { name: '9P transport', transitional: 0x1009 },
  10: { name: 'mac80211 wlan' },
  11: { name: 'rproc serial' },
  12: { name: 'CAIF' },
  13: { name: 'memory balloon (second version)' },
  16: { name: 'GPU', drivers: ['viogpudo'], classes: ['Display'] },
  17: { name: 'real-time clock' },
  18: { name: 'input device', drivers: ['vioinput'], classes: ['HIDClass', 'Keyboard', 'Mouse'] },
  // QEMU's device has the transitional ID 1012 by mistake, which it keeps (docs/specs/pci-ids.rst).
  19: { name: 'socket device', drivers: ['viosock'], transitional: 0x1012 },
  20: { name: 'crypto device (driver only in upstream builds)', drivers: ['viocrypt'] },
  21: { name: 'signal distribution module' },
  22: { name: 'pstore device' },
  23: { name: 'IOMMU' },
  24: { name: 'memory device', drivers: ['viomem'] },
  25: { name: 'sound device', classes: ['Media'] },
  26: { name: 'file system', drivers: ['viofs'] },
  27: { name: 'persistent memory' },
  28: { name: 'RPMB device' },
  29: { name: 'mac80211 hwsim' },
  30: { name: 'video encoder' },
  31: { name: 'video decoder' },
  32: { name: 'SCMI device' },
  33: { name: 'Nitro secure module' },
  34: { name: 'I2C adapter' },
  35: { name: 'watchdog' },
  36: { name: 'CAN device' },
  37: { name: 'dmabuf' },
  38: { name: 'parameter server' },
  39: { name: 'audio policy device' },
  40: { name: 'Bluetooth device' },
  41: { name: 'GPIO device' },
  42: { name: 'RDMA device' },
  43: { name: 'camera' },
  44: { name: 'ISM device' },
  45: { name: 'SPI controller' },
  46: { name: 'TEE device' },
  47: { name: 'CPU balloon' },
  48: { name: 'media device' },
  49: { name: 'USB controller' },
};

/** Offset of the modern PCI device IDs ("PCI Device Discovery"). */
const modernOffset = 0x1040;

/** Device IDs that need no registration (QEMU, docs/specs/pci-ids.rst). */
const experimental = { first: 0x10f0, last: 0x10ff };

const pciBridge = { drivers: [], inbox: 'since Windows 2000' };

/** Other devices of QEMU: docs/specs/pci-ids.rst, and the ACPI devices of hw/acpi, hw/nvram/fw_cfg and docs/specs/vmgenid.rst. */
const qemuDevices: readonly GuestDevice[] = [
  // kvm-guest-drivers-windows has the driver; virtio-win's disc has only what Red Hat distributes (its issue 217).
  pciDevice('1AF4', '1110', {
    name: 'inter-VM shared memory (driver only in upstream builds)',
    kind: 'ivshmem',
    drivers: ['ivshmem'],
  }),
  pciDevice('1B36', '0001', { name: 'QEMU PCI bridge', kind: 'bridge', ...pciBridge }),
  pciDevice('1B36', '0002', { name: 'QEMU serial port', kind: 'serial', drivers: ['qemupciserial'] }),
  pciDevice('1B36', '0003', {
    name: 'QEMU serial card, 2 ports',
    kind: 'serial',
    drivers: ['qemupciserial'],
  }),
  pciDevice('1B36', '0004', {
    name: 'QEMU serial card, 4 ports',
    kind: 'serial',
    drivers: ['qemupciserial'],
  }),
  pciDevice('1B36', '0005', { name: 'QEMU PCI test device', kind: 'test', drivers: [] }),
  pciDevice('1B36', '0006', { name: 'QEMU Rocker switch', kind: 'rocker', drivers: [] }),
  pciDevice('1B36', '0007', {
    name: 'QEMU SD host controller',
    kind: 'sdhci',
    drivers: [],
    inbox: 'since Windows Vista',
  }),
  pciDevice('1B36', '0008', { name: 'QEMU PCIe host bridge', kind: 'bridge', ...pciBridge }),
  pciDevice('1B36', '0009', { name: 'QEMU PCI expander bridge', kind: 'bridge', ...pciBridge }),
  pciDevice('1B36', '000A', { name: 'QEMU PCI bridge (multiseat)', kind: 'bridge', ...pciBridge }),
  pciDevice('1B36', '000B', { name: 'QEMU PCIe expander bridge', kind: 'bridge', ...pciBridge }),
  pciDevice('1B36', '000C', { name: 'QEMU PCIe root port', kind: 'bridge', ...pciBridge }),
  pciDevice('1B36', '000D', {
    name: 'QEMU xHCI USB controller',
    kind: 'xhci',
    drivers: [],
    inbox: 'since Windows 8',
  }),
  pciDevice('1B36', '000E', { name: 'QEMU PCIe-to-PCI bridge', kind: 'bridge', ...pciBridge }),
  pciDevice('1B36', '000F', { name: 'mdpy sample display', kind: 'mdpy', drivers: [] }),
  pciDevice('1B36', '0010', {
    name: 'QEMU NVMe controller',
    kind: 'nvme',
    drivers: [],
    inbox: 'since Windows 8.1',
  }),
  pciDevice('1B36', '0011', { name: 'QEMU pvpanic device', kind: 'pvpanic', drivers: ['pvpanic'] }),
  pciDevice('1B36', '0012', { name: 'QEMU ACPI ERST device', kind: 'erst', drivers: [] }),
  pciDevice('1B36', '0013', {
    name: 'QEMU UFS controller',
    kind: 'ufs',
    drivers: [],
    inbox: 'since Windows 10',
  }),
  pciDevice('1B36', '0014', { name: 'QEMU RISC-V IOMMU', kind: 'riscv-iommu', drivers: [] }),
  pciDevice('1B36', '0100', {
    name: 'QXL display',
    kind: 'qxl',
    drivers: ['qxl', 'qxldod'],
    classes: ['Display'],
  }),
  pciDevice('1234', '1111', {
    name: 'QEMU standard VGA',
    kind: 'vga',
    drivers: [],
    inbox: 'since Windows 2000',
  }),
  pciDevice('8086', '2930', {
    name: 'SMBus controller of the machine q35',
    kind: 'smbus',
    drivers: ['smbus'],
  }),
  { id: 'ACPI\\QEMU0001', name: 'QEMU pvpanic device', kind: 'pvpanic', drivers: ['pvpanic'] },
  {
    id: 'ACPI\\QEMU0002',
    name: 'QEMU firmware configuration',
    kind: 'fw_cfg',
    drivers: ['fwcfg', 'qemufwcfg'],
  },
  vmGenerationId('ACPI\\QEMUVGID'),
  vmGenerationId('ACPI\\VMGENCTR'),
  vmGenerationId('ACPI\\VM_GEN_COUNTER'),
  { id: 'ACPI\\LNRO0005', name: 'virtio device without PCI (virtio-mmio)', kind: 'virtio-mmio', drivers: [] },
  {
    id: 'VIOINPUT\\REV_01',
    name: 'HID child of the virtio input device',
    kind: 'input-child',
    drivers: ['vioinput'],
    classes: ['HIDClass'],
  },
  {
    id: 'HTREE\\ROOT',
    name: 'root of the device tree',
    kind: 'root',
    drivers: [],
    inbox: 'in every version',
  },
  { id: 'VIOPROT', name: 'protocol of virtio-win for SR-IOV failover', kind: 'protocol', drivers: ['sriov'] },
];

/** The devices of virtio and QEMU, each ID once. */
export const virtioDevices: readonly GuestDevice[] = [
  ...Object.entries(virtioTypes).flatMap(([type, facts]) => devicesOfType(Number(type), facts)),
  ...qemuDevices,
];

function devicesOfType(
  type: number,
  { name, drivers = [], classes, transitional }: VirtioType,
): GuestDevice[] {
  const common = { kind: `virtio-${type}`, drivers, ...(classes !== undefined && { classes }) };
  const modern = pciDevice('1AF4', hex(modernOffset + type), { ...common, name: `virtio ${name}` });
  if (transitional === undefined) return [modern];
  const subsystem = hex(type);
  return [
    pciDevice('1AF4', hex(transitional), { ...common, name: `virtio ${name} (transitional)`, subsystem }),
    modern,
  ];
}

function vmGenerationId(id: string): GuestDevice {
  return { id, name: 'VM generation ID', kind: 'vmgenid', drivers: [], inbox: 'since Windows 8' };
}

function hex(value: number): string {
  return value.toString(16).toUpperCase().padStart(4, '0');
}

/** Returns whether a PCI device ID of the vendor 1AF4 is free for experiments. */
export function isExperimental(dev: string): boolean {
  const value = Number.parseInt(dev, 16);
  return value >= experimental.first && value <= experimental.last;
}
