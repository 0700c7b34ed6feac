import { PipelineError } from '../../core/errors.ts';
import { placeAtLine } from '../../core/place.ts';

/** One field: its name as written, its value with `\n` between lines (without the space that folds them), and its line in the file. */
export interface ControlField {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

/** One stanza: its fields by lower-case name, its first line, and its lines as written, without comments. */
export interface Stanza {
  readonly line: number;
  readonly fields: ReadonlyMap<string, ControlField>;
  readonly text: string;
}

/** Parses a control file (deb822(5): stanzas, folded fields, comments); throws at the first invalid line. */
export function parseControl(text: string, file: string): Stanza[] {
  const stanzas: { line: number; fields: Map<string, ControlField>; lines: string[] }[] = [];
  let stanza: (typeof stanzas)[number] | undefined;
  let last: string | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = index + 1;
    const content = raw.trimEnd();
    if (content.startsWith('#')) continue;
    if (content === '') {
      stanza = undefined;
      last = undefined;
      continue;
    }
    if (/^[ \t]/.test(content)) {
      const field = last === undefined ? undefined : stanza?.fields.get(last);
      if (field === undefined) throw problem(file, line, 'a folded line without a field before it');
      stanza?.fields.set(field.name.toLowerCase(), {
        ...field,
        value: `${field.value}\n${content.slice(1)}`,
      });
      stanza?.lines.push(raw);
      continue;
    }
    const { name, value } = splitField(content, file, line);
    last = name.toLowerCase();
    if (stanza === undefined) {
      stanza = { line, fields: new Map(), lines: [] };
      stanzas.push(stanza);
    }
    if (stanza.fields.has(last)) throw problem(file, line, `field ${name} occurs twice in this stanza`);
    stanza.fields.set(last, { name, value, line });
    stanza.lines.push(raw);
  }
  return stanzas.map(({ lines, ...read }) => ({ ...read, text: lines.join('\n') }));
}

/** Returns one stanza as text (deb822(5)), each field on a line, with folded continuation lines. */
export function formatStanza(fields: readonly (readonly [name: string, value: string])[]): string {
  return fields
    .map(([name, value]) => `${name}:${value.startsWith('\n') ? '' : ' '}${value.split('\n').join('\n ')}\n`)
    .join('');
}

function splitField(content: string, file: string, line: number): { name: string; value: string } {
  const colon = content.indexOf(':');
  const name = content.slice(0, Math.max(colon, 0));
  if (!/^[!"$-,.-9;-~][!-9;-~]*$/.test(name)) throw problem(file, line, 'not a field ("Name: value")');
  return { name, value: content.slice(colon + 1).trim() };
}

function problem(file: string, line: number, message: string): PipelineError {
  return new PipelineError('input', {
    place: placeAtLine(file, line),
    message,
    hint: 'see deb822(5) for the format of a control file',
  });
}

/** Returns a date as Debian changelogs and Release files write it, in UTC (deb-changelog(5), RFC 5322); `epoch` in seconds. */
export function debianDate(epoch: number): string {
  return new Date(epoch * 1000).toUTCString().replace('GMT', '+0000');
}
