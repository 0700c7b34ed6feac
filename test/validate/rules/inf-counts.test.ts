import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageTree } from '../../../pipeline/collect/undescribed-tree.ts';
import { silentReporter } from '../../../pipeline/core/reporter.ts';
import { readManifest } from '../../../pipeline/manifest/read.ts';
import type { Finding } from '../../../pipeline/model/finding.ts';
import { readFacts } from '../../../pipeline/validate/facts.ts';
import { inspectTree } from '../../../pipeline/validate/judge.ts';
import { packageFacts } from '../../../pipeline/validate/package-facts.ts';
import { realDrivers } from '../../formats/reference.ts';
import { infCases } from './inf-cases.ts';

/** What the rules of the INF find in virtio-win's 96 old driver packages: findings, and INFs that have them. */
const expected = {
  'inf/chicago-signature': [1, 1],
  'inf/co-installer': [56, 56],
  'inf/dangling-continuation': [2, 2],
  'inf/duplicate-section': [9, 6],
  'inf/empty-copy-list': [16, 16],
  'inf/include-without-needs': [4, 4],
  'inf/lf-line-ends': [53, 53],
  'inf/models-of-other-arch': [5, 5],
  'inf/no-pnp-lockdown': [27, 27],
  'inf/registry-outside-hkr': [16, 4],
  'inf/undecorated-models': [6, 6],
  'inf/unused-section': [4, 4],
  'inf/unused-string': [24, 24],
};

describe.skipIf(realDrivers === undefined)("virtio-win's old drivers", () => {
  test('each rule of the INF finds as much as was counted by hand, and no error', async () => {
    const { infs, findings } = await inspect(realDrivers ?? '');
    expect(infs).toBe(96);
    const found = findings.filter(({ rule }) => rule in infCases);
    expect(countByRule(found)).toEqual(expected);
    expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(found.filter(({ line, rule }) => line === undefined && rule !== 'inf/lf-line-ends')).toEqual([]);
  });
});

async function inspect(folder: string) {
  const manifest = await readManifest('drivers-manifest/releases/sample.yaml');
  const context = { signal: new AbortController().signal, reporter: silentReporter };
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(folder, file), file }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const { tree } = await packageTree({ files }, manifest, context);
  const facts = await readFacts(tree, context);
  const packages = packageFacts(tree, facts, manifest.targets);
  return {
    infs: new Set(packages.map(({ inf }) => inf)).size,
    findings: inspectTree({ tree, facts, packages }),
  };
}

function countByRule(findings: readonly Finding[]): Record<string, number[]> {
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort();
  return Object.fromEntries(
    rules.map((rule) => {
      const found = findings.filter((finding) => finding.rule === rule);
      const count = found.reduce((sum, { places }) => sum + (places?.length ?? 1), 0);
      return [rule, [count, new Set(found.map(({ path }) => path)).size]];
    }),
  );
}
