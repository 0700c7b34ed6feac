import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { readPeHeaders } from '../../../pipeline/formats/pe/headers.ts';
import { arePagesRight } from '../../../pipeline/formats/pe/page-hashes.ts';
import { readPeSignatures } from '../../../pipeline/formats/pe/signature.ts';
import { lacksTool } from '../../builders/needs.ts';
import { signingFiles } from '../../builders/signing-keys.ts';
import { driverFolder } from '../../builders/tree.ts';

test.skipIf(lacksTool('osslsigncode'))(
  'page hashes as osslsigncode makes them are those of the file, and of no other page, offset or number of pages',
  async () => {
    const { folder, key, certificates } = await signingFiles();
    const [from, to] = [join(folder, 'viostor.sys'), join(folder, 'signed.sys')];
    await writeFile(from, driverFolder('Win10/amd64')['Win10/amd64/viostor.sys'] ?? '');
    await execa('osslsigncode', [
      'sign',
      '-h',
      'sha256',
      '-ph',
      '-certs',
      certificates,
      '-key',
      key,
      '-in',
      from,
      '-out',
      to,
    ]);
    const bytes = await readFile(to);
    const [signature] = readPeSignatures(bytes);
    expect(signature).toMatchObject({ matches: true, pagesMatch: true });
    const { pageHashes } = signature?.indirectData ?? {};
    if (pageHashes === undefined) throw new Error('osslsigncode wrote no page hashes');
    const headers = readPeHeaders(bytes);
    const isRight = (table: Uint8Array, file: Uint8Array = bytes) =>
      arePagesRight(file, headers, { ...pageHashes, table });
    const flipped = (given: Uint8Array, at: number) => given.with(at, (given[at] ?? 0) ^ 1);
    const { table } = pageHashes;
    expect(isRight(table)).toBe(true);
    for (const at of [0, 4, 36, 40, table.length - 36, table.length - 1])
      expect(isRight(flipped(table, at))).toBe(false);
    for (const other of [
      table.subarray(36),
      table.subarray(0, -36),
      Buffer.concat([table, new Uint8Array(36)]),
    ])
      expect(isRight(other)).toBe(false);
    const last = headers.sections.findLast(({ size }) => size > 0);
    for (const at of [2, (last?.offset ?? 0) + 1]) expect(isRight(table, flipped(bytes, at))).toBe(false);
    expect(isRight(table, flipped(bytes, headers.checksumOffset))).toBe(true);
  },
);
