import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Pe, parsePe } from '../../../pipeline/formats/pe/pe.ts';
import { authenticodeDigest, readPeSignatures } from '../../../pipeline/formats/pe/signature.ts';
import { readPeVersion } from '../../../pipeline/formats/pe/version.ts';
import { signatureState } from '../../../pipeline/formats/signature/signature.ts';
import { archFacts } from '../../../pipeline/formats/windows/targets.ts';
import { golden, realDrivers } from '../reference.ts';

const root = realDrivers ?? '.';
const files =
  realDrivers === undefined ? [] : readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
const binaries = files.filter((name) => /\.(sys|dll|exe)$/i.test(name));
const read = (name: string) => readFileSync(path.join(root, name));

/** The GUID as its structure is stored. */
function guidBytes(guid: string): Buffer {
  const bytes = Buffer.from(guid.replaceAll('-', ''), 'hex');
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}

function count<T>(values: readonly T[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1;
  return counts;
}

describe.skipIf(realDrivers === undefined)('real binaries', () => {
  it.each(Object.entries(golden.pe))('%s', (name, expected) => {
    const bytes = read(name);
    const pe = parsePe(bytes);
    expect(bytes).toHaveLength(expected.size);
    expect(pe).toMatchObject({
      machine: archFacts[expected.machine].machine,
      subsystem: expected.subsystem,
      timestamp: expected.timestamp,
      checksum: Number.parseInt(expected.checksum, 16),
      certificateTable: { offset: expected.cert_offset, size: expected.cert_size },
    });
    expect(readPeVersion(bytes)?.fileVersion ?? null).toBe(expected.fileVersion);
    expect(authenticodeDigest(bytes, 'sha1')).toBe(expected.authenticode.sha1);
    expect(authenticodeDigest(bytes, 'sha256')).toBe(expected.authenticode.sha256);
    const [signature, ...others] = readPeSignatures(bytes);
    expect(others).toEqual([]);
    expect(signature).toMatchObject({
      matches: expected.embeddedMatches,
      indirectData: { algorithm: expected.embeddedAlg, isPe: true },
      signers: [{ certificate: { commonName: expected.signer, issuerCommonName: expected.issuer } }],
    });
  });

  it('all 166 are signed, and all signatures and timestamps verify', () => {
    const signatures = binaries.flatMap((name) => readPeSignatures(read(name)));
    const signers = signatures.flatMap((signature) => signature.signers);
    expect(binaries).toHaveLength(166);
    expect(signatures.filter(({ matches }) => matches)).toHaveLength(166);
    expect(
      signers.flatMap(({ problem, timestamp }) => [problem, timestamp?.problem]).filter(Boolean),
    ).toEqual([]);
    expect(count(signers.map(({ timestamp }) => timestamp?.kind))).toEqual({
      countersignature: 86,
      rfc3161: 80,
    });
    expect(count(signers.map(({ timestamp }) => timestamp?.authority))).toEqual({ public: 166 });
    expect(signers.filter(({ missingIssuer }) => missingIssuer !== undefined)).toEqual([]);
    expect(count(signers.map((signer) => signatureState([signer])))).toEqual({
      'self-signed': 80,
      'vendor-signed': 77,
      whql: 9,
    });
    const microsoft = signers.filter(({ issuedByMicrosoft }) => issuedByMicrosoft);
    expect(count(microsoft.map(({ certificate }) => certificate?.commonName))).toEqual({
      'Microsoft Windows': 2,
      'Microsoft Windows Component Publisher': 7,
    });
  });

  it('are for the architecture of their folder and belong to the symbols beside them', () => {
    const symbols = { beside: 0, matching: 0 };
    const versions = binaries.map((name) => {
      const bytes = read(name);
      const pe = parsePe(bytes);
      expect(pe.machine, name).toBe(name.split('/').at(-2) === 'x86' ? 0x14c : 0x8664);
      const pdb = pdbOf(name, pe);
      symbols.beside += Number(pdb !== undefined);
      symbols.matching += Number(pdb?.includes(guidBytes(pe.debug?.guid ?? '')) ?? false);
      return readPeVersion(bytes);
    });
    expect(symbols).toEqual({ beside: 117, matching: 117 });
    expect(count(versions.map((version) => version?.strings.CompanyName))).toEqual({
      'Red Hat, Inc.': 95,
      'Red Hat Inc.': 20,
      'Microsoft Corporation': 9,
      undefined: 42,
    });
  });
});

function pdbOf(name: string, { debug }: Pe): Buffer | undefined {
  const file = path.join(root, path.dirname(name), debug?.pdb ?? '');
  return debug !== undefined && existsSync(file) ? readFileSync(file) : undefined;
}
