import { parse } from 'yaml';
import { documents } from './documents.ts';
import { type Block, readDocument } from './markdown.ts';

/** A step of a job of GitHub. */
interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** A job of GitHub (`steps`) or GitLab (`script`). */
export interface Job {
  readonly needs?: string;
  readonly script?: readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
}

/** The YAML blocks of all documents. */
export const examples = documents.flatMap((path) =>
  readDocument(path)
    .blocks.filter(({ language, mark }) => language === 'yaml' && mark === '')
    .map((block) => ({ path, ...block })),
);

/** The blocks of docs/ci.md: two releases and the workflows. */
export const [releaseExample, ownReleaseExample, github, gitlab] = examples.filter(
  ({ path }) => path === 'docs/ci.md',
);

/** The text of a block of docs/ci.md. */
export function textOf(block: Block | undefined): string {
  if (block === undefined) throw new Error('docs/ci.md has two releases and two workflows');
  return block.text;
}

/** The jobs of a workflow, by name. */
export function jobsOf(block: Block | undefined): Readonly<Record<string, Job>> {
  const value = parse(textOf(block));
  if ('jobs' in value) return value.jobs;
  const { stages: _, default: _default, variables: _variables, ...jobs } = value;
  return jobs;
}

/** The shell commands of a job. */
export function commandsOf({ script = [], steps = [] }: Job): string {
  return [...script, ...steps.flatMap(({ run }) => run ?? [])].join('\n');
}
