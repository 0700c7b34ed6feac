import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { archive } from '../../pipeline/sources/archive/archive.ts';
import { directory } from '../../pipeline/sources/directory.ts';
import { git } from '../../pipeline/sources/git/git.ts';
import { http } from '../../pipeline/sources/http.ts';
import { iso } from '../../pipeline/sources/iso.ts';
import { buildIso } from '../builders/iso.ts';
import { lacksTool } from '../builders/needs.ts';
import { buildRepository } from '../builders/repository.ts';
import { gives, startServer } from '../builders/server.ts';
import { buildTar, type Compression, compress } from '../builders/tar.ts';
import { writeTree } from '../builders/tree.ts';
import { buildZip } from '../builders/zip.ts';
import { describeSourceContract } from '../contracts/source-contract.ts';

const digest = 'a'.repeat(64);

describeSourceContract('directory', {
  schema: directory.schema,
  spec: { type: 'directory', path: 'drivers', digests: 'SHA256SUMS' },
  prepare: async (content, { base }) => {
    const override = join(base, 'drivers');
    await writeTree(override, content);
    return {
      override,
      open: (request, context) => directory.open({ type: 'directory', path: 'drivers' }, request, context),
      openElsewhere: (request, context) =>
        directory.open({ type: 'directory', path: 'gone' }, request, context),
    };
  },
});

describeSourceContract('archive: zip', {
  schema: archive.schema,
  spec: { type: 'archive', path: 'a.zip', sha256: digest, folder: 'a/b' },
  prepare: async (content, { base }) => preparedArchive(await buildZip(content), base),
});

for (const compression of ['none', 'gz', 'xz', 'zst'] as const) {
  const isSkipped = (compression === 'xz' && lacksTool('xz')) || (compression === 'zst' && lacksTool('zstd'));
  describeSourceContract(
    `archive: tar, compression ${compression}`,
    {
      schema: archive.schema,
      spec: { type: 'archive', path: 'a.tar' },
      prepare: async (content, { base }) => preparedArchive(await tarOf(content, compression), base),
    },
    isSkipped,
  );
}

describeSourceContract(
  'iso',
  {
    schema: iso.schema,
    spec: { type: 'iso', path: 'a.iso', sha256: digest, folder: 'a/b' },
    prepare: async (content, { base }) => {
      const override = join(base, 'x.iso');
      await writeFile(override, await buildIso(content));
      return {
        override,
        open: (request, context) => iso.open({ type: 'iso', path: 'x.iso' }, request, context),
        openElsewhere: (request, context) => iso.open({ type: 'iso', path: 'gone.iso' }, request, context),
      };
    },
  },
  lacksTool('xorriso'),
);

describeSourceContract(
  'git',
  {
    schema: git.schema,
    spec: {
      type: 'git',
      url: 'https://example.invalid/x.git',
      commit: 'b'.repeat(40),
      folder: 'a/b',
      listing: 'x.listing',
    },
    prepare: async (content) => {
      const below = Object.fromEntries(
        Object.entries(content).map(([path, bytes]) => [`data/d/${path}`, bytes]),
      );
      const { url, commit, path } = await buildRepository({ ...below, 'data/other': 'x' });
      const spec = { type: 'git' as const, commit, folder: 'data/d' };
      return {
        override: path,
        open: (request, context) => git.open({ ...spec, url }, request, context),
        openElsewhere: (request, context) =>
          git.open({ ...spec, url: 'file:///nowhere/x' }, request, context),
      };
    },
  },
  lacksTool('git'),
);

describeSourceContract('http', {
  schema: http.schema,
  spec: { type: 'http', url: 'https://example.invalid/x.iso', sha256: digest, size: 5, folder: 'a/b' },
  prepare: async (content, { base }) => {
    const bytes = await tarOf(content, 'gz');
    const { url } = await startServer({ '/x': gives(bytes) });
    const override = join(base, 'x');
    await writeFile(override, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const spec = { type: 'http' as const, sha256, size: bytes.length };
    return {
      override,
      open: (request, context) => http.open({ ...spec, url: `${url}/x` }, request, context),
      openElsewhere: (request, context) => http.open({ ...spec, url: `${url}/gone` }, request, context),
    };
  },
});

async function preparedArchive(bytes: Buffer, base: string) {
  const override = join(base, 'drivers.bin');
  await writeFile(override, bytes);
  const open =
    (
      path: string,
    ): typeof archive.open extends (spec: never, ...rest: infer Rest) => infer Result
      ? (...rest: Rest) => Result
      : never =>
    (request, context) =>
      archive.open({ type: 'archive', path }, request, context);
  return { override, open: open('drivers.bin'), openElsewhere: open('gone.zip') };
}

async function tarOf(content: Parameters<typeof buildTar>[0], compression: Compression): Promise<Buffer> {
  return compress(await buildTar(content), compression);
}
