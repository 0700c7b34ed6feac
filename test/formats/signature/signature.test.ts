import { createHash, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isIssuedByMicrosoft, microsoftRootKeys } from '../../../pipeline/formats/signature/authorities.ts';
import type { Certificate } from '../../../pipeline/formats/signature/certificate.ts';
import { startKeyWork } from '../../../pipeline/formats/signature/key-work.ts';
import {
  isMicrosoftSigned,
  signatureState,
  signerName,
} from '../../../pipeline/formats/signature/signature.ts';
import type { Signer } from '../../../pipeline/formats/signature/signed-data.ts';
import { makeCertificate, type TestCertificate } from '../signing.ts';

const whql = '1.3.6.1.4.1.311.10.3.5';
const codeSigning = '1.3.6.1.5.5.7.3.3';
const windowsComponent = '1.3.6.1.4.1.311.10.3.6';
const attested = '1.3.6.1.4.1.311.10.3.5.1';

interface SignerFacts extends Partial<Pick<Certificate, 'commonName' | 'ekus' | 'selfSigned'>> {
  readonly issuedByMicrosoft?: boolean;
  readonly authority?: Signer['authority'];
  readonly problem?: string;
  readonly nested?: Signer[];
}

function signer({
  issuedByMicrosoft = false,
  authority = 'public',
  problem,
  nested = [],
  ...facts
}: SignerFacts): Signer {
  const certificate: Certificate = {
    subject: 'O=Microsoft Corporation, CN=Microsoft Windows Hardware Compatibility Publisher',
    issuer: 'O=Microsoft Corporation, CN=Microsoft Windows Third Party Component CA 2014',
    serial: '01',
    ekus: [],
    validFrom: '2020-01-01T00:00:00.000Z',
    validTo: '2039-12-31T23:59:59.000Z',
    selfSigned: false,
    sha256: '00',
    ...facts,
  };
  const nestedSignatures = nested.map((inner) => ({ certificates: [], signers: [inner] }));
  return {
    certificate,
    issuedByMicrosoft,
    authority,
    digestAlgorithm: 'sha256',
    nested: nestedSignatures,
    ...(problem !== undefined && { problem }),
  };
}

describe('signatureState', () => {
  it.each<[string, Signer[]]>([
    ['unsigned', []],
    ['unsigned', [signer({ issuedByMicrosoft: true, ekus: [whql], problem: 'broken' })]],
    ['unsigned', [{ issuedByMicrosoft: false, authority: 'unknown', digestAlgorithm: 'sha256', nested: [] }]],
    ['self-signed', [signer({ selfSigned: true, authority: 'unknown' })]],
    ['self-signed', [signer({ authority: 'unknown', ekus: [whql] })]],
    ['self-signed', [signer({ ekus: ['1.3.6.1.5.5.7.3.1'] })]],
    ['vendor-signed', [signer({})]],
    ['vendor-signed', [signer({ ekus: [codeSigning, whql, attested] })]],
    ['vendor-signed', [signer({ ekus: [codeSigning, windowsComponent] })]],
    ['vendor-signed', [signer({ issuedByMicrosoft: true, ekus: [codeSigning] })]],
    ['whql', [signer({ issuedByMicrosoft: true, ekus: [codeSigning, windowsComponent] })]],
    ['attested', [signer({ issuedByMicrosoft: true, ekus: [whql, attested] })]],
    ['whql', [signer({ issuedByMicrosoft: true, ekus: [whql] })]],
    ['attested', [signer({ nested: [signer({ issuedByMicrosoft: true, ekus: [attested] })] })]],
    ['vendor-signed', [signer({ nested: [signer({ authority: 'unknown' })] })]],
    ['vendor-signed', [signer({ authority: 'unknown' }), signer({})]],
  ])('%s', (state, signers) => {
    expect(signatureState(signers)).toBe(state);
  });

  it('names the signer that gives the state', () => {
    const microsoft = signer({ commonName: 'Microsoft', issuedByMicrosoft: true, ekus: [whql] });
    expect(signerName([signer({ commonName: 'Vendor', nested: [microsoft] })])).toBe('Microsoft');
    expect(signerName([signer({ commonName: 'Vendor' })])).toBe('Vendor');
    expect(signerName([])).toBeUndefined();
    expect(signerName([signer({ commonName: 'Vendor', problem: 'broken' })])).toBeUndefined();
  });

  it('is Microsoft’s when attested or certified', () => {
    const states = ['unsigned', 'self-signed', 'vendor-signed', 'attested', 'whql'] as const;
    expect(states.filter(isMicrosoftSigned)).toEqual(['attested', 'whql']);
  });
});

describe('isIssuedByMicrosoft', () => {
  const organization = 'Microsoft Corporation';
  const root = makeCertificate({
    name: 'Microsoft Root Certificate Authority 2010',
    organization,
    isAuthority: true,
  });
  const rootKey = createPublicKey(root.key);
  const authorityName = 'Microsoft Windows Third Party Component CA 2014';
  const authority = makeCertificate({ name: authorityName, organization, issuer: root, isAuthority: true });
  const name = 'Microsoft Windows Hardware Compatibility Publisher';
  const leaf = makeCertificate({ name, organization, issuer: authority, ekus: [whql] });
  const x509 = ({ der }: TestCertificate) => new X509Certificate(der);

  it('follows the keys from the certificate over its authority to a root', () => {
    expect(
      isIssuedByMicrosoft(x509(leaf), [x509(leaf), x509(authority)], startKeyWork('test'), [rootKey]),
    ).toBe(true);
  });

  it('believes an authority of 1997, which has no basic constraints, only under a root of Microsoft', () => {
    const ekus = [codeSigning, whql];
    const old = makeCertificate({
      name: authorityName,
      organization,
      issuer: root,
      ekus,
      isUnconstrained: true,
    });
    const oldLeaf = makeCertificate({ name, organization, issuer: old, ekus: [whql] });
    const issued = (roots?: KeyObject[]) =>
      isIssuedByMicrosoft(x509(oldLeaf), [x509(old)], startKeyWork('test'), roots);
    expect(issued([rootKey])).toBe(true);
    expect(issued()).toBe(false);
  });

  it('does not believe names: the same certificates under no root of Microsoft', () => {
    expect(isIssuedByMicrosoft(x509(leaf), [leaf, authority, root].map(x509), startKeyWork('test'))).toBe(
      false,
    );
  });

  it('does not believe an authority that is none, that has another key, or that is not there', () => {
    const minor = makeCertificate({ name: authorityName, organization, issuer: root });
    const leafOfMinor = makeCertificate({ name, organization, issuer: minor });
    const namesake = makeCertificate({ name: authorityName, organization, issuer: root, isAuthority: true });
    expect(isIssuedByMicrosoft(x509(leafOfMinor), [x509(minor)], startKeyWork('test'), [rootKey])).toBe(
      false,
    );
    expect(isIssuedByMicrosoft(x509(leaf), [x509(namesake)], startKeyWork('test'), [rootKey])).toBe(false);
    expect(isIssuedByMicrosoft(x509(leaf), [x509(root)], startKeyWork('test'), [rootKey])).toBe(false);
  });

  it('has the keys whose identifiers Microsoft’s root certificates state', () => {
    const forms = [
      ['md5', 'spki'],
      ['sha1', 'spki'],
      ['sha1', 'pkcs1'],
    ] as const;
    const identifiers = microsoftRootKeys().map((key, index) => {
      const [algorithm, type] = forms[index] ?? ['sha1', 'spki'];
      return createHash(algorithm)
        .update(key.export({ type, format: 'der' }))
        .digest('hex');
    });
    expect(identifiers).toEqual([
      '5bd070ef69729e23517e14b24d8effcb',
      '0eac826040562797e52513fc2ae10a539559e4a4',
      'd5f656cb8fe8a25c6268d13d94905bd7ce9a18c4',
    ]);
  });
});
