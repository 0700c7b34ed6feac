import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import semver from 'semver';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

interface Workflow {
  readonly on: unknown;
  readonly permissions: unknown;
  readonly jobs: Readonly<
    Record<string, { readonly permissions?: unknown; readonly steps: readonly Step[] }>
  >;
}

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly with?: unknown;
}

interface Update {
  readonly 'package-ecosystem': string;
  readonly groups: Readonly<Record<string, unknown>>;
  readonly ignore?: readonly { readonly 'dependency-name': string }[];
}

interface IssueForm {
  readonly name: string;
  readonly description: string;
  readonly body: readonly {
    readonly type: string;
    readonly id?: string;
    readonly validations?: { readonly required: boolean };
  }[];
}

const { devDependencies, engines } = JSON.parse(readFileSync('package.json', 'utf8'));
const oldestNode = /^\d+\.\d+/.exec(semver.minVersion(engines.node)?.version ?? '')?.[0];
const folder = '.github/workflows';
const workflows = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(`${folder}/${name}`, 'utf8'),
  workflow: readYaml<Workflow>(`${folder}/${name}`),
}));

describe.each(workflows)('workflow $name', ({ text, workflow }) => {
  test('gives its jobs a token that can only read, unless a job asks for more', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
  });

  test('pins each action by commit and names its version', () => {
    const uses = text.match(/uses: .*/g) ?? [];
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses) expect(line).toMatch(/^uses: [\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });
});

test('workflows use one commit of each action', () => {
  const uses = workflows.flatMap(({ text }) => text.match(/(?<=uses: ).*/g) ?? []);
  const actions = uses.map((line) => line.split('@')[0]);
  expect(new Set(uses).size).toBe(new Set(actions).size);
});

describe('the workflow of pull requests', () => {
  const text = readFileSync(`${folder}/test.yml`, 'utf8');
  const { on, jobs } = readYaml<Workflow>(`${folder}/test.yml`);
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  test('runs on each pull request, without secrets and without further rights', () => {
    expect(on).toEqual({ pull_request: null, push: { branches: ['main'] } });
    expect(text).not.toContain('secrets.');
    for (const job of Object.values(jobs)) expect(job).not.toHaveProperty('permissions');
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.map((step) => step.with)).toEqual(
      Object.keys(jobs).map(() => ({ 'persist-credentials': false })),
    );
  });

  test('runs the checks and all tests, once with coverage', () => {
    expect(steps.flatMap(({ run }) => run ?? [])).toEqual([
      'npm ci --ignore-scripts',
      'npm run check',
      expect.stringMatching(/^scripts\/test \$\{\{ matrix\.options \}\}$/),
    ]);
    accessSync('.ci/run', constants.X_OK);
  });

  test('runs them on the oldest Node.js that package.json allows, on that of the container image, and on the newest', () => {
    const [, containerNode] =
      /^FROM docker\.io\/library\/node:(\d+)-/m.exec(readFileSync('Containerfile', 'utf8')) ?? [];
    expect(jobs.check?.steps.find(({ uses }) => uses?.startsWith('actions/setup-node@'))?.with).toEqual({
      'node-version': oldestNode,
    });
    expect(jobs.test).toHaveProperty('strategy.matrix.include', [
      { node: oldestNode, options: '--coverage' },
      { node: containerNode },
      { node: '26' },
    ]);
  });
});

test('a workflow runs each script of long tests once a week, without secrets', () => {
  const { on, jobs } = readYaml<Workflow>(`${folder}/long-tests.yml`);
  expect(on).toMatchObject({ schedule: [{ cron: expect.stringMatching(/^\d+ \d+ \* \* \d$/) }] });
  expect(jobs.run?.steps.at(-1)?.run).toMatch(/^\$\{\{ matrix\.command \}\}$/);
  expect(jobs.run).toHaveProperty('strategy.matrix.command', [
    ...['bookworm', 'trixie'].map((suite) => `scripts/fresh --long ${suite}`),
    'scripts/fresh --own',
    ...['scripts/xen', 'scripts/wine', 'scripts/guests', 'scripts/fuzz'],
  ]);
  const short = ['build', 'setup', 'test'].map((name) => `scripts/${name}`);
  const programs = readdirSync('scripts').filter((name) => !name.includes('.'));
  const run = [...short, ...workflows.flatMap(({ text }) => text.match(/scripts\/\w+/g) ?? [])];
  expect(programs.filter((name) => !run.includes(`scripts/${name}`))).toEqual([]);
  expect(readFileSync(`${folder}/long-tests.yml`, 'utf8')).not.toContain('secrets.');
});

test('Dependabot updates npm packages and actions in groups, and ignores only packages that exist', () => {
  const { updates } = readYaml<{ readonly updates: readonly Update[] }>('.github/dependabot.yml');
  expect(updates.map((update) => update['package-ecosystem'])).toEqual(['npm', 'github-actions']);
  for (const { groups, ignore = [] } of updates) {
    expect(Object.keys(groups)).toHaveLength(1);
    for (const ignored of ignore) expect(devDependencies).toHaveProperty([ignored['dependency-name']]);
  }
});

test.each([
  ['bug.yml', ['version', 'distribution', 'command', 'output', 'expected']],
  ['verdict.yml', ['version', 'rule', 'inf', 'expected']],
])('the issue form %s asks for %j', (file, required) => {
  const { name, description, body } = readYaml<IssueForm>(`.github/ISSUE_TEMPLATE/${file}`);
  expect([name, description].every((text) => text.length > 2)).toBe(true);
  expect(body.filter(({ validations }) => validations?.required).map(({ id }) => id)).toEqual(required);
  for (const { type } of body) expect(['markdown', 'input', 'textarea']).toContain(type);
});

function readYaml<Shape>(path: string): Shape {
  return parse(readFileSync(path, 'utf8'), { strict: true, uniqueKeys: true });
}
