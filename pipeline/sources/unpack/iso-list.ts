import { PipelineError } from '../../errors.ts';
import { run } from '../../host/exec.ts';
import { tools } from '../../host/tools.ts';
import { decodeEscapes } from '../escapes.ts';
import { refusal, type Subject } from '../refusal.ts';

/** A file of an ISO: its path, size in bytes and where its parts lie, in order, in sectors of 2048 bytes. */
export interface IsoEntry {
  readonly path: string;
  readonly bytes: number;
  readonly extents: readonly { readonly sector: number; readonly sectors: number }[];
}

/** What an ISO holds besides folders; `specials` are the paths of links, devices and boot catalogs. */
export interface IsoList {
  readonly files: readonly IsoEntry[];
  readonly specials: readonly string[];
  /** What xorriso found odd. */
  readonly warnings: readonly string[];
}

const listMilliseconds = 60_000;

/** Lists an ISO with xorriso: names of Rock Ridge, else of Joliet, else of ISO 9660. */
export async function listIso(file: string, subject: Subject, signal: AbortSignal): Promise<IsoList> {
  const timeout = AbortSignal.timeout(listMilliseconds);
  const options = { signal: AbortSignal.any([signal, timeout]) };
  const output = await run(tools.xorriso, listArguments(file), options).catch((error: unknown) => {
    if (signal.aborted || !(error instanceof PipelineError)) throw error;
    const words = error.message
      .split('\n')
      .slice(-3)
      .map((line) => line.trim());
    const reason = timeout.aborted ? `it took more than ${listMilliseconds / 1000} s` : words.join('; ');
    throw refusal(subject, `xorriso cannot list this ISO: ${reason}`, 'get the file again');
  });
  return parseIsoList(output, subject);
}

function listArguments(file: string): string[] {
  const settings = [
    '-no_rc',
    '-abort_on',
    'FAILURE',
    '-local_charset',
    'UTF-8',
    '-backslash_codes',
    'encode_output',
  ];
  const notPlain = ['-find', '/', '-not', '-type', 'd', '-not', '-type', 'f', '-exec', 'echo', '--'];
  return [
    ...settings,
    '-indev',
    `stdio:${file}`,
    '-find',
    '/',
    '-type',
    'f',
    '-exec',
    'report_lba',
    '--',
    ...notPlain,
  ];
}

/** Reads what xorriso printed for `report_lba` (manual page: "xt , Startlba , Blocks , Filesize , ISO image path") and `echo`. */
export function parseIsoList(output: { stdout: string; stderr: string }, subject: Subject): IsoList {
  const files: (IsoEntry & { extents: { sector: number; sectors: number }[] })[] = [];
  const specials: string[] = [];
  for (const line of output.stdout.split('\n')) {
    if (line === '' || line.startsWith('Report layout:')) continue;
    const match = /^File data lba: *(\d+) , *(\d+) , *(\d+) , *(\d+) , ('.*')$/.exec(line);
    if (match === null) {
      specials.push(decodePath(line, subject));
      continue;
    }
    const [part, sector = 0, sectors = 0, bytes = 0] = match.slice(1, 5).map(Number);
    const extent = { sector, sectors };
    const path = decodePath(match[5] ?? '', subject);
    if (part === 0) files.push({ path, bytes, extents: [extent] });
    else if (files.at(-1)?.path === path) files.at(-1)?.extents.push(extent);
    else throw unknownLine(line, subject);
  }
  return { files, specials, warnings: warningsOf(output.stderr, subject) };
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
function warningsOf(stderr: string, subject: Subject): string[] {
  const warnings = [...stderr.matchAll(/^lib\w+ ?: (?:WARNING|SORRY) : (.*)$/gm)].map((match) =>
    (match[1] ?? '').trim(),
  );
  const collision = warnings.find((warning) => warning.includes('File name collision'));
  if (collision !== undefined) throw refusal(subject, `holds two files of the same path: ${collision}`);
  return warnings;
}
