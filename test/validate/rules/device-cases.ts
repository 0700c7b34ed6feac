import { buildInf } from '../../../pipeline/sources/sample/inf.ts';
import { driverFolder, type Tree } from '../../builders/tree.ts';
import type { RuleCases } from '../../contracts/rule-contract.ts';
import { changedFolder } from './changed-inf.ts';

const w10 = 'viostor/w10/x86/viostor.inf';
const w7 = 'viostor/w7/x86/viostor.inf';
const netkvm = 'NetKVM/w7/x86/netkvm.inf';
const net = 'PCI\\VEN_1AF4&DEV_1041&SUBSYS_11001AF4&REV_01';
const oldNet = 'PCI\\VEN_1AF4&DEV_1000&SUBSYS_00011AF4&REV_00';

/** The cases of the rules about the devices that drivers serve. */
export const deviceCases: Readonly<Record<string, RuleCases>> = {
  'catalog/missing-hardware-id': {
    passes: { files: offering('Win10/x86', net, oldNet) },
    fails: { files: offering('Win10/x86', net, oldNet), catalogs: { hardwareIds: [net, 'PCI\\OTHER'] } },
    findings: [`viostor/w10/x86/viostor.cat: does not list ${oldNet}, which viostor.inf offers`],
  },
  'driver/device-half-served': {
    passes: {
      files: {
        ...offering('Win10/x86', net, oldNet),
        ...offering('Win7/x86', oldNet, 'PCI\\VEN_1AF4&DEV_1041'),
      },
    },
    fails: {
      files: {
        ...offering('Win10/x86', net, oldNet),
        ...offering('Win7/x86', oldNet),
        ...offering('Win11/amd64', net),
      },
    },
    findings: [
      'viostor: has no driver for PCI\\VEN_1AF4&DEV_1000 (virtio network device (transitional)) on w11/amd64, only for PCI\\VEN_1AF4&DEV_1041',
      'viostor: has no driver for PCI\\VEN_1AF4&DEV_1041 (virtio network device) on w7/x86, only for PCI\\VEN_1AF4&DEV_1000',
    ],
  },
  'driver/device-not-served': {
    passes: {
      files: {
        ...offering('Win10/x86', 'ACPI\\QEMU0001'),
        ...offering('Win7/x86', 'PCI\\VEN_1B36&DEV_0011'),
      },
    },
    fails: { files: { ...offering('Win10/x86', 'ACPI\\QEMU0001'), ...offering('Win7/x86', 'ROOT\\X') } },
    findings: ['viostor: no driver serves ACPI\\QEMU0001 (QEMU pvpanic device) on w7/x86'],
  },
  'inf/device-of-other-kind': {
    passes: {
      files: {
        ...storage('PCI\\VEN_1AF4&DEV_1042', 'PCI\\VEN_1AF4&DEV_1001'),
        ...nullDriver(
          'Win7/x86',
          'PCI\\VEN_1AF4&DEV_1044',
          'PCI\\VEN_1AF4&DEV_1005',
          'PCI\\VEN_1AF4&DEV_1052',
        ),
      },
    },
    fails: {
      files: {
        ...storage('PCI\\VEN_1AF4&DEV_1042', net, 'PCI\\VEN_1AF4&DEV_1001', oldNet),
        ...driverFolder('Win7/x86', {
          name: 'netkvm',
          inf: {
            hardwareIds: [
              'PCI\\VEN_1AF4&DEV_1045',
              'PCI\\VEN_1AF4&DEV_1002',
              'PCI\\VEN_1AF4&DEV_1044&REV_01, PCI\\VEN_1AF4&DEV_1005',
              'PCI\\VEN_1AF4',
            ],
          },
        }),
      },
    },
    findings: [
      [
        netkvm,
        28,
        'PCI\\VEN_1AF4&DEV_1044&REV_01, the virtio entropy source, in [netkvm_Install], which drives the virtio memory balloon',
      ],
      [
        netkvm,
        28,
        'PCI\\VEN_1AF4&DEV_1005, the virtio entropy source (transitional), in [netkvm_Install], which drives the virtio memory balloon',
      ],
      [netkvm, 29, 'PCI\\VEN_1AF4, which is every device of that vendor'],
      [w7, 27, `${net}, the virtio network device, but its class is SCSIAdapter`],
      [w7, 29, `${oldNet}, the virtio network device (transitional), but its class is SCSIAdapter`],
    ].map(([path, line, fact]) => `${path}:${line}: claims ${fact}`),
  },
  'inf/malformed-hardware-id': {
    passes: {
      files: offering(
        'Win10/x86',
        'pci\\ven_1234&dev_1111&subsys_11001af4&rev_02',
        'PCI\\VEN_8086&CC_0604&DT_4',
        'PCI\\CC_010601',
        'USB\\Vid_0627&Pid_0001&Rev_0000&MI_00',
        'USB\\Class_03&SubClass_01',
        'ACPI\\VEN_QEMU&DEV_0001',
        'ROOT\\VEN_1',
      ),
    },
    fails: {
      files: offering(
        'Win10/x86',
        'PCI\\VEN_1AF4&DEV_104',
        'PCIVEN_1AF4&DEV_1041',
        'PCI/VEN_1AF4&DEV_1041',
        'PCI\\VEN_1AF4&DEV_1O41',
        'PCI\\VEN_1AF4&DEV_1041&SUBSYS_1100',
        'PCI\\VEN_1AF4 &DEV_1041',
        'PCI\\VEN_1AF4&DEV_1041&REVISION_01',
        'USB\\VID_0627&PID_1',
        `PCI\\${'VEN_1AF4&'.repeat(23)}DEV_1041`,
        'PCI\\DEV_1041&VEN_1AF4',
        'USB\\VEN_1AF4&DEV_1041',
      ),
    },
    findings: [
      [26, 'PCI\\VEN_1AF4&DEV_104', '"DEV_104" is not a part of PCI IDs'],
      [27, 'PCIVEN_1AF4&DEV_1041', 'it has no backslash after the bus'],
      [28, 'PCI/VEN_1AF4&DEV_1041', 'it has no backslash after the bus'],
      [29, 'PCI\\VEN_1AF4&DEV_1O41', '"DEV_1O41" is not a part of PCI IDs'],
      [30, 'PCI\\VEN_1AF4&DEV_1041&SUBSYS_1100', '"SUBSYS_1100" is not a part of PCI IDs'],
      [31, 'PCI\\VEN_1AF4 &DEV_1041', '"VEN_1AF4 " is not a part of PCI IDs'],
      [32, 'PCI\\VEN_1AF4&DEV_1041&REVISION_01', '"REVISION_01" is not a part of PCI IDs'],
      [33, 'USB\\VID_0627&PID_1', '"PID_1" is not a part of USB IDs'],
      [34, `PCI\\${'VEN_1AF4&'.repeat(9)}`.slice(0, 80), 'it has 219 characters; the limit is 199'],
      [35, 'PCI\\DEV_1041&VEN_1AF4', 'it does not begin with VEN_ or CC_ after the bus'],
      [36, 'USB\\VEN_1AF4&DEV_1041', '"VEN_1AF4" is not a part of USB IDs'],
    ].map(([line, id, fact]) => `${w10}:${line}: offers "${id}", which no device has: ${fact}`),
  },
  'inf/unknown-virtio-device': {
    passes: {
      files: offering(
        'Win10/x86',
        'PCI\\VEN_1AF4&DEV_10F7',
        'PCI\\VEN_1AB8&DEV_1041',
        'PCI\\VEN_1AF3&DEV_9999',
      ),
    },
    fails: {
      files: offering(
        'Win10/x86',
        'PCI\\VEN_1AF4&DEV_9999',
        'pci\\ven_1af3&dev_1041&subsys_11001af4',
        'PCI\\VEN_1B36&DEV_0200&CC_0300',
      ),
    },
    findings: [
      `${w10}:26: offers PCI\\VEN_1AF4&DEV_9999, but virtio and QEMU define no device 1AF4:9999`,
      `${w10}:27: offers pci\\ven_1af3&dev_1041&subsys_11001af4, but the virtio network device is 1AF4:1041`,
      `${w10}:28: offers PCI\\VEN_1B36&DEV_0200&CC_0300, but virtio and QEMU define no device 1B36:0200`,
    ],
  },
  'inf/wrong-subsystem': {
    passes: {
      files: offering(
        'Win10/x86',
        net,
        oldNet,
        'PCI\\VEN_1AF4&DEV_1000&SUBSYS_00000000',
        'PCI\\VEN_1AF4&DEV_1000&SUBSYS_00021AB8',
      ),
    },
    fails: {
      files: offering(
        'Win10/x86',
        'PCI\\VEN_1AF4&DEV_1041&SUBSYS_00011AF4&REV_00',
        'PCI\\VEN_1AF4&DEV_1000&SUBSYS_00021AF4&REV_00',
      ),
    },
    findings: [
      `${w10}:26: offers PCI\\VEN_1AF4&DEV_1041&SUBSYS_00011AF4&REV_00, but the virtio network device has the subsystem 1100 in QEMU`,
      `${w10}:27: offers PCI\\VEN_1AF4&DEV_1000&SUBSYS_00021AF4&REV_00, but the virtio network device (transitional) has the subsystem 0001`,
    ],
  },
};

/** A good driver whose INF offers these IDs. */
function offering(folder: string, ...hardwareIds: readonly string[]): Tree {
  return driverFolder(folder, { inf: { hardwareIds } });
}

/** A storage driver whose INF offers these IDs. */
function storage(...hardwareIds: readonly string[]): Tree {
  const models = hardwareIds.map((id) => `%viostor.DeviceDesc% = viostor_Install, ${id}`).join('\r\n');
  return changedFolder(
    'Win7/x86',
    ['Class = System', 'Class = SCSIAdapter'],
    ['4d36e97d-e325-11ce-bfc1-08002be10318', '4d36e97b-e325-11ce-bfc1-08002be10318'],
    ['StartType = 3', 'StartType = 0\r\nLoadOrderGroup = SCSI miniport'],
    ['%viostor.DeviceDesc% = viostor_Install, ROOT\\PVDISC_VIOSTOR', models],
  );
}

/** A driver without files, which names its devices and gives them the null driver. */
function nullDriver(folder: string, ...hardwareIds: readonly string[]): Tree {
  const inf = buildInf({
    name: 'netkvm',
    description: 'null driver',
    vendor: 'pvdisc project',
    driverVer: '01/02/2026,0.1.0.1',
    decorations: [folder.startsWith('Win7') ? 'NTx86.6.1' : 'NTx86.10.0'],
    hardwareIds,
  });
  return { [`${folder}/netkvm.inf`]: inf };
}
