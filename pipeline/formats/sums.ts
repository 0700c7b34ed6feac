import { createHash } from 'node:crypto';
import { PipelineError, type Problem } from '../core/errors.ts';
import { byCodeUnit } from '../core/order.ts';
import { quoted, type Subject } from '../core/refusal.ts';
import { pathProblem } from '../core/safe-path.ts';

/** Returns the text of `SHA256SUMS`, which `sha256sum --check` reads: one line per file, sorted by name. */
export function checksumsText(files: readonly { name: string; sha256: string }[]): string {
  return files
    .toSorted((a, b) => byCodeUnit(a.name, b.name))
    .map(({ name, sha256 }) => `${sha256}  ${name}\n`)
    .join('');
}

/** Returns the sha256 of bytes in lower-case hex. */
export function sha256Of(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Line formats of checksum lists, by program or file: the digest first, the path last. */
const forms = {
  sha256sum: /^([0-9a-fA-F]{64}) [ *](.+)$/,
  /** As in `DEBIAN/md5sums` (deb-md5sums(5)). */
  md5sum: /^([0-9a-f]{32}) {2}(.+)$/,
  /** Field SHA256 of `Release` (Debian repository format): the size is in between. */
  Release: /^([0-9a-f]{64}) +\d+ (\S+)$/,
} as const;

/** A line of a checksum list; the digest, in lower-case hex, is absent when the line is malformed. */
export type SumsLine =
  | { readonly line: number; readonly digest: string; readonly path: string }
  | { readonly line: number; readonly digest?: undefined };

/** Reads the lines of a checksum list, without empty ones. */
export function readSums(text: string, form: keyof typeof forms): SumsLine[] {
  return text.split(/\r?\n|\r$/).flatMap((content, index): SumsLine[] => {
    if (content === '') return [];
    const line = index + 1;
    const [, digest, path] = forms[form].exec(content) ?? [];
    return digest === undefined || path === undefined
      ? [{ line }]
      : [{ line, digest: digest.toLowerCase(), path }];
  });
}

/** Reads the checksum list of a source as `sha256sum` writes it, with or without `./` before a path; throws one error with every bad line. */
export function parseDigests(text: string, subject: Subject): ReadonlyMap<string, string> {
  const digests = new Map<string, string>();
  const problems: Problem[] = [];
  const complain = (line: number, message: string) => {
    problems.push({ place: subject.place, message: `${subject.name}:${line}: ${message}` });
  };
  for (const listed of readSums(text, 'sha256sum')) {
    if (listed.digest === undefined) {
      complain(listed.line, 'is not a line of sha256sum: 64 hexadecimal digits, two spaces, a path');
      continue;
    }
    const path = listed.path.replace(/^\.\//, '');
    const problem = digests.has(path) ? 'occurs twice' : pathProblem(path);
    if (problem !== undefined) complain(listed.line, `${quoted(path)} ${problem}`);
    digests.set(path, listed.digest);
  }
  if (problems.length > 0) throw new PipelineError('input', problems);
  return digests;
}

/** Reads the SHA256SUMS of a release, which names only files beside it; throws at the first bad line. */
export function parseReleaseSums(text: string, file: string): { name: string; sha256: string }[] {
  return readSums(text, 'sha256sum').map((listed) => {
    if (listed.digest !== undefined && /^(?!\.\.?$)[^/\0 *][^/\0]*$/.test(listed.path))
      return { name: listed.path, sha256: listed.digest };
    throw new PipelineError('input', {
      place: `${file}:${listed.line}`,
      message: 'is not a line of sha256sum, "<sha256>  <file name>", without a path',
      hint: 'build the release again',
    });
  });
}
