import { expect, test } from 'vitest';
import { osAttrOf } from '../../pipeline/formats/windows/catalog-words.ts';
import { readOwnTables } from '../../pipeline/manifest/read.ts';
import { catalogOs } from '../../pipeline/model/catalog-os.ts';
import { targetPath } from '../../pipeline/model/target.ts';
import { problemsOf } from '../builders/problems.ts';

const { targets } = await readOwnTables();
const rows = (...names: string[]) =>
  names.flatMap((name) => targets.find((row) => targetPath(row) === name) ?? []);

test.each(targets.map((row) => [targetPath(row), row] as const))(
  'the catalog of %s is for its version',
  (_, row) => {
    const [major, minor] = row.version.split('.');
    expect(osAttrOf(catalogOs([row]))).toContain(`2:${major}.${minor}`);
  },
);

test.each([
  [['2k8/amd64', 'w7/amd64', '2k8R2/amd64'], 'VistaX64,Server2008X64,7X64,Server2008R2X64'],
  [['2k12R2/amd64', 'w8.1/amd64'], '_v63_X64,_v63_Server_X64'],
  [['2k3/x86', 'xp/x86'], 'XPX86,Server2003X86'],
  [['w11/amd64', '2k16/amd64', 'w10/amd64'], '_v100_X64,Server_v100_X64_RS1,_v100_X64_21H2'],
])('for %j it names %s, in the order of Inf2Cat', (names, expected) => {
  expect(catalogOs(rows(...names)).join()).toBe(expected);
});

test('targets that targets.yaml has no words for are all named', async () => {
  const bare = rows('w10/x86', 'w10/amd64').map(({ catalog: _, ...row }) => row);
  expect(await problemsOf(Promise.resolve(bare).then(catalogOs))).toEqual(
    ['w10/x86', 'w10/amd64'].map(
      (name) =>
        `target ${name}: targets.yaml does not say what a catalog calls it\n  hint: add "catalog" to its row, such as catalog: [_v100_X64]`,
    ),
  );
});
