import { packageTree } from '../../pipeline/collect/undescribed-tree.ts';
import { silentReporter } from '../../pipeline/core/reporter.ts';
import { readManifest } from '../../pipeline/manifest/read.ts';
import { directory } from '../../pipeline/sources/directory.ts';
import { readFacts } from '../../pipeline/validate/facts.ts';
import { inspectTree } from '../../pipeline/validate/judge.ts';
import { packageFacts } from '../../pipeline/validate/package-facts.ts';

/** Inspects a folder without a release, with the project's targets; each INF is a package. */
export async function inspectFolder(folder: string) {
  const manifest = await readManifest('drivers-manifest/releases/sample.yaml');
  const context = {
    workDir: folder,
    cacheDir: folder,
    signal: new AbortController().signal,
    reporter: silentReporter,
    overrides: new Map<string, string>(),
  };
  const request = { id: 'tree', place: 'tree', baseDir: folder, scratch: folder, skip: () => false };
  const source = await directory.open({ type: 'directory', path: folder }, request, context);
  const { tree, problems } = await packageTree(source, manifest, context);
  const facts = await readFacts(tree, context);
  const packages = packageFacts(tree, facts, manifest.targets);
  return { packages, problems, findings: inspectTree({ tree, facts, packages }) };
}
