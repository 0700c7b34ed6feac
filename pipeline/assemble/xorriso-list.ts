import type { Extent } from '../core/content.ts';
import { PipelineError } from '../core/errors.ts';
import { decodeEscapes } from '../core/escapes.ts';
import { byCodeUnit } from '../core/order.ts';
import { refusal, type Subject } from '../core/refusal.ts';
import { type IsoEntry, sectorBytes } from '../formats/iso9660/index.ts';
import { run } from '../system/exec.ts';
import { tools } from '../system/tools.ts';

/** The content of an ISO except folders; `specials` are the paths of links, devices and boot catalogs. */
export interface IsoList {
  readonly files: readonly IsoEntry[];
  readonly specials: readonly string[];
}

/** Which names to read: Rock Ridge's, else Joliet's, else those of ISO 9660 (as Linux does), or the last alone. */
export type NameTree = 'best' | 'primary';

const listMilliseconds = 30_000;

/** Lists an ISO with xorriso, without mounting it; errors name `subject` and give `hint`, unless xorriso was ended by a signal. */
export async function listIso(
  file: string,
  names: NameTree,
  subject: Subject,
  signal: AbortSignal,
  hint = 'get the file again',
): Promise<IsoList> {
  const timeout = AbortSignal.timeout(listMilliseconds);
  const options = { signal: AbortSignal.any([signal, timeout]), sandbox: { readable: [file] } };
  const output = await run(tools.xorriso, listArguments(file, names), options).catch((error: unknown) => {
    if (signal.aborted || !(error instanceof PipelineError)) throw error;
    const slow = `it took more than ${listMilliseconds / 1000} s`;
    const [problem] = error.problems;
    if (problem?.hint !== undefined && !timeout.aborted) throw error;
    const words = error.message
      .split('\n')
      .slice(-3)
      .map((line) => line.trim());
    const reason = timeout.aborted ? slow : words.join('; ');
    throw refusal(subject, `xorriso cannot list this ISO: ${reason}`, hint);
  });
  return parseIsoList(output, subject);
}

function listArguments(file: string, names: NameTree): string[] {
  return [
    ...['-no_rc', '-abort_on', 'FAILURE', '-local_charset', 'UTF-8', '-backslash_codes', 'encode_output'],
    ...['-read_fs', names === 'best' ? 'any' : 'ecma119'],
    ...(names === 'primary' ? ['-ecma119_map', 'unmapped'] : []),
    ...['-indev', `stdio:${file}`],
    ...['-find', '/', '-type', 'f', '-exec', 'report_lba', '--'],
    ...['-find', '/', '-not', '-type', 'd', '-not', '-type', 'f', '-exec', 'echo', '--'],
  ];
}

/** Reads what xorriso printed for `report_lba` (manual page: "xt , Startlba , Blocks , Filesize , ISO image path") and `echo`; files sorted by path. */
export function parseIsoList(output: { stdout: string; stderr: string }, subject: Subject): IsoList {
  const files: (IsoEntry & { extents: Extent[] })[] = [];
  const specials: string[] = [];
  for (const line of output.stdout.split('\n')) {
    if (line === '' || line.startsWith('Report layout:')) continue;
    const match = /^File data lba: *(\d+) , *(\d+) , *(\d+) , *(\d+) , ('.*')$/.exec(line);
    if (match === null) {
      specials.push(decodePath(line, subject));
      continue;
    }
    const [part, sector = 0, sectors = 0, size = 0] = match.slice(1, 5).map(Number);
    const path = decodePath(match[5] ?? '', subject);
    if (part === 0) files.push({ path, size, extents: [] });
    const file = files.at(-1);
    if (file?.path !== path) throw unknownLine(line, subject);
    const left = size - file.extents.reduce((sum, { length }) => sum + length, 0);
    file.extents.push({ offset: sector * sectorBytes, length: Math.min(left, sectors * sectorBytes) });
  }
  files.sort((a, b) => byCodeUnit(a.path, b.path));
  requireNoCollision(output.stderr, subject);
  return { files, specials };
}

/** Paths are in shell quotes, `'"'"'` for a quote within, and bytes beyond ASCII are escaped. */
function decodePath(shown: string, subject: Subject): string {
  const path = /^'\/(.*)'$/.exec(shown)?.[1];
  const decoded = path === undefined ? undefined : decodeEscapes(path.replaceAll(`'"'"'`, "'"));
  if (decoded === undefined) throw unknownLine(shown, subject);
  return decoded;
}

function unknownLine(line: string, subject: Subject): PipelineError {
  return refusal(
    subject,
    `xorriso listed the ISO with a line that pvdisc does not know: ${line}`,
    'please report this',
  );
}

/** libisofs renames files of the same path; such an ISO is refused, since the names are then not those on it. */
function requireNoCollision(stderr: string, subject: Subject): void {
  const collision = /^lib\w+ ?: (?:WARNING|SORRY) : (.*File name collision.*)$/m.exec(stderr)?.[1];
  if (collision !== undefined)
    throw refusal(subject, `holds two files of the same path: ${collision.trim()}`);
}
