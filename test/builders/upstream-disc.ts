import { withCatalog } from './catalog.ts';
import { buildIso } from './iso.ts';
import { driverFolder, type Tree } from './tree.ts';

/** Upstream's version that the discs of tests have in their labels. */
export const upstreamVersion = '0.1.302';

const folders = {
  'w10/x86': 'Win10/x86',
  'w10/amd64': 'Win10/amd64',
  'w11/amd64': 'Win11/amd64',
  '2k22/amd64': 'Win10/amd64',
} as const;

/** Returns the files of a small disc with the layout of upstream's: drivers, the trees by architecture, guest agent, installers, certificate, symbols. */
export function upstreamTree(): Tree {
  const drivers = Object.entries(folders).flatMap(([target, folder]) =>
    ['viostor', 'NetKVM'].flatMap((driver) => driverEntries(driver, target, folder)),
  );
  const auto = drivers.flatMap(([path, bytes]): [string, Uint8Array | string][] => {
    const [, os = '', arch = '', name = ''] = /^viostor\/([^/]+)\/([^/]+)\/(.+)$/.exec(path) ?? [];
    return name === '' || name.endsWith('.pdb')
      ? []
      : [[`${arch === 'x86' ? 'i386' : arch}/${os}/${name}`, bytes]];
  });
  return {
    ...Object.fromEntries([...drivers, ...auto]),
    'cert/Virtio_Win_Red_Hat_CA.cer': 'a certificate',
    'data/info.json': '{"drivers": []}',
    'guest-agent/qemu-ga-i386.msi': 'the guest agent for x86',
    'guest-agent/qemu-ga-x86_64.msi': 'the guest agent for x86_64',
    'virtio-win-gt-x64.msi': 'an installer',
    'virtio-win-guest-tools.exe': 'MZ, and not a program',
    'virtio-win_license.txt': 'Redistribution and use in source and binary forms\n',
  };
}

/** Makes a disc as upstream's make-installer does: Rock Ridge and Joliet, long names, the version in the label. */
export function upstreamDisc(changes: Tree = {}, label = `virtio-win-${upstreamVersion}`): Promise<Buffer> {
  return buildIso({ ...upstreamTree(), ...changes }, ['-r', '-J', '-iso-level', '4', '-V', label]);
}

function driverEntries(driver: string, target: string, folder: string): [string, Uint8Array | string][] {
  const name = driver.toLowerCase();
  const files = withCatalog(driverFolder(folder, { name, extras: { [`${name}.pdb`]: `symbols ${folder}` } }));
  return Object.entries(files).map(([path, bytes]) => [
    `${driver}/${target}${path.slice(folder.length)}`,
    bytes,
  ]);
}
