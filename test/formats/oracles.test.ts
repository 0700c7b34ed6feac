import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import pMap from 'p-map';
import { describe, expect, test } from 'vitest';
import { parseCatalog } from '../../pipeline/formats/catalog/catalog.ts';
import { parsePe } from '../../pipeline/formats/pe/pe.ts';
import { authenticodeDigest, readPeSignatures } from '../../pipeline/formats/pe/signature.ts';
import type { Signature } from '../../pipeline/formats/signature/signed-data.ts';
import { driverCatalog, testSigner } from '../builders/catalog.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder } from '../builders/release.ts';
import { signPe } from '../builders/signed-pe.ts';
import { driverFolder } from '../builders/tree.ts';
import { askOpenssl, askOsslsigncode, bareName, type OracleVerdict } from './oracles.ts';
import { realDrivers } from './reference.ts';
import type { TestCertificate } from './signing.ts';

const skip = lacksTool('osslsigncode', 'openssl');
const binary = Buffer.from(driverFolder('Win10/amd64')['Win10/amd64/viostor.sys'] ?? '');
const odd = Buffer.concat([binary, Buffer.from('odd')]);

/** Trust failures: their words mean that a chain does not lead to an anchor, or led there once. */
const chainErrors = /^(unable to get (local )?issuer certificate|certificate has expired)$/;

describe.skipIf(skip)('osslsigncode and openssl agree on what is signed in the test', () => {
  test.each([
    ['a binary', binary],
    ['a binary of odd size', odd],
    ['a binary that is signed already', signPe(binary)],
  ])('%s, signed by osslsigncode', async (_, bytes) => {
    const { signed, anchors } = await signedByOsslsigncode('viostor.sys', bytes);
    const verdict = await agreeOnBinary(signed, anchors);
    expect(verdict).toMatchObject({ isVerified: true, algorithm: 'SHA256', chainErrors: [] });
    const [signature] = readPeSignatures(await readFile(signed));
    expect(signature).toMatchObject({
      matches: true,
      signers: [{ certificate: { commonName: 'Throwaway' } }],
    });
  });

  test('a binary with a changed byte', async () => {
    const { signed, anchors } = await signedByOsslsigncode('viostor.sys', binary);
    const bytes = await readFile(signed);
    bytes[0x210] = (bytes[0x210] ?? 0) ^ 1;
    await writeFile(signed, bytes);
    const { held, calculated, isVerified } = await agreeOnBinary(signed, anchors);
    expect(isVerified).toBe(false);
    expect(held).not.toBe(calculated);
  });

  test.each([1, 2] as const)('a catalog of version %s, signed by osslsigncode', async (version) => {
    const { signed, anchors } = await signedByOsslsigncode('viostor.cat', catalog(version));
    expect(await agreeOnCatalog(signed, anchors)).toMatchObject({ isVerified: true, chainErrors: [] });
    expect(parseCatalog(await readFile(signed)).signature.signers[0]?.problem).toBeUndefined();
  });

  test.each([1, 2] as const)('a catalog of version %s, signed by the tests', async (version) => {
    const { file, anchors } = await written('viostor.cat', catalog(version, testSigner()));
    expect(await agreeOnCatalog(file, anchors)).toMatchObject({ subject: '/O=Tests/CN=pvdisc test' });
  });

  test('a catalog with a changed byte', async () => {
    const { signed, anchors } = await signedByOsslsigncode('viostor.cat', catalog(2));
    const bytes = await readFile(signed);
    bytes[bytes.indexOf(Buffer.alloc(16, 7))] = 8;
    await writeFile(signed, bytes);
    expect((await askOsslsigncode(signed, anchors)).isVerified).toBe(false);
    expect(parseCatalog(bytes).signature.signers[0]?.problem).toBe(
      'the content does not match the signed digest',
    );
  });
});

describe.skipIf(skip || realDrivers === undefined)('osslsigncode and openssl agree on real', () => {
  const root = realDrivers ?? '.';
  const names = realDrivers === undefined ? [] : readdirSync(root, { recursive: true, encoding: 'utf8' });
  const filesOf = (ends: RegExp) =>
    names.filter((name) => ends.test(name)).map((name) => path.join(root, name));

  test('binaries', async () => {
    const files = filesOf(/\.(sys|dll|exe)$/i);
    const anchors = await realAnchors(filesOf(/\.cat$/i));
    const verdicts = await pMap(files, (file) => agreeOnBinary(file, anchors), { concurrency: 2 });
    expect(verdicts).toHaveLength(166);
    expect(verdicts.filter(({ isVerified }) => isVerified)).toHaveLength(80);
    expect(verdicts.filter(({ held, calculated }) => held !== calculated)).toEqual([]);
  }, 600_000);

  test('catalogs', async () => {
    const files = filesOf(/\.cat$/i);
    const anchors = await realAnchors(files);
    const verdicts = await pMap(files, (file) => agreeOnCatalog(file, anchors), { concurrency: 2 });
    expect(verdicts).toHaveLength(96);
    expect(verdicts.filter(({ isVerified }) => isVerified)).toHaveLength(52);
  }, 600_000);
});

async function agreeOnBinary(file: string, anchors: string): Promise<OracleVerdict> {
  const bytes = await readFile(file);
  const verdict = await askOsslsigncode(file, anchors);
  const algorithm = verdict.algorithm === 'SHA1' ? 'sha1' : 'sha256';
  const [signature, ...others] = readPeSignatures(bytes);
  const [der = new Uint8Array()] = parsePe(bytes).certificateTable?.signatures ?? [];
  expect(others, file).toEqual([]);
  expect(verdict, file).toMatchObject({
    held: signature?.indirectData?.digest.toUpperCase(),
    calculated: authenticodeDigest(bytes, algorithm).toUpperCase(),
  });
  expect(signature?.matches, file).toBe(verdict.held === verdict.calculated);
  if (signature?.matches) agreeOnSigner(file, signature, verdict);
  await agreeOnCertificates(file, signature, der);
  return verdict;
}

async function agreeOnCatalog(file: string, anchors: string): Promise<OracleVerdict> {
  const bytes = await readFile(file);
  const verdict = await askOsslsigncode(file, anchors);
  const { signature } = parseCatalog(bytes);
  agreeOnSigner(file, signature, verdict);
  await agreeOnCertificates(file, signature, bytes);
  return verdict;
}

/** What osslsigncode verifies has no problem here; where it does not, a chain must be the reason. */
function agreeOnSigner(file: string, { signers }: Signature, verdict: OracleVerdict): void {
  const [signer] = signers;
  expect(signer?.problem, file).toBeUndefined();
  expect(bareName(signer?.certificate?.subject ?? ''), file).toBe(bareName(verdict.subject));
  expect(Number.parseInt(signer?.certificate?.serial ?? '', 16), file).toBe(
    Number.parseInt(verdict.serial, 16),
  );
  expect(Date.parse(signer?.timestamp?.time ?? ''), file).toBe(Date.parse(verdict.timestamp ?? ''));
  if (!verdict.isVerified) expect(verdict.chainErrors.at(-1), file).toMatch(chainErrors);
}

async function agreeOnCertificates(file: string, signature: Signature | undefined, der: Uint8Array) {
  const expected = (await askOpenssl(der)).map(({ fingerprint256 }) => fingerprint256);
  const found = (signature?.certificates ?? []).map(({ sha256 }) => sha256);
  expect(found, file).toEqual(expected.map((digest) => digest.replaceAll(':', '').toLowerCase()));
  expect(found, file).not.toEqual([]);
}

/** A PEM file of all certificates in the catalogs, so that only roots that nobody ships are missing. */
async function realAnchors(files: readonly string[]): Promise<string> {
  const found = await pMap(files, async (file) => askOpenssl(await readFile(file)), { concurrency: 2 });
  const pems = new Set(found.flat().map((certificate) => certificate.toString()));
  const anchors = path.join(await temporaryFolder('pvdisc-anchors-'), 'anchors.pem');
  await writeFile(anchors, [...pems].join(''));
  return anchors;
}

function catalog(version: 1 | 2, signer?: TestCertificate): Buffer {
  const files = [{ name: 'viostor.sys', bytes: binary }];
  return driverCatalog({ files, osAttr: '2:10.0', version, ...(signer && { signer }) });
}

/** Writes a file, and as an anchor the certificate of the tests. */
async function written(name: string, bytes: Uint8Array) {
  const folder = await temporaryFolder('pvdisc-oracle-');
  const [file, anchors] = [path.join(folder, name), path.join(folder, 'anchor.pem')];
  const base64 = Buffer.from(testSigner().der).toString('base64');
  await writeFile(file, bytes);
  await writeFile(anchors, `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`);
  return { folder, file, anchors };
}

/** Has osslsigncode sign with a key that is thrown away with the test. */
async function signedByOsslsigncode(name: string, bytes: Uint8Array) {
  const { folder, file } = await written(name, bytes);
  const [key, anchors] = [path.join(folder, 'key.pem'), path.join(folder, 'certificate.pem')];
  const signed = path.join(folder, `signed-${name}`);
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-sha256', '-days', '2'];
  const subject = ['-subj', '/O=Tests/CN=Throwaway', '-addext', 'extendedKeyUsage=codeSigning'];
  await execa('openssl', [...request, ...subject, '-keyout', key, '-out', anchors]);
  const options = ['-certs', anchors, '-key', key, '-h', 'sha256', '-n', 'test'];
  await execa('osslsigncode', ['sign', ...options, '-in', file, '-out', signed]);
  return { signed, anchors };
}
