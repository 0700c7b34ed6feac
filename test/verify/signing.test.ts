import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultLimits } from '../../pipeline/core/limits.ts';
import type { ReleaseRecord } from '../../pipeline/model/record.ts';
import type { Signatures } from '../../pipeline/sign/signature-files.ts';
import { verifyReleaseFiles } from '../../pipeline/verify/release-files.ts';
import { verifySigning } from '../../pipeline/verify/signing.ts';
import { readRelease } from '../builders/built-release.ts';
import { pvdisc } from '../builders/command.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder } from '../builders/release.ts';
import { writeSignedRelease } from '../builders/signed-release.ts';
import { signingFiles } from '../builders/signing-keys.ts';

const { signal } = new AbortController();

async function badChecks(folder: string, record: ReleaseRecord): Promise<string[]> {
  const { digests } = await verifyReleaseFiles(folder, signal);
  const checks = await verifySigning(folder, record, digests, defaultLimits, { signal });
  return checks
    .filter(({ verdict }) => verdict === 'bad')
    .map(({ place, message }) => `${place}: ${message}`);
}

test.skipIf(lacksTool('xorriso', 'zstd'))(
  'a record that names another signer, other signatures or files that are not there is found out',
  async () => {
    const { file } = await writeSignedRelease();
    const { key } = await signingFiles();
    const out = await temporaryFolder('pvdisc-out-');
    expect(await pvdisc(['build', file, '--signer-key', key, '--out', out, '--quiet'])).toMatchObject({
      exitCode: 0,
    });
    const { folder, record } = await readRelease(out);
    const { signing } = record;
    if (signing === undefined) throw new Error('the release is signed');
    expect(await badChecks(folder, record)).toEqual([]);
    const withSigning = (changed: Partial<typeof signing>) => ({
      ...record,
      signing: { ...signing, ...changed },
    });

    const certificate = { ...signing.certificate, sha256: 'ab'.repeat(32) };
    expect(await badChecks(folder, withSigning({ certificate }))).toHaveLength(4);
    expect((await badChecks(folder, withSigning({ certificate })))[0]).toBe(
      'test-disc-1.2.3.iso/viostor/w10/amd64/viostor.cat: has no valid signature of "Drivers"',
    );
    const [first] = signing.files;
    if (first === undefined) throw new Error('files are signed');
    const gone = { ...first, path: 'gone.cat', to: 'cd'.repeat(32) };
    expect(await badChecks(folder, withSigning({ files: [...signing.files, gone] }))).toEqual([
      'test-disc-1.2.3.iso/gone.cat: is not on the disc, but the record says who signed it',
    ]);

    const changed = join(await temporaryFolder('pvdisc-changed-'), 'release');
    await cp(folder, changed, { recursive: true });
    const kept = join(changed, 'signatures.json');
    const { signatures }: Signatures = JSON.parse(await readFile(kept, 'utf8'));
    const [one, ...others] = signatures;
    const strange = { ...one, digest: 'ef'.repeat(32) };
    await writeFile(kept, JSON.stringify({ schemaVersion: 1, signatures: [strange, ...others] }));
    expect(await badChecks(changed, record)).toEqual([
      expect.stringMatching(/^signatures\.json: has no signature of viostor\//),
      ...(signing.files.filter(({ digest }) => digest === one?.digest).length > 1
        ? [expect.stringMatching(/^signatures\.json: has no signature of viostor\//)]
        : []),
      `signatures.json: signs no recorded file: ${'ef'.repeat(32)}`,
    ]);
    await writeFile(kept, '[]');
    expect(await badChecks(changed, record)).toEqual(['signatures.json: is not a file of signatures']);
    expect((await pvdisc(['verify', changed])).stdout).toMatch(/BAD +signatures\.json: has sha256 /);
  },
);
