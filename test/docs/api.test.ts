import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import own from '../../package.json' with { type: 'json' };
import { withCatalog } from '../builders/catalog.ts';
import { writeAr } from '../builders/changed-deb.ts';
import { buildIso } from '../builders/iso.ts';
import { lacksTool } from '../builders/needs.ts';
import { buildTar, compress } from '../builders/tar.ts';
import { driverFolder, writeTree } from '../builders/tree.ts';
import { treatmentOf } from './documents.ts';
import { readDocument } from './markdown.ts';

const page = readDocument('docs/api.md');
const examples = page.blocks.flatMap((block, index) => {
  if (treatmentOf(page.path, block) !== 'consume') return [];
  const [, module = ''] = /from '(pvdisc\/\w+)'/.exec(block.text) ?? [];
  const output = page.blocks[index + 1];
  return [
    { module, line: block.line, text: block.text, shown: output?.mark === 'output' ? output.text : '' },
  ];
});
const nameOf = (module: string) => module.replace('pvdisc/', '');
const faces = Object.keys(own.exports).filter((name) => name !== './package.json');

test('each module of package.json has an example, and a row in the table', () => {
  const modules = faces.map((name) => name.replace('.', 'pvdisc'));
  expect(examples.map(({ module }) => module).sort()).toEqual(modules);
  const [table] = page.tables;
  expect(table?.rows.map(([name]) => name?.replaceAll('`', '')).sort()).toEqual(modules);
});

describe.skipIf(lacksTool('tar', 'xorriso', 'xz', 'zstd'))(
  'a project that uses the packed npm package',
  () => {
    let project: string;

    beforeAll(async () => {
      project = await mkdtemp(join(tmpdir(), 'pvdisc-consumer-'));
      await installPacked(project);
      await writeTree(project, await inputs());
      for (const { module, text } of examples) await writeFile(join(project, `${nameOf(module)}.ts`), text);
    });

    afterAll(() => rm(project, { recursive: true, force: true }));

    test('type-checks and compiles its examples, and finds a wrong use', async () => {
      const options = { module: 'nodenext', target: 'es2023', strict: true, types: ['node'] };
      await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }));
      await writeFile(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
      await writeFile(
        join(project, 'wrong.ts'),
        "import { parseInf } from 'pvdisc/inf';\nparseInf('text');\n",
      );
      const { stdout } = await execa('node_modules/typescript/bin/tsc', ['--singleThreaded'], {
        cwd: project,
        reject: false,
      });
      const errors = stdout.split('\n').filter((line) => !line.startsWith(' '));
      expect(errors).toEqual([expect.stringMatching(/^wrong\.ts\(2,10\): error TS2345: .*'string'/)]);
    });

    test.each(examples)('prints what the page shows for $module (line $line)', async ({ module, shown }) => {
      const { stdout, stderr } = await execa('node', [`${nameOf(module)}.js`], { cwd: project });
      expect({ stdout, stderr }).toEqual({ stdout: shown, stderr: '' });
    });

    test('gets the documents, and declarations of the modules alone', async () => {
      const { stdout } = await execa('tar', ['-tf', join(project, 'pvdisc.tgz')]);
      const files = stdout.split('\n').map((path) => path.replace('package/', ''));
      expect(files).toEqual(expect.arrayContaining(['README.md', 'docs/README.md', 'docs/api.md']));
      const declarations = files.filter((path) => path.endsWith('.d.ts'));
      expect(declarations).toEqual(
        expect.arrayContaining(faces.map((name) => own.exports[name as './inf'].types.slice(2))),
      );
      expect(declarations.filter((path) => !/^build\/(core|formats)\//.test(path))).toEqual([]);
    });
  },
);

/** Unpacks what `npm pack` makes to where `npm install` puts it, beside the compiler of the repository. */
async function installPacked(folder: string): Promise<void> {
  await execa('npm', ['run', 'prepack']);
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const { stdout } = await execa('npm', pack);
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  const installed = join(folder, 'node_modules/pvdisc');
  await mkdir(installed, { recursive: true });
  await execa('mv', [join(folder, filename), join(folder, 'pvdisc.tgz')]);
  await execa('tar', ['-xf', join(folder, 'pvdisc.tgz'), '--strip-components=1', '-C', installed]);
  for (const name of ['typescript', '@types/node']) {
    const link = join(folder, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(import.meta.dirname, '../../node_modules', name), link);
  }
}

/** The files that the examples read. */
async function inputs() {
  const tree = withCatalog(driverFolder('Win10/amd64'));
  const driver = Object.fromEntries(
    Object.entries(tree).map(([path, bytes]) => [path.replace('Win10/amd64/', ''), bytes]),
  );
  const control =
    'Package: pvdisc-sample\nVersion: 0.1.0-1\nArchitecture: all\nMaintainer: A <a@b.c>\nDescription: x\n';
  const link = {
    name: './usr/share/virtio-win/virtio-win.iso',
    type: 'symlink',
    linkname: 'sample.iso',
  } as const;
  const data = await buildTar({ './usr/share/virtio-win/sample.iso': 'disc' }, [link]);
  const deb = writeAr([
    { name: 'debian-binary', bytes: Buffer.from('2.0\n') },
    { name: 'control.tar.xz', bytes: await compress(await buildTar({ './control': control }), 'xz') },
    { name: 'data.tar.zst', bytes: await compress(data, 'zst') },
  ]);
  return { ...driver, 'disc.iso': await buildIso(driver), 'package.deb': deb };
}
