import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readSignedData, type Signer } from '../../../pipeline/formats/signature/signed-data.ts';
import { context, integer, octets, oid, sequence, setOf } from '../asn1.ts';
import { indirectData, makeCatalog, makeList, trustList } from '../catalog-file.ts';
import {
  attribute,
  inside,
  makeCertificate,
  makeSignedData,
  makeSigner,
  type SignerOptions,
  sha256,
} from '../signing.ts';

const authority = makeCertificate({ name: 'Authority', isAuthority: true });
const leaf = makeCertificate({
  name: 'Leaf',
  issuer: authority,
  ekus: ['1.3.6.1.5.5.7.3.3'],
  serial: 0x5000,
});
const list = makeList({ version: 2, members: [] });

function signerOf(bytes: Uint8Array): Signer {
  const [signer] = readSignedData(bytes, 'catalog').signature.signers;
  if (signer === undefined) throw new Error('no signer');
  return signer;
}

const problemOf = (more: Partial<SignerOptions>) =>
  signerOf(makeCatalog(list, leaf, [authority], more)).problem;

describe('readSignedData', () => {
  it('accepts a right signature and says who made it', () => {
    const { signature } = readSignedData(makeCatalog(list, leaf, [authority]), 'catalog');
    expect(signature.signers).toEqual([
      {
        certificate: {
          subject: 'O=Tests, CN=Leaf',
          issuer: 'O=Tests, CN=Authority',
          commonName: 'Leaf',
          issuerCommonName: 'Authority',
          serial: '5000',
          ekus: ['1.3.6.1.5.5.7.3.3'],
          validFrom: '2020-01-01T00:00:00.000Z',
          validTo: '2039-12-31T23:59:59.000Z',
          selfSigned: false,
          sha256: createHash('sha256').update(leaf.der).digest('hex'),
        },
        issuedByMicrosoft: false,
        authority: 'unknown',
        digestAlgorithm: 'sha256',
        nested: [],
      },
    ]);
    expect(
      signature.certificates.map(({ commonName, selfSigned }) => `${commonName} ${selfSigned}`).sort(),
    ).toEqual(['Authority true', 'Leaf false']);
  });

  it('knows a certificate that only calls itself its own issuer', () => {
    const twin = makeCertificate({ name: 'Authority', issuer: authority });
    const [first] = readSignedData(makeCatalog(list, twin), 'catalog').signature.certificates;
    expect(first).toMatchObject({ subject: first?.issuer, selfSigned: false });
  });

  it('takes no common name from a certificate with two of them', () => {
    const double = makeCertificate({ name: ['Microsoft', 'Somebody'] });
    const [first] = readSignedData(makeCatalog(list, double), 'catalog').signature.certificates;
    expect(first?.subject).toBe('O=Tests, CN=Microsoft, CN=Somebody');
    expect(first).not.toHaveProperty('commonName');
    expect(first).not.toHaveProperty('issuerCommonName');
  });

  it.each<[string, Partial<SignerOptions>]>([
    ['the content does not match the signed digest', { bytes: Buffer.from('other') }],
    ['the content does not match the signed digest', { bytes: list }],
    ['it signs another content type', { contentType: '1.2.840.113549.1.7.1' }],
    [
      'the signature does not match the key of its certificate',
      { makeSignature: () => Buffer.alloc(128, 1) },
    ],
    ['the certificate of its signer is missing', { certificate: makeCertificate({ name: 'Absent' }) }],
  ])('says: %s', (problem, more) => {
    expect(problemOf(more)).toBe(problem);
  });

  it('refuses an attribute that occurs twice', () => {
    const twice = [attribute('1.2.840.113549.1.9.3', oid(trustList))];
    expect(() => problemOf({ signedAttributes: twice })).toThrow(
      'attribute 1.2.840.113549.1.9.3 occurs twice',
    );
  });

  it('finds a flipped bit anywhere in the signed list', () => {
    const good = makeCatalog(list, leaf);
    const bad = Uint8Array.from(good);
    const at = Buffer.from(good).indexOf(Buffer.alloc(16, 7));
    bad[at] = 6;
    expect(signerOf(good).problem).toBeUndefined();
    expect(signerOf(bad).problem).toBe('the content does not match the signed digest');
  });

  it('notices another subject of a private root, which no signature of this file covers', () => {
    const catalog = Buffer.from(makeCatalog(list, leaf, [authority]));
    const issuer = catalog.indexOf(authority.name, catalog.indexOf(authority.der));
    const subject = catalog.indexOf(authority.name, issuer + 1);
    catalog.write('b', subject + authority.name.length - 1);
    expect(signerOf(catalog)).toMatchObject({
      problem: 'the certificate of "Authoritb" signed that of "Leaf", which names another issuer',
    });
  });

  it('reads the digest of indirect data and signatures nested in a signer', () => {
    const digest = createHash('sha256').update('file').digest();
    const inner = signIndirect(digest);
    const outer = signIndirect(digest, () => [attribute('1.3.6.1.4.1.311.2.4.1', inner)]);
    const { signature } = readSignedData(outer, 'signature');
    expect(signature.indirectData).toEqual({
      algorithm: 'sha256',
      digest: digest.toString('hex'),
      isPe: true,
    });
    expect(signature.signers[0]?.nested).toMatchObject([
      {
        indirectData: { digest: digest.toString('hex') },
        signers: [{ certificate: { commonName: 'Leaf' } }],
      },
    ]);
  });

  it('refuses signatures nested without end', () => {
    let signature = signIndirect(Buffer.alloc(32));
    for (let depth = 0; depth < 5; depth++) {
      const inner = signature;
      signature = signIndirect(Buffer.alloc(32), () => [attribute('1.3.6.1.4.1.311.2.4.1', inner)]);
    }
    expect(() => readSignedData(signature, 'signature')).toThrow('signature nests more than 4 signatures');
  });

  it.each([
    ['17 signers', [leaf], 17, 'catalog has more than 16 signers'],
    [
      '101 certificates',
      Array.from({ length: 101 }, () => leaf),
      1,
      'catalog has more than 100 certificates',
    ],
  ])('refuses %s', (_, certificates, count, message) => {
    const signer = makeSigner({ certificate: leaf, bytes: inside(list), contentType: trustList });
    const bytes = makeSignedData(
      trustList,
      list,
      certificates,
      Array.from({ length: count }, () => signer),
    );
    expect(() => readSignedData(bytes, 'catalog')).toThrow(message);
  });

  const signer = makeSigner({ certificate: leaf, bytes: inside(list), contentType: trustList });
  const rest = [setOf(sha256), sequence(oid(trustList), context(0, list))];
  const signedData = (...parts: Uint8Array[]) =>
    sequence(oid('1.2.840.113549.1.7.2'), context(0, sequence(...parts)));

  it.each([
    ['attribute certificates', [context(0, context(1, sequence(integer(1))), leaf.der), setOf(signer)]],
    ['revocation lists', [context(0, leaf.der), context(1, sequence(integer(1))), setOf(signer)]],
    ['what stands behind the signers', [context(0, leaf.der), setOf(signer), context(0), setOf(sequence())]],
  ])('passes over %s', (_, parts) => {
    const { signature } = readSignedData(signedData(integer(1), ...rest, ...parts), 'catalog');
    expect(signature.certificates.map(({ commonName }) => commonName)).toEqual(['Leaf']);
    expect(signature.signers.map(({ problem }) => problem)).toEqual([undefined]);
  });

  it.each([
    ['without a version', [...rest, setOf(signer)]],
    [
      'with a digest algorithm that is none',
      [integer(1), setOf(integer(1)), ...rest.slice(1), setOf(signer)],
    ],
    ['without signers', [integer(1), ...rest, context(0, leaf.der)]],
    ['with signers that are no set', [integer(1), ...rest, sequence(signer)]],
  ])('refuses one %s', (_, parts) => {
    expect(() => readSignedData(signedData(...parts), 'catalog')).toThrow('catalog is not a SignedData');
  });

  it('refuses indirect data with a digest algorithm that nobody knows', () => {
    const type = '1.3.6.1.4.1.311.2.1.4';
    const data = sequence(
      sequence(oid('1.2.3')),
      sequence(sequence(oid('1.2.840.113549.2.4')), octets(Buffer.alloc(16))),
    );
    expect(() => readSignedData(makeSignedData(type, data), 'signature')).toThrow(
      'digest algorithm 1.2.840.113549.2.4 is unknown',
    );
  });
});

function signIndirect(
  digest: Uint8Array,
  unsignedAttributes?: SignerOptions['unsignedAttributes'],
): Uint8Array {
  const contentType = '1.3.6.1.4.1.311.2.1.4';
  const data = indirectData(digest);
  const options = { certificate: leaf, bytes: inside(data), contentType };
  const signer = makeSigner(unsignedAttributes === undefined ? options : { ...options, unsignedAttributes });
  return makeSignedData(contentType, data, [leaf], [signer]);
}
