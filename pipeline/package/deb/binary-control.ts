import { PipelineError, type Problem } from '../../core/errors.ts';
import { placeAtLine } from '../../core/place.ts';
import { type ControlField, formatStanza, type Stanza } from '../../formats/deb/control.ts';
import type { DebMetadata } from '../metadata/metadata.ts';
import { substituteVariables } from '../metadata/substvars.ts';

/**
 * Returns the control file of a binary package (deb-control(5)) as dpkg-gencontrol writes it: the stanza of the package with
 * fields inherited from the source, variables replaced and empty fields omitted. `installedSize` is in KiB.
 */
export function binaryControl(
  metadata: DebMetadata,
  binary: Stanza,
  variables: ReadonlyMap<string, string>,
  installedSize: number,
): string {
  const { source, controlFile } = metadata;
  requireFields(metadata, binary);
  const made = new Map([
    ['source', sourceField(metadata, binary)],
    ['version', metadata.version],
    ['installed-size', String(installedSize)],
  ]);
  const fields = fieldOrder.flatMap((name): [string, string][] => {
    const key = name.toLowerCase();
    const field = binary.fields.get(key) ?? (inherited.has(key) ? source.fields.get(key) : undefined);
    const place = placeAtLine(controlFile, field?.line ?? binary.line);
    const value = made.get(key) ?? substituteVariables(field?.value ?? '', variables, place);
    const written = relations.has(key) ? oneLine(value) : value;
    return written === '' ? [] : [[name, written]];
  });
  return formatStanza(fields);
}

const relationNames = [
  ...['Pre-Depends', 'Depends', 'Recommends', 'Suggests', 'Enhances'],
  ...['Conflicts', 'Breaks', 'Replaces', 'Provides'],
];
const relations: ReadonlySet<string> = new Set(relationNames.map((name) => name.toLowerCase()));

/** Field order of dpkg (Dpkg::Control::FieldsCore). */
const fieldOrder = [
  ...['Package', 'Source', 'Version', 'Architecture', 'Origin', 'Bugs', 'Maintainer', 'Installed-Size'],
  ...relationNames,
  ...['Section', 'Priority', 'Multi-Arch', 'Homepage', 'Description', 'Tag'],
];
/** Build-time fields, which dpkg omits from binary packages. */
const sourceOnly = ['Build-Profiles'];
const known: ReadonlySet<string> = new Set([...fieldOrder, ...sourceOnly].map((name) => name.toLowerCase()));
const computed = ['source', 'version', 'installed-size'];
const inherited: ReadonlySet<string> = new Set([
  ...['maintainer', 'section', 'priority', 'homepage', 'origin', 'bugs'],
]);

function sourceField({ source, sourceVersion, version }: DebMetadata, binary: Stanza): string {
  const name = source.fields.get('source')?.value ?? '';
  if (sourceVersion !== version) return `${name} (${sourceVersion})`;
  return name === binary.fields.get('package')?.value ? '' : name;
}

function requireFields({ source, controlFile }: DebMetadata, binary: Stanza): void {
  const at = (line: number, message: string, hint: string): Problem => ({
    place: placeAtLine(controlFile, line),
    message,
    hint,
  });
  const problems = [...binary.fields.values()]
    .filter(({ name }) => !known.has(name.toLowerCase()) || computed.includes(name.toLowerCase()))
    .map(({ name, line }) => at(line, `a binary package cannot set the field ${name} here`, 'remove it'));
  for (const name of ['Maintainer', 'Section', 'Priority']) {
    if (!isSet(source, name) && !isSet(binary, name)) {
      problems.push(at(source.line, `the source has no ${name}`, `add a "${name}" field to this stanza`));
    }
  }
  const architecture = binary.fields.get('architecture');
  if (architecture?.value !== 'all') {
    const line = architecture?.line ?? binary.line;
    problems.push(
      at(
        line,
        'the package is not "Architecture: all"',
        'write "Architecture: all", since the disc is the same on every host',
      ),
    );
  }
  const description = binary.fields.get('description');
  if (!hasSynopsisAndText(description)) {
    const line = description?.line ?? binary.line;
    problems.push(at(line, 'the description lacks a synopsis or a text', 'see Debian Policy section 3.4'));
  }
  if (problems.length > 0) throw new PipelineError('input', problems);
}

function isSet(stanza: Stanza, name: string): boolean {
  return (stanza.fields.get(name.toLowerCase())?.value ?? '') !== '';
}

function hasSynopsisAndText(description: ControlField | undefined): boolean {
  const [synopsis = '', ...text] = (description?.value ?? '').split('\n');
  return synopsis !== '' && text.length > 0;
}

function oneLine(relation: string): string {
  const alternatives = relation.split(',').map((part) => part.trim().replaceAll(/\s+/g, ' '));
  return alternatives.filter((part) => part !== '').join(', ');
}
