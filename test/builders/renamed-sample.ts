import { mkdir, mkdtemp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { inject } from 'vitest';
import { type BuiltRelease, program, readRelease } from './built-release.ts';
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
}

/** Builds the sample's drivers as another release or version with all packages; removed at the end of the run. */
export async function buildSampleAs({
  name = 'pvdisc-sample',
  version,
  revision = 1,
  os,
}: RenamedSample): Promise<BuiltRelease> {
  const folder = await mkdtemp(join(inject('runFolder'), 'renamed-'));
  const renamed = (text: string) => text.replaceAll('pvdisc-sample', name);
  const yaml = renamed(await readFile(sample, 'utf8'))
    .replace(/^version: .*$/m, `version: "${version}"`)
    .replace(/^ {2}also:/m, '  metadata: debian\n  also:');
  const select = os === undefined ? '' : `select: { os: { include: [${os.join(', ')}] } }\n`;
  await writeTree(folder, { 'release.yaml': yaml + select, ...(await metadata(renamed)) });
  await writeTree(folder, { [`debian/${name}.changelog`]: debChangelog(name, `${version}-${revision}`) });
  const out = join(folder, 'out');
  await mkdir(out);
  await execa('node', [program, 'build', join(folder, 'release.yaml'), '--out', out, '--quiet']);
  return readRelease(out);
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
