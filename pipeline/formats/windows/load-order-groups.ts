import { nearName } from '../../core/near-name.ts';

/**
 * Groups in which Windows starts drivers: the registry's ServiceGroupOrder\List ("Specifying driver load order") and those of file system
 * filters ("Load order groups and altitudes for minifilter drivers"). The comparison ignores case; a driver may have another group.
 */
const loadOrderGroups = [
  ...['System Reserved', 'EMS', 'WdfLoadGroup', 'Early-Launch', 'Boot Bus Extender', 'System Bus Extender'],
  ...[
    'SCSI miniport',
    'Port',
    'Primary Disk',
    'SCSI Class',
    'SCSI CDROM Class',
    'Filter',
    'Boot File System',
  ],
  ...['Base', 'Extended Base', 'Pointer Port', 'Keyboard Port', 'Pointer Class', 'Keyboard Class'],
  ...['Video Init', 'Video', 'Video Save', 'File System', 'Event Log', 'Streams Drivers', 'NDIS Wrapper'],
  ...['COM Infrastructure', 'UIGroup', 'PlugPlay', 'Cryptography', 'PNP_TDI', 'NDIS', 'TDI', 'iSCSI'],
  ...['NetBIOSGroup', 'ShellSvcGroup', 'SchedulerGroup', 'SpoolerGroup', 'AudioGroup', 'SmartCardGroup'],
  ...['NetworkProvider', 'NetDDEGroup', 'Parallel arbitrator', 'PCI Configuration', 'MS Transactions'],
  ...[
    'Core',
    'Core Platform Extensions',
    'Core Security Extensions',
    'PnP Filter',
    'ProfSvc_Group',
    'Network',
  ],
  ...['Infrastructure', 'System', 'Bottom', 'Copy Protection', 'Security Enhancer', 'Open File'].map(filters),
  ...['Physical Quota Management', 'Virtualization', 'Encryption', 'Compression', 'Imaging', 'HSM'].map(
    filters,
  ),
  ...['Cluster File System', 'System Recovery', 'Quota Management', 'Content Screener'].map(filters),
  ...['Continuous Backup', 'Replication', 'Anti-Virus', 'Undelete', 'Activity Monitor', 'Top'].map(filters),
];

function filters(group: string): string {
  return `FSFilter ${group}`;
}

/**
 * Returns the group that a name of four letters or more misspells, of which two differ at most, and one in a short name; undefined for a group
 * and for any other name, such as that of a group with a number behind it.
 */
export function misspelledLoadOrderGroup(name: string): string | undefined {
  const near = name.length < 4 ? undefined : nearName(name, loadOrderGroups, name.length < 8 ? 1 : 2);
  return near === undefined || name.toLowerCase().replace(/\d+$/, '') === near.toLowerCase()
    ? undefined
    : near;
}
