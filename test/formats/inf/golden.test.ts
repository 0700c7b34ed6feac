import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogFile, namedFiles, sourceDisksFiles } from '../../../pipeline/formats/inf/files.ts';
import { type Inf, infEntries, infSection, parseInf } from '../../../pipeline/formats/inf/inf.ts';
import { modelsSections } from '../../../pipeline/formats/inf/models.ts';
import { selectModels } from '../../../pipeline/formats/inf/select.ts';
import { driverVersion, versionFacts } from '../../../pipeline/formats/inf/version.ts';
import type { Arch } from '../../../pipeline/formats/windows/targets.ts';
import { golden, hasReference, readReference, realDrivers } from '../reference.ts';

const versions: Record<string, [number, number, number]> = {
  Wxp: [5, 1, 2600],
  xp: [5, 1, 2600],
  Wnet: [5, 2, 3790],
  Wlh: [6, 0, 6003],
  Win7: [6, 1, 7601],
  Win8: [6, 2, 9200],
  'Win8.1': [6, 3, 9600],
};

/** Build folder and architecture, the last folders of the path. */
function targetOf(name: string): { os: string; arch: Arch } {
  const [os = '', arch] = name.split('/').slice(-3);
  return { os, arch: arch as Arch };
}

function select(inf: Inf, name: string) {
  const { os, arch } = targetOf(name);
  const [major, minor, build] = versions[os] ?? [0, 0, 0];
  return selectModels(inf, { major, minor, build, productType: 1, suite: 0, arch });
}

const unique = (values: string[]) => [...new Set(values)];

describe.skipIf(!hasReference)('reference INFs', () => {
  it('are 54', () => {
    expect(Object.keys(golden.inf)).toHaveLength(54);
  });

  it.each(Object.entries(golden.inf))('%s', (name, expected) => {
    const inf = parseInf(readReference(name));
    const { arch } = targetOf(name);
    const sections = modelsSections(inf);
    const models = sections.flatMap((section) => section.models);
    expect(inf.encoding).toBe(expected.encoding);
    expect(inf.lineEnds[expected.eol]).toBeGreaterThan(0);
    expect(Object.values(inf.lineEnds).filter((count) => count > 0)).toHaveLength(1);
    expect(catalogFile(inf, arch)?.name).toBe(expected.catalogFile);
    expect(versionFacts(inf)).toMatchObject({ class: expected.class, provider: expected.provider });
    expect(versionFacts(inf).classGuid).toBe(expected.classGuid.toLowerCase());
    expect(driverVersion(inf)).toMatchObject({
      raw: expected.driverVer.join(),
      version: expected.driverVer[1],
    });
    expect(sections.map(({ decoration }) => decoration).filter((deco) => deco !== '')).toEqual(
      expected.decorations,
    );
    const ids = models.flatMap((model) => [model.hardwareId ?? '', ...model.compatibleIds]);
    expect(unique(ids)).toEqual(unique(expected.hardwareIds));
    expect([...sourceDisksFiles(inf, arch).values()].map((file) => file.name)).toEqual(
      expected.sourceDisksFiles,
    );
    const merged = [...inf.sections.values()]
      .filter(({ lines }) => lines.length > 1)
      .map((section) => section.name);
    expect(merged.sort()).toEqual(expected.duplicateSections);
    expect(select(inf, name)).toHaveLength(1);
  });
});

describe.skipIf(realDrivers === undefined)('real INFs', () => {
  const root = realDrivers ?? '.';
  const infs = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.inf'))
    .sort();

  it('all name only files of their folder and install there', () => {
    const problems: string[] = [];
    for (const name of infs) {
      const inf = parseInf(readFileSync(path.join(root, name)));
      problems.push(...inf.problems.map(({ kind, line }) => `${name}:${line} ${kind}`));
      const present = readdirSync(path.join(root, path.dirname(name))).map((file) => file.toLowerCase());
      const { arch } = targetOf(name);
      for (const file of [...namedFiles(inf, arch), catalogFile(inf, arch)]) {
        expect(present, name).toContain(file?.name.toLowerCase());
      }
      expect(select(inf, name), name).toHaveLength(1);
      expect(infSection(inf, 'Version'), name).toBeDefined();
      expect(infEntries(inf, 'Manufacturer').length, name).toBeGreaterThan(0);
    }
    expect(infs).toHaveLength(96);
    expect(problems).toEqual([
      'Win8.1/amd64/viofs.inf:86 dangling-continuation',
      'Win8.1/x86/viofs.inf:86 dangling-continuation',
    ]);
  });
});
