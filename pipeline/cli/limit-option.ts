import { PipelineError } from '../core/errors.ts';
import { defaultLimits, type Limits } from '../core/limits.ts';
import { limitsField } from '../sources/fields.ts';

/** Declares what `--help` says of `--limit`. */
export const limitOption = {
  type: 'string',
  array: true,
  nargs: 1,
  default: [] as string[],
  describe: `NAME=NUMBER: raise what the input may hold: ${Object.entries(defaultLimits)
    .map(([name, value]) => `${name} (${value})`)
    .join(', ')}. May be repeated`,
} as const;

/** Reads `--limit NAME=NUMBER` options; what they do not name keeps its default. */
export function parseLimits(options: readonly string[]): Limits {
  const given = options.map((option) => {
    const [, name = '', number = ''] = /^(\w+)=(\d+)$/.exec(option) ?? [];
    const parsed = limitsField.safeParse({ [name]: number === '' ? undefined : Number(number) });
    if (name !== '' && parsed.success) return [name, Number(number)] as const;
    throw new PipelineError('usage', {
      place: `--limit ${option}`,
      message: 'is not of the form NAME=NUMBER',
      hint: `the names: ${Object.keys(defaultLimits).join(', ')}; the numbers: 1 and more, such as --limit files=100000`,
    });
  });
  return { ...defaultLimits, ...Object.fromEntries(given) };
}
