import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type SignatureState, signatureStates } from '../../pipeline/formats/signature/signature.ts';
import { loadCondition, signingPolicy } from '../../pipeline/formats/windows/signing-policy.ts';
import { readManifest } from '../../pipeline/manifest/read.ts';
import { loadWords } from '../../pipeline/model/signature-words.ts';
import { documents } from './documents.ts';
import { readDocument, tableWith } from './markdown.ts';
import { legacyVersion } from './stories.ts';

const { targets } = await readManifest('drivers-manifest/releases/sample.yaml');

const words = (cell: string | undefined) => (cell ?? '').replaceAll('`', '').split(/, */);

test('install-windows.md has the folder and architectures of each Windows that targets.yaml has', () => {
  const { rows } = tableWith(readDocument('docs/install-windows.md'), 'Windows', 'folder', 'architecture');
  const documented = rows.flatMap(([windows, folder, archs]) =>
    words(archs).map((arch) => `${windows}: ${words(folder)[0]}/${arch}`),
  );
  const known = targets.map(({ windows, os, arch }) => `${windows}: ${os}/${arch}`);
  expect(documented.toSorted()).toEqual(known.toSorted());
});

test.each([
  ['virtio', 'docs/install-windows.md'],
  ['xenpv', 'docs/xen.md'],
])('drivers of the family %s: %s names each with its title', async (wanted, page) => {
  const { rows } = tableWith(readDocument(page), 'driver', 'device');
  const files = (await readdir('drivers-manifest/drivers')).filter((name) => !name.startsWith('sample'));
  const read = files.map(async (name) => parse(await readFile(`drivers-manifest/drivers/${name}`, 'utf8')));
  const known = (await Promise.all(read))
    .filter(({ family = 'virtio' }) => family === wanted)
    .map(({ name, title }) => [name, title]);
  expect(rows.map(([name, title]) => [words(name)[0], title]).toSorted()).toEqual(known.toSorted());
});

test('signatures.md says of every target and state when that Windows loads the driver', () => {
  const header = ['Windows', 'folders', 'arch', ...signatureStates];
  const { rows } = tableWith(readDocument('docs/signatures.md'), ...header);
  const documented = rows.flatMap(([, folders, archs, ...cells]) =>
    words(folders).flatMap((os) => words(archs).map((arch) => ({ target: `${os}/${arch}`, cells }))),
  );
  const known = targets.map((row) => ({
    target: `${row.os}/${row.arch}`,
    cells: signatureStates.map((state) => loadWords[loadCondition(state, row)]),
  }));
  const covered = documented.filter(({ target }) => known.some((each) => each.target === target));
  expect(sorted(covered)).toEqual(sorted(known));
});

test('signatures.md names the source of each row of the policy, in its order', () => {
  const { rows } = tableWith(readDocument('docs/signatures.md'), 'condition', "Microsoft's page", 'says');
  expect(rows.map(([, page, says]) => [page, says])).toEqual(
    signingPolicy.map(({ source }) => [`[${source.page}](${source.url})`, source.says]),
  );
});

test('signatures.md explains each state, in rising order', () => {
  const { rows } = tableWith(readDocument('docs/signatures.md'), 'state', 'signed by');
  const states: readonly SignatureState[] = signatureStates;
  expect(rows.map(([state]) => words(state)[0])).toEqual(states);
});

test('the documents speak of the version of the legacy release that there is', async () => {
  const { version } = parse(await readFile('drivers-manifest/releases/virtio-win-legacy.yaml', 'utf8'));
  expect(legacyVersion).toBe(version);
  for (const path of documents) {
    const text = await readFile(path, 'utf8');
    const named = [...text.matchAll(/virtio-win-legacy(?:-drivers|-symbols)?[-_](\d+\.\d+\.\d+)/g)];
    expect([path, ...new Set(named.map(([, each]) => each))]).toEqual(
      named.length === 0 ? [path] : [path, version],
    );
  }
});

function sorted<T extends { target: string }>(rows: readonly T[]): T[] {
  return rows.toSorted((a, b) => (a.target < b.target ? -1 : 1));
}
