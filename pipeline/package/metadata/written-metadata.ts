import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wrapWords } from '../../core/text.ts';
import { formatStanza } from '../../formats/deb/control.ts';
import { type DriverFamily, hypervisorOf } from '../../formats/windows/driver-family.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { packageName, packageNames } from '../../manifest/names.ts';
import { discsFolder, familyLinks } from '../../model/host-paths.ts';
import { toolRoot } from '../../system/own.ts';

/** Returns `debian/control` as a release describes its packages, for the source and each binary package. */
export function writtenControl(manifest: Manifest): string {
  const { maintainer = '', homepage = '', section = 'misc', ...given } = manifest.release.package;
  const { family } = manifest.release;
  const hypervisor = hypervisorOf[family];
  const name = packageName(manifest);
  const binary = (fields: readonly Field[], synopsis: string, paragraphs: readonly string[]): Field[] => [
    ['Architecture', 'all'],
    ['Multi-Arch', 'foreign'],
    ...fields,
    ['Description', [synopsis, paragraphs.join('\n.\n')].join('\n')],
  ];
  const stanzas: Readonly<Record<string, () => Field[]>> = {
    [name]: () =>
      binary(
        [
          ['Suggests', suggested[family]],
          ['Provides', [`${family}-win-iso`, ...(given.provides ?? [])].join(', ')],
          ['Conflicts', (given.conflicts ?? []).join(', ')],
          ['Replaces', (given.replaces ?? []).join(', ')],
        ],
        literal(manifest.release.title),
        [
          ...paragraphsOf(literal(given.description ?? defaultDescription[family])),
          ...paragraphsOf(
            `A ${hypervisor} guest reads the disc as a CD-ROM: "virtio-win attach GUEST" attaches it to a guest, "virtio-win --help" lists the other commands. README.txt on the disc and in /usr/share/doc/${name} lists the folder for each Windows.`,
          ),
          signatures,
        ],
      ),
    [packageName(manifest, 'symbols')]: () =>
      binary([['Enhances', name]], `debug symbols of the Windows drivers in ${name}`, [
        ...paragraphsOf(
          `The debug symbols (.pdb) of the drivers in the package ${name}, on a disc of their own. A debugger reads them to show names instead of addresses; they are not needed to install or to run a driver.`,
        ),
      ]),
    [packageName(manifest, 'drivers')]: () =>
      binary(
        [
          ['Suggests', family === 'virtio' ? 'osinfo-db' : ''],
          ['Enhances', name],
        ],
        `Windows drivers of ${name}, as files`,
        [
          ...paragraphsOf(
            `The files of the drivers in the package ${name}, unpacked below /${discsFolder}/${familyLinks[family].drivers} by driver and by Windows, for tools that take drivers from the host and not from a disc.`,
          ),
          signatures,
        ],
      ),
  };
  const source: Field[] = [
    ['Source', name],
    ['Section', section],
    ['Priority', 'optional'],
    ['Maintainer', literal(maintainer)],
    ['Homepage', literal(homepage)],
  ];
  const packages = packageNames(manifest).map((each): Field[] => [
    ['Package', each],
    ...(stanzas[each]?.() ?? []),
  ]);
  return [source, ...packages]
    .map((fields) => formatStanza(fields.filter(([, value]) => value !== '')))
    .join('\n');
}

type Field = [name: string, value: string];

const signatures = `\${pvdisc:Signatures}`;

/** Keeps substitution variables out of a text: `${}` stands for a dollar sign (deb-substvars(5)). */
function literal(text: string): string {
  return text.replaceAll(/\$(?=\{)/g, '$&{}');
}

const defaultDescription: Readonly<Record<DriverFamily, string>> = {
  virtio:
    'Windows has no drivers for the paravirtual (virtio) devices of a KVM guest. This disc brings them.',
  xenpv:
    'Windows has no drivers for the paravirtual devices of a Xen guest. This disc brings them; it has none for KVM.',
};

const suggested: Readonly<Record<DriverFamily, string>> = {
  virtio: 'jq, libvirt-clients, qemu-system-x86, socat, virtinst',
  xenpv: 'jq, libvirt-clients, xen-utils-common',
};

/** Wraps paragraphs as an extended description (Debian Policy 5.6.13) and keeps lines that begin with a blank. */
function paragraphsOf(text: string): string[] {
  return text
    .trimEnd()
    .split(/\n(?:[ \t]*\n)+/)
    .map((paragraph) => {
      const lines: string[] = [];
      let words: string[] = [];
      const flush = () => {
        lines.push(...wrapWords(words, 78));
        words = [];
      };
      for (const line of paragraph.split('\n')) {
        if (/^\s/.test(line)) {
          flush();
          lines.push(line.trimEnd());
        } else words.push(...line.split(/\s+/).filter(Boolean));
      }
      flush();
      return lines.map((line) => (line.startsWith('.') ? ` ${line}` : line)).join('\n');
    });
}

/** Returns the lintian overrides of a package: those that pvdisc's own packages of the same kind have, for the same reasons. */
export function writtenOverrides(manifest: Manifest, name: string): Promise<string> {
  const suffix = name.slice(manifest.release.package.name.length);
  return readFile(join(toolRoot, `debian/pvdisc-sample${suffix}.lintian-overrides`), 'utf8');
}
