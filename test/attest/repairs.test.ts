import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordSchema } from '../../pipeline/model/record.ts';
import { withCatalog } from '../builders/catalog.ts';
import { pvdisc } from '../builders/command.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder } from '../builders/release.ts';
import { driverFolder, writeTree } from '../builders/tree.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const release = `name: pvdisc-sample
version: 0.1.0
title: Test
sources:
  drivers: { type: directory, path: drivers }
repair: [line-endings]
package: { name: pvdisc-sample }
`;

test.skipIf(lacksTool('xorriso', 'zstd'))(
  'release.json has each repair with both digests, and the bytes on the disc are the repaired ones',
  async () => {
    const folder = await temporaryFolder('pvdisc-record-');
    const inf = 'Win8/x86/viostor.inf';
    const files = withCatalog(driverFolder('Win8/x86', { inf: { catalog: 'viostor.cat' } }));
    const signed = Buffer.from(files[inf] ?? '');
    const stored = Buffer.from(signed.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
    await writeTree(join(folder, 'drivers'), { ...files, [inf]: stored });
    await writeFile(join(folder, 'release.yaml'), release);
    const { exitCode, stderr } = await pvdisc(
      ['build', join(folder, 'release.yaml'), '--out', join(folder, 'out'), '--quiet'],
      { PVDISC_CACHE: join(folder, 'cache') },
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });

    const text = await readFile(join(folder, 'out/pvdisc-sample-0.1.0/release.json'), 'utf8');
    const { repairs, drivers, iso, findings } = recordSchema.parse(JSON.parse(text));
    const path = 'viostor/w8/x86/viostor.inf';
    const origin = { source: 'drivers', path: inf };
    expect(repairs).toEqual([
      { path, method: 'line-endings', from: sha256(stored), to: sha256(signed), origin },
    ]);
    expect(iso.files.filter((file) => file.path === path)).toEqual([
      { path, sha256: sha256(signed), size: signed.length, origin, license: 'BSD-3-Clause' },
    ]);
    expect(findings.filter(({ rule }) => rule === 'inf/line-endings-repaired')).toMatchObject([
      { path, severity: 'info' },
    ]);
    expect(drivers).toMatchObject([
      {
        inf: path,
        signature: 'self-signed',
        verdict: { integrity: 'good', uncovered: [], signer: 'pvdisc test' },
        loads: 'without-secure-boot',
      },
    ]);
  },
);
