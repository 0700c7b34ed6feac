import { byCodeUnit } from '../../core/order.ts';
import { archNames } from '../../formats/windows/targets.ts';
import type { TargetRow } from '../../manifest/targets-schema.ts';
import { driverElement, type OsinfoInput } from './driver-element.ts';
import { type XmlElement, xmlDocument } from './xml.ts';

/** A file to install; `path` is absolute. */
export interface OsinfoDropIn {
  readonly path: string;
  readonly text: string;
}

/**
 * Returns files that announce the drivers on this host to users of osinfo-db (virt-install --unattended, virt-v2v, Boxes): one per
 * Windows version that has an osinfo name in targets.yaml and can load a driver of the release, sorted by path.
 */
export function osinfoDropIns(input: OsinfoInput): OsinfoDropIn[] {
  const names = new Set(input.targets.flatMap(({ osinfo }) => osinfo ?? []));
  return [...names].sort(byCodeUnit).flatMap((name) => {
    const rows = input.targets.filter(({ osinfo }) => osinfo === name);
    const drivers = archNames.flatMap((arch) => {
      const row = rows.find((candidate) => candidate.arch === arch);
      return row === undefined ? [] : (driverElement(input, row) ?? []);
    });
    const [first] = rows;
    if (first === undefined || drivers.length === 0) return [];
    return [
      { path: dropInPath(name, input.packageName), text: xmlDocument(osDocument(name, first, drivers)) },
    ];
  });
}

/**
 * libosinfo reads a folder in the order of names, and virt-install keeps the last file of each name among all drivers of a Windows
 * version: `virtio-win.…` comes after `pre-installable-drivers.xml` of osinfo-db.
 */
function dropInPath(name: string, packageName: string): string {
  return `/usr/share/osinfo/os/microsoft.com/${name}.d/virtio-win.${packageName}.xml`;
}

/**
 * Repeats short-id, name and vendor, which the schema requires, exactly as in osinfo-db. Family and distro are for Windows versions
 * newer than the osinfo-db of the host; without them, virt-install does not recognise these as Windows.
 */
function osDocument(name: string, { windows }: TargetRow, drivers: readonly XmlElement[]): XmlElement {
  const version = name.slice('win-'.length);
  const os: XmlElement = {
    name: 'os',
    attributes: { id: `http://microsoft.com/win/${version}` },
    content: [
      { name: 'short-id', content: `win${version}` },
      { name: 'name', content: `Microsoft ${windows}` },
      { name: 'vendor', content: 'Microsoft Corporation' },
      { name: 'family', content: 'winnt' },
      { name: 'distro', content: 'win' },
      ...drivers,
    ],
  };
  return { name: 'libosinfo', attributes: { version: '0.0.1' }, content: [os] };
}
