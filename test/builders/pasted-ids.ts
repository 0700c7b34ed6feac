/** Texts that people paste to name devices, and the IDs in them; `pvdisc which` and `virtio-win which` read them alike. */
export const pastes: readonly { readonly text: string; readonly ids: readonly string[] }[] = [
  {
    text: 'PCI\\VEN_1AF4&DEV_1041&SUBSYS_11001AF4&REV_01',
    ids: ['PCI\\VEN_1AF4&DEV_1041&SUBSYS_11001AF4&REV_01'],
  },
  { text: '"pci\\ven_1af4&dev_1042"', ids: ['PCI\\VEN_1AF4&DEV_1042'] },
  {
    text: 'PCI\\VEN_1AF4&DEV_1041\r\nPCI\\VEN_1AF4&DEV_1041&SUBSYS_11001AF4&REV_01\r\nPCI\\VEN_1AF4&CC_0200\r\n',
    ids: ['PCI\\VEN_1AF4&DEV_1041&SUBSYS_11001AF4&REV_01'],
  },
  {
    text: 'PCI\\VEN_1AF4&DEV_1041&SUBSYS_11001AF4\nPCI\\VEN_1AF4&DEV_1041&SUBSYS_11001AB8',
    ids: ['PCI\\VEN_1AF4&DEV_1041&SUBSYS_11001AF4', 'PCI\\VEN_1AF4&DEV_1041&SUBSYS_11001AB8'],
  },
  { text: 'PCI\\VEN_1AF4&DEV_1041\\3&11583659&0&28', ids: ['PCI\\VEN_1AF4&DEV_1041'] },
  {
    text: 'HardwareId : {PCI\\VEN_1AF4&DEV_1041, PCI\\VEN_1AF4&DEV_1042}',
    ids: ['PCI\\VEN_1AF4&DEV_1041', 'PCI\\VEN_1AF4&DEV_1042'],
  },
  { text: 'VEN_1AF4&DEV_1000', ids: ['PCI\\VEN_1AF4&DEV_1000'] },
  { text: '1af4:1041', ids: ['PCI\\VEN_1AF4&DEV_1041'] },
  { text: '00:03.0 0200: 1af4:1041 (rev 01)', ids: ['PCI\\VEN_1AF4&DEV_1041&REV_01'] },
  {
    text: '00:03.0 SCSI storage controller [0100]: Red Hat, Inc. Virtio block device [1af4:1001]\n\tSubsystem: Red Hat, Inc. Virtio block device [1af4:0002]',
    ids: ['PCI\\VEN_1AF4&DEV_1001'],
  },
  { text: 'Bus 001 Device 002: ID 0627:0001 Adomax Technology Co., Ltd', ids: ['USB\\VID_0627&PID_0001'] },
  { text: 'ACPI\\VEN_QEMU&DEV_0001\nACPI\\QEMU0001\n*QEMU0001', ids: ['ACPI\\QEMU0001'] },
  { text: 'QEMU0002', ids: ['ACPI\\QEMU0002'] },
  { text: 'VIOPROT', ids: ['VIOPROT'] },
  { text: 'vioinput\\rev_01', ids: ['VIOINPUT\\REV_01'] },
  { text: 'XENBUS\\VEN_XP0001&DEV_VBD&REV_0900000B\\_', ids: ['XENBUS\\VEN_XP0001&DEV_VBD&REV_0900000B'] },
  { text: 'HTREE\\ROOT\\0', ids: ['HTREE\\ROOT'] },
  { text: 'Hardware Ids\n  PCI\\VEN_1AF4&DEV_1048', ids: ['PCI\\VEN_1AF4&DEV_1048'] },
  { text: 'the network card', ids: [] },
  { text: 'PCIVEN_1AF4', ids: [] },
  { text: ' \n ', ids: [] },
];
