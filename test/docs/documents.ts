import { readdirSync } from 'node:fs';
import type { Block } from './markdown.ts';

/** Every Markdown file for readers, relative to the repository's root. */
export const documents: readonly string[] = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `docs/${name}`),
];

/** What a test does with a block: runs it, runs it as a program that uses the npm package, compares it with what the block before printed, validates it, or leaves it. */
export type Treatment = 'run' | 'consume' | 'output' | 'validate' | 'not-run' | 'illustration';

/**
 * Returns what becomes of a fenced block by its info string, the one way in which blocks are marked:
 * `sh` is run, `ts` is compiled and run as a consumer, `text output` is what the `sh` before it prints, `xml` and `yaml` are validated, `text` shows something that is no command;
 * `not-run: REASON` after the language says why a test cannot run it. Anything else throws.
 */
export function treatmentOf(path: string, { language, mark, line }: Block): Treatment {
  const place = `${path}:${line}`;
  if (mark.startsWith('not-run:')) {
    if (/^not-run: \S.{5,}$/.test(mark) && ['sh', 'bat', 'powershell', 'yaml'].includes(language))
      return 'not-run';
    throw new Error(`${place}: "${language} ${mark}": give a command block a reason after "not-run: "`);
  }
  if (language === 'text' && mark === 'output') return 'output';
  const treatments: Readonly<Record<string, Treatment>> = {
    sh: 'run',
    ts: 'consume',
    xml: 'validate',
    yaml: 'validate',
    text: 'illustration',
  };
  const treatment = mark === '' ? treatments[language] : undefined;
  if (treatment !== undefined) return treatment;
  throw new Error(`${place}: no test knows what to do with a block "${language} ${mark}"`);
}
