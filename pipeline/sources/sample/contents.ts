import type { DriverFamily } from '../../formats/windows/driver-family.ts';
import type { Arch } from '../../formats/windows/targets.ts';
import type { InfDriver } from './inf.ts';
import type { FileVersion } from './pe.ts';

/** A Windows version that the sample drivers are built for, and its folder in the build output. */
export interface WindowsBuild {
  readonly folder: string;
  readonly archs: readonly Arch[];
  /** As in decorations: `10.0...16299` is 10.0 from build 16299 on. */
  readonly windows: string;
  readonly subsystemVersion: `${number}.${number}`;
  /** Version of all drivers in the folder: DriverVer and version resource. */
  readonly version: FileVersion;
  readonly destination: InfDriver['destination'];
}

/** A driver of one `.sys` file; `symbols` is true when it has a `.pdb`. */
export interface SampleDriver extends Omit<InfDriver, 'files' | 'destination'> {
  readonly name: string;
  readonly description: string;
  readonly hardwareId: string;
  readonly payloadSize: number;
  readonly symbols: boolean;
}

/** A program that no INF names. */
export interface SampleProgram {
  readonly file: string;
  readonly description: string;
  readonly payloadSize: number;
}

export const vendor = 'pvdisc project';
/** The date of Microsoft's own inbox drivers: older than any release, so that Windows prefers any real driver. */
export const driverDate = '06/21/2006';

export const windowsBuilds: readonly WindowsBuild[] = [
  {
    folder: 'Win7',
    archs: ['x86', 'amd64'],
    windows: '6.1',
    subsystemVersion: '6.1',
    version: '0.1.0.61',
    destination: 12,
  },
  {
    folder: 'Win8.1',
    archs: ['amd64'],
    windows: '6.3',
    subsystemVersion: '6.3',
    version: '0.1.0.63',
    destination: 12,
  },
  {
    folder: 'Win10',
    archs: ['x86', 'amd64', 'ARM64'],
    windows: '10.0',
    subsystemVersion: '10.0',
    version: '0.1.0.100',
    destination: 12,
  },
  {
    folder: 'Win11',
    archs: ['amd64', 'ARM64'],
    windows: '10.0...16299',
    subsystemVersion: '10.0',
    version: '0.1.0.110',
    destination: 13,
  },
];

const forKvm: readonly SampleDriver[] = [
  {
    name: 'sampleblk',
    description: 'pvdisc sample block driver (does nothing)',
    hardwareId: 'ROOT\\PVDISC_SAMPLEBLK',
    payloadSize: 48 * 1024,
    symbols: true,
    startType: 0,
    loadOrderGroup: 'SCSI miniport',
  },
  {
    name: 'samplenet',
    description: 'pvdisc sample network driver (does nothing)',
    hardwareId: 'ROOT\\PVDISC_SAMPLENET',
    payloadSize: 40 * 1024,
    symbols: false,
    startType: 3,
  },
];

/** On buses of Xen, as devices that none of them has. */
const forXen: readonly SampleDriver[] = [
  {
    name: 'samplexenblk',
    description: 'pvdisc sample block driver for Xen (does nothing)',
    hardwareId: 'XENBUS\\VEN_PVDISC&DEV_SAMPLEBLK',
    payloadSize: 32 * 1024,
    symbols: true,
    startType: 0,
    loadOrderGroup: 'SCSI miniport',
  },
  {
    name: 'samplexennet',
    description: 'pvdisc sample network driver for Xen (does nothing)',
    hardwareId: 'XENVIF\\VEN_PVDISC&DEV_SAMPLENET',
    payloadSize: 24 * 1024,
    symbols: false,
    startType: 3,
  },
];

const programs: readonly SampleProgram[] = [
  {
    file: 'samplenetco.exe',
    description: 'pvdisc sample network helper (does nothing)',
    payloadSize: 20 * 1024,
  },
  {
    file: 'sample-test.exe',
    description: 'pvdisc sample test program (does nothing)',
    payloadSize: 12 * 1024,
  },
];

const nullDriver = {
  name: 'samplenull',
  description: 'pvdisc sample null driver',
  vendor,
  driverVer: `${driverDate},0.1.0.1`,
  decorations: ['NTx86', 'NTamd64', 'NTarm64'],
  hardwareIds: ['ROOT\\PVDISC_SAMPLENULL'],
};

/** What the sample of a family holds: drivers and programs in the folder of each Windows, null drivers at the root. */
interface SampleContents {
  readonly drivers: readonly SampleDriver[];
  readonly programs: readonly SampleProgram[];
  readonly nullDrivers: readonly (typeof nullDriver)[];
}

export const sampleContents: Readonly<Record<DriverFamily, SampleContents>> = {
  virtio: { drivers: forKvm, programs, nullDrivers: [nullDriver] },
  xenpv: { drivers: forXen, programs: [], nullDrivers: [] },
};
