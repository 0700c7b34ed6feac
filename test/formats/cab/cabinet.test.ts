import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { silentReporter } from '../../../pipeline/core/reporter.ts';
import {
  cabinetDigest,
  embedCabinetSignature,
  isCabinet,
  readCabinetSignature,
} from '../../../pipeline/formats/cab/cabinet.ts';
import { FormatError } from '../../../pipeline/formats/format-error.ts';
import { readSigningCertificates } from '../../../pipeline/sign/certificates.ts';
import { contentToSign, withSignature } from '../../../pipeline/sign/contents.ts';
import { openKeyFile } from '../../../pipeline/sign/key-file.ts';
import { signContents } from '../../../pipeline/sign/sign-contents.ts';
import { lacksTool } from '../../builders/needs.ts';
import { temporaryFolder } from '../../builders/release.ts';
import { signingFiles } from '../../builders/signing-keys.ts';
import { writeTree } from '../../builders/tree.ts';
import { askOsslsigncode } from '../oracles.ts';

/** An empty cabinet with the given flags and what follows the header. */
function header(flags: number, rest = ''): Buffer {
  const bytes = Buffer.alloc(36);
  bytes.write('MSCF', 'latin1');
  bytes.writeUInt32LE(36, 8);
  bytes.writeUInt16LE(flags, 30);
  return Buffer.concat([bytes, Buffer.from(rest, 'hex')]);
}

test('a cabinet is recognised by its first bytes', () => {
  expect(isCabinet(header(0))).toBe(true);
  expect(isCabinet(Buffer.from('MZ'))).toBe(false);
  expect(readCabinetSignature(header(0))).toBeUndefined();
});

test.each([
  ['no cabinet', Buffer.from('MZ and more'), 'it is no cabinet'],
  ['a part of several', header(1), 'the cabinet is one of several'],
  ['a reserve for something else', header(4, '0800000000000000'), 'has a reserve for something other'],
  ['a cut header', header(0).subarray(0, 20), 'beyond the end'],
])('%s is refused', (_, bytes, message) => {
  expect(() => cabinetDigest(bytes)).toThrow(FormatError);
  expect(() => embedCabinetSignature(bytes, Buffer.alloc(1))).toThrow(message);
});

describe.skipIf(lacksTool('gcab', 'osslsigncode'))('a cabinet of gcab', () => {
  async function makeCabinet() {
    const folder = await temporaryFolder('pvdisc-cab-');
    await writeTree(folder, { 'a/a.inf': 'an INF', 'b/b.sys': 'x'.repeat(100_000) });
    await execa('gcab', ['--create', '--zip', 'x.cab', 'a/a.inf', 'b/b.sys'], { cwd: folder });
    const file = join(folder, 'x.cab');
    return { folder, file, bytes: await readFile(file), keys: await signingFiles() };
  }

  test('is signed so that osslsigncode and our reader accept it, and no changed byte is', async () => {
    const { folder, bytes, keys } = await makeCabinet();
    const signer = await openKeyFile({ file: keys.key, place: 'key', passphraseHint: '' });
    const certificates = await readSigningCertificates(keys.certificates, 'certificates');
    const means = { certificates, opus: {}, signer, timestamps: new Map(), servers: [] };
    const { signal } = new AbortController();
    const files = [{ path: 'x.cab', content: contentToSign(bytes) }];
    const { byPath } = await signContents(files, means, { signal, reporter: silentReporter });
    const signed = withSignature(bytes, byPath.get('x.cab') ?? new Uint8Array());
    const file = join(folder, 'signed.cab');
    await writeFile(file, signed);
    const verdict = await askOsslsigncode(file, keys.root);
    expect(verdict).toMatchObject({ isVerified: true, chainErrors: [] });
    expect(verdict.held).toBe(verdict.calculated);
    expect(readCabinetSignature(signed)).toMatchObject({
      matches: true,
      signers: [{ certificate: { commonName: 'Drivers' } }],
    });
    expect(Buffer.compare(withSignature(signed, byPath.get('x.cab') ?? new Uint8Array()), signed)).toBe(0);
    // The fields that no signature covers: reserved1, iCabinet, and the reserve with the place of the signature.
    const unsigned = (at: number) => (at >= 4 && at < 8) || (at >= 34 && at < 56);
    const contentEnd = bytes.length + 24;
    const places = Array.from({ length: contentEnd }, (_, at) => at).filter((at) => at % 37 === 0 || at < 70);
    expect(places.filter((at) => !unsigned(at) && isRight(flipped(signed, at)))).toEqual([]);
  });

  test('that osslsigncode signed is read, with the digest that we calculate of the unsigned one', async () => {
    const { folder, file, bytes, keys } = await makeCabinet();
    const output = join(folder, 'other.cab');
    const key = ['-certs', keys.certificates, '-key', keys.key, '-h', 'sha256'];
    await execa('osslsigncode', ['sign', ...key, '-in', file, '-out', output]);
    const signature = readCabinetSignature(await readFile(output));
    expect(signature?.matches).toBe(true);
    expect(signature?.indirectData?.digest).toBe(cabinetDigest(bytes));
  });
});

function flipped(bytes: Uint8Array, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
}

function isRight(bytes: Uint8Array): boolean {
  try {
    return readCabinetSignature(bytes)?.matches === true;
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}
