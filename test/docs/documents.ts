import { readdirSync } from 'node:fs';
import type { Block } from './markdown.ts';

/** All documents, relative to the root of the repository. */
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

/** How a block is tested: run, run as a consumer of the npm package, compared with the previous output, validated, or skipped. */
export type Treatment = 'run' | 'consume' | 'output' | 'validate' | 'not-run' | 'illustration';

/**
 * Returns how to test a fenced block, by its info string:
 * `sh` is run, `ts` is compiled and run as a consumer, `text output` is the output of the previous `sh`, `xml` and `yaml` are validated,
 * `text` is only shown; `not-run: REASON` after the language skips the block. Anything else throws.
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
