import type { CheckedTree, FindingsOptions } from './checked-tree.ts';
import { github } from './github.ts';
import { json } from './json.ts';
import { sarif } from './sarif.ts';
import { text } from './text.ts';

export const findingsReports = { text, json, github, sarif } as const satisfies Readonly<
  Record<string, (checked: CheckedTree, options: FindingsOptions) => string>
>;

export type FindingsFormat = keyof typeof findingsReports;
