import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DriverTree } from '../../pipeline/model/driver-tree.ts';
import type { Finding } from '../../pipeline/model/finding.ts';
import type { ReleaseInput, Rule } from '../../pipeline/validate/define.ts';
import { readFacts, type TreeFacts } from '../../pipeline/validate/facts.ts';
import { type PackageFacts, packageFacts } from '../../pipeline/validate/package-facts.ts';
import { rules } from '../../pipeline/validate/rules/index.ts';
import { type CatalogOptions, withCatalog } from '../builders/catalog.ts';
import { collectRelease, type ReleaseOptions } from '../builders/release.ts';

/** A release as a rule sees it; `facts` and `packages` change what is read of it, where no file of a test can say it. */
export interface RuleCase extends ReleaseOptions {
  /** How the catalogs differ that every INF of `files` gets; `none` leaves the files as they are. */
  readonly catalogs?: CatalogOptions | 'none';
  readonly facts?: (facts: TreeFacts) => TreeFacts;
  /** Date of the release in seconds since 1970 (UTC), `none` for a release without one; that of all tests when absent. */
  readonly epoch?: number | 'none';
  /** Changes the tree itself, for what only an upstream disc has. */
  readonly tree?: (tree: DriverTree) => DriverTree;
  readonly packages?: (packages: readonly PackageFacts[]) => readonly PackageFacts[];
}

/** For one rule, a release without any finding and one with findings of this rule alone. */
export interface RuleCases {
  readonly passes: RuleCase;
  readonly fails: RuleCase;
  /** `path: message` or `path:line: message` of every finding that the second one has. */
  readonly findings: readonly string[];
}

/** Declares the tests that every rule must pass. */
export function describeRuleContract(cases: Readonly<Record<string, RuleCases>>): void {
  test('every rule has its cases and every case a rule; rules are sorted by id', () => {
    const ids = rules.map(({ id }) => id);
    expect(Object.keys(cases).sort()).toEqual(ids);
    expect([...new Set(ids)].sort()).toEqual(ids);
  });

  test('every rule has a file of its own, named after it', async () => {
    const files = (await readdir('pipeline/validate/rules')).filter((name) => name !== 'index.ts');
    expect(files.sort()).toEqual(rules.map(({ id }) => `${id.replace('/', '-')}.ts`).sort());
  });

  describe.each(rules)('rule $id', (rule) => {
    const { passes, fails, findings } = casesOf(cases, rule);

    test('lies in the file of its name', async () => {
      const file = join(process.cwd(), 'pipeline/validate/rules', `${rule.id.replace('/', '-')}.ts`);
      expect(Object.values(await import(file))).toContain(rule);
    });

    test('explains what is wrong, what happens on Windows and what to do, in three sentences or more', () => {
      expect(rule.explain.match(/[.!?](?=\s|$)/g)?.length).toBeGreaterThanOrEqual(3);
      expect(rule.explain).toMatch(/^[A-Z][\s\S]*\.$/);
      expect(rule.id).toMatch(/^[a-z]+\/[a-z]+(-[a-z]+)*$/);
    });

    test('passes what is good', async () => {
      expect(await judge(passes)).toEqual([]);
    });

    test('finds what is wrong, and no other rule does', async () => {
      const found = await judge(fails);
      expect(found.map(({ path, line, message }) => `${path}${line ? `:${line}` : ''}: ${message}`)).toEqual(
        findings,
      );
      expect(found.map(({ rule: id, severity }) => [id, severity])).toEqual(
        findings.map(() => [rule.id, rule.severity]),
      );
      expect(findings).not.toEqual([]);
    });

    test('says in every finding what to do next', async () => {
      for (const { hint, message } of await judge(fails)) {
        expect(hint).toMatch(/^[^A-Z].{10}.*[^.]$/);
        expect(message).toMatch(/^[^A-Z].*[^.]$/);
      }
    });
  });
}

function casesOf(cases: Readonly<Record<string, RuleCases>>, { id }: Rule): RuleCases {
  return cases[id] ?? { passes: {}, fails: {}, findings: [] };
}

/** Returns what all rules find in a release, in the order of the rules. */
export async function judge(options: RuleCase): Promise<Finding[]> {
  const {
    catalogs = {},
    files = {},
    facts = same,
    packages = same,
    tree: change = same,
    epoch,
    ...rest
  } = options;
  const catalogued = catalogs === 'none' ? files : withCatalog(files, catalogs);
  const { release, tree: collected } = await collectRelease({ ...rest, files: catalogued });
  const tree = change(collected);
  const known = facts(await readFacts(tree, release.context));
  const { manifest } = release;
  const input = {
    manifest,
    tree,
    ...(epoch !== 'none' && { epoch: epoch ?? release.context.epoch }),
    facts: known,
    packages: packages(packageFacts(tree, known, manifest.targets)),
  };
  return rules.flatMap((rule) =>
    violations(rule, input).map((violation) => ({ rule: rule.id, severity: rule.severity, ...violation })),
  );
}

function violations(rule: Rule, input: ReleaseInput) {
  return rule.scope === 'package' ? input.packages.flatMap(rule.check) : rule.check(input);
}

function same<Value>(value: Value): Value {
  return value;
}
