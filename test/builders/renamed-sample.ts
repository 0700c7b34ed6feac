import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { type BuiltRelease, buildOnce } from './built-release.ts';
import { debChangelog, projectMetadataDir } from './deb.ts';
import { type Tree, writeTree } from './tree.ts';

const sample = join(import.meta.dirname, '../../drivers-manifest/releases/sample.yaml');

/** Deviations from the sample release; `os` lists its Windows folders. */
export interface RenamedSample {
  readonly name?: string;
  readonly version: string;
  /** The Debian revision; default 1. */
  readonly revision?: number;
  readonly os?: readonly string[];
  /** Default: deb. */
  readonly formats?: readonly string[];
}

/** Builds the sample's drivers as another release or version with all packages, once per run of the tests. */
export function buildSampleAs(renamed: RenamedSample): Promise<BuiltRelease> {
  const { name = 'pvdisc-sample', version, revision = 1, os = ['all'], formats = ['deb'] } = renamed;
  return buildOnce(`${name}_${version}-${revision}_${[...os, ...formats].join('-')}`, () =>
    writeSampleAs(renamed),
  );
}

async function writeSampleAs({
  name = 'pvdisc-sample',
  version,
  revision = 1,
  os,
  formats = ['deb'],
}: RenamedSample): Promise<string> {
  const folder = await mkdtemp(join(inject('runFolder'), 'renamed-'));
  const renamed = (text: string) => text.replaceAll('pvdisc-sample', name);
  const yaml = renamed(await readFile(sample, 'utf8'))
    .replace(/^version: .*$/m, `version: "${version}"`)
    .replace(/^ {2}also:/m, `  metadata: debian\n  formats: [${formats.join(', ')}]\n  also:`);
  const select = os === undefined ? '' : `select: { os: { include: [${os.join(', ')}] } }\n`;
  await writeTree(folder, { 'release.yaml': yaml + select, ...(await metadata(renamed)) });
  await writeTree(folder, { [`debian/${name}.changelog`]: debChangelog(name, `${version}-${revision}`) });
  return join(folder, 'release.yaml');
}

async function metadata(renamed: (text: string) => string): Promise<Tree> {
  const names = (await readdir(projectMetadataDir)).filter((name) =>
    /^(control|copyright|changelog|pvdisc-sample.*\.lintian-overrides)$/.test(name),
  );
  const texts = names.map(async (name) => {
    const text = await readFile(join(projectMetadataDir, name), 'utf8');
    return [`debian/${renamed(name)}`, name === 'changelog' ? text : renamed(text)] as const;
  });
  return Object.fromEntries(await Promise.all(texts));
}
