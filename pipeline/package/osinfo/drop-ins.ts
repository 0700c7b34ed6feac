import { byCodeUnit } from '../../core/order.ts';
import { archNames } from '../../formats/windows/targets.ts';
import type { TargetRow } from '../../manifest/targets-schema.ts';
import { driverElement, type OsinfoInput } from './driver-element.ts';
import { type XmlElement, xmlDocument } from './xml.ts';

/** A file to install: its absolute path on the host and its text. */
export interface OsinfoDropIn {
  readonly path: string;
  readonly text: string;
}

/**
 * Returns the files that tell osinfo-db's users (virt-install --unattended, virt-v2v, Boxes) of the drivers on this host: one per
 * Windows that targets.yaml has an osinfo name for and the release a driver that it loads, sorted by path.
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
 * libosinfo reads a folder in the order of names, and virt-install, which takes the files of all drivers of a Windows, keeps the
 * last of one name: `virtio-win.…` comes after osinfo-db's own `pre-installable-drivers.xml`.
 */
function dropInPath(name: string, packageName: string): string {
  return `/usr/share/osinfo/os/microsoft.com/${name}.d/virtio-win.${packageName}.xml`;
}

/**
 * The schema wants short-id, name and vendor again, and what osinfo-db has must stay as it is. Family and distro are for those
 * Windows that the host's osinfo-db may be too old for: without them virt-install does not take these for Windows.
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
