import { PipelineError, type Problem } from '../../core/errors.ts';
import { placeAtLine } from '../../core/place.ts';
import { parseControl, type Stanza } from '../../formats/deb/control.ts';
import { binaryControl } from '../deb/binary-control.ts';
import type { HostPlan } from '../host/define.ts';
import type { DebMetadata } from '../metadata/metadata.ts';

/** Returns the stanza of a package with inherited fields and replaced variables. */
export function packageStanza(
  metadata: DebMetadata,
  name: string,
  variables: ReadonlyMap<string, string>,
): Stanza {
  const binary = metadata.packages.get(name)?.binary;
  if (binary === undefined) throw new Error(`no stanza of ${name}`);
  const [stanza] = parseControl(binaryControl(metadata, binary, variables, 0), metadata.controlFile);
  if (stanza === undefined) throw new Error(`an empty stanza of ${name}`);
  return stanza;
}

/** Throws where a package needs another one of Debian, which rpm knows by another name or not at all. */
export function requireNoDependencies(metadata: DebMetadata, variables: ReadonlyMap<string, string>): void {
  const problems = [...metadata.packages].flatMap(([name, { binary }]) => {
    const stanza = packageStanza(metadata, name, variables);
    return ['Pre-Depends', 'Depends', 'Recommends', 'Breaks'].flatMap((field): Problem[] => {
      const value = stanza.fields.get(field.toLowerCase())?.value ?? '';
      if (value === '') return [];
      return [
        {
          place: placeAtLine(
            metadata.controlFile,
            binary.fields.get(field.toLowerCase())?.line ?? binary.line,
          ),
          message: `the package ${name} has ${field}: ${value}, which an rpm cannot have`,
          hint: 'remove it, or remove rpm from "formats" of the release',
        },
      ];
    });
  });
  if (problems.length > 0) throw new PipelineError('input', problems);
}

type Tag = readonly [name: string, value: string];

/**
 * Returns the relations of a package: those of its stanza, and those of the layout that it shares with upstream's package. A disc
 * that may have the plain name (`isPlain`) also provides it.
 */
export function relationTags(
  { name, kind, family }: HostPlan,
  stanza: Stanza,
  { version, isPlain }: { readonly version: string; readonly isPlain: boolean },
): Tag[] {
  const given = (field: string, tag: string): Tag[] =>
    (stanza.fields.get(field)?.value ?? '')
      .split(',')
      .map((relation) => relation.trim())
      .filter((relation) => relation !== '')
      .map((relation) => [tag, rpmRelation(relation)]);
  const provides = given('provides', 'Provides').map(
    ([tag, relation]): Tag => [tag, relation.includes(' ') ? relation : `${relation} = ${version}`],
  );
  return [
    ...scriptRequirements,
    ...provides,
    ...(isPlain && kind === 'disc' && name !== upstreamName
      ? [['Provides', `${upstreamName} = ${version}`] as const]
      : []),
    ...given('conflicts', 'Conflicts'),
    ...(kind === 'symbols' || family !== 'virtio' ? [] : [['Conflicts', otherLayout] as const]),
    ...given('replaces', 'Obsoletes'),
    ...given('suggests', 'Suggests'),
    ...given('enhances', 'Enhances'),
  ];
}

/** Fedora's package, whose paths these packages share: it owns as files and folders what are alternatives here. */
const upstreamName = 'virtio-win';
/** All discs here provide virtio-win-iso, upstream's package does not (rpm's boolean dependencies). */
const otherLayout = `(${upstreamName} without virtio-win-iso)`;

const scriptRequirements: readonly Tag[] = ['posttrans', 'preun'].flatMap((script) =>
  ['/usr/sbin/update-alternatives', 'coreutils', 'findutils', 'grep', 'sed'].map(
    (needed): Tag => [`Requires(${script})`, needed],
  ),
);

function rpmRelation(debian: string): string {
  const [, name = '', sign = '', version = ''] = /^(\S+)(?: \((<<|<=|=|>=|>>) (\S+)\))?$/.exec(debian) ?? [];
  const named = fedoraNames[name] ?? name;
  return sign === '' ? named : `${named} ${sign.replace('<<', '<').replace('>>', '>')} ${version}`;
}

/** Fedora's names of the packages that Debian's metadata suggest, where they differ; debian/host/lib/say.sh has them too. */
const fedoraNames: Readonly<Record<string, string>> = {
  'libvirt-clients': 'libvirt-client',
  'qemu-system-x86': 'qemu-kvm',
  virtinst: 'virt-install',
};
