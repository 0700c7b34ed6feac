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

/** Returns the sha256 of some bytes in lower-case hex. */
export function sha256Of(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Reads a list as `sha256sum` writes it (digest, blank, blank or `*`, path); throws one error with every bad line. */
export function parseDigests(text: string, subject: Subject): ReadonlyMap<string, string> {
  const digests = new Map<string, string>();
  const problems: Problem[] = [];
  const complain = (line: number, message: string) => {
    problems.push({ place: subject.place, message: `${subject.name}:${line}: ${message}` });
  };
  for (const [index, line] of text.split(/\r?\n|\r$/).entries()) {
    if (line === '') continue;
    const match = /^([0-9a-fA-F]{64}) [ *](?:\.\/)?(.+)$/.exec(line);
    const [, digest, path] = match ?? [];
    if (digest === undefined || path === undefined) {
      complain(index + 1, 'is not a line of sha256sum: 64 hexadecimal digits, two blanks, a path');
      continue;
    }
    const problem = digests.has(path) ? 'is there twice' : pathProblem(path);
    if (problem !== undefined) complain(index + 1, `${quoted(path)} ${problem}`);
    digests.set(path, digest.toLowerCase());
  }
  if (problems.length > 0) throw new PipelineError('input', problems);
  return digests;
}
