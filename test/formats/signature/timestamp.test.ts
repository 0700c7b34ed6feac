import { constants, createHash, type KeyObject, privateEncrypt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readSignedData } from '../../../pipeline/formats/signature/signed-data.ts';
import { generalizedTime, integer, octets, oid, sequence, utcTime } from '../asn1.ts';
import { makeCatalog, makeList } from '../catalog-file.ts';
import {
  attribute,
  makeCertificate,
  makeSignedData,
  makeSigner,
  type SignerOptions,
  sha256,
} from '../signing.ts';

const leaf = makeCertificate({ name: 'Leaf' });
const clock = makeCertificate({ name: 'Clock', ekus: ['1.3.6.1.5.5.7.3.8'] });
const list = makeList({ version: 2, members: [] });

function timestampOf(unsignedAttributes: SignerOptions['unsignedAttributes']) {
  const bytes = makeCatalog(
    list,
    leaf,
    [clock],
    unsignedAttributes === undefined ? {} : { unsignedAttributes },
  );
  const [signer] = readSignedData(bytes, 'catalog').signature.signers;
  expect(signer?.problem).toBeUndefined();
  return signer?.timestamp;
}

/** A PKCS#9 countersignature over these bytes. */
function counterSignature(bytes: Uint8Array, more: Partial<SignerOptions> = {}): Uint8Array[] {
  const signedAttributes = [attribute('1.2.840.113549.1.9.5', utcTime('190310172707Z'))];
  const contentType = '1.2.840.113549.1.7.1';
  const signer = makeSigner({ certificate: clock, bytes, contentType, signedAttributes, ...more });
  return [attribute('1.2.840.113549.1.9.6', signer)];
}

/** An RFC 3161 token for these bytes. */
function token(bytes: Uint8Array, more: Partial<SignerOptions> = {}): Uint8Array[] {
  const contentType = '1.2.840.113549.1.9.16.1.4';
  const imprint = sequence(sha256, octets(createHash('sha256').update(bytes).digest()));
  const info = sequence(
    integer(1),
    oid('1.2.3'),
    imprint,
    integer(7),
    generalizedTime('20210325184438.141Z'),
  );
  const signer = makeSigner({ certificate: clock, bytes: info, contentType, ...more });
  return [attribute('1.3.6.1.4.1.311.3.3.1', makeSignedData(contentType, octets(info), [clock], [signer]))];
}

/** Signs as VeriSign's and Symantec's clocks did: the digest alone, padded. */
function bareDigest(attributes: Uint8Array, key: KeyObject): Uint8Array {
  const digest = createHash('sha256').update(attributes).digest();
  return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, digest);
}

const wrongKey = () => Buffer.alloc(128, 1);

describe('timestamps', () => {
  it('are absent where nobody made one', () => {
    expect(timestampOf(undefined)).toBeUndefined();
  });

  it('by countersignature', () => {
    expect(timestampOf((signature) => counterSignature(signature))).toMatchObject({
      kind: 'countersignature',
      time: '2019-03-10T17:27:07.000Z',
      certificate: { commonName: 'Clock' },
    });
  });

  it('by RFC 3161 token', () => {
    expect(timestampOf((signature) => token(signature))).toMatchObject({
      kind: 'rfc3161',
      time: '2021-03-25T18:44:38.141Z',
      certificate: { commonName: 'Clock' },
    });
  });

  it.each<[string, SignerOptions['unsignedAttributes'], string | undefined]>([
    ['countersignature', (signature) => counterSignature(signature), undefined],
    [
      'countersignature of a bare digest',
      (signature) => counterSignature(signature, { makeSignature: bareDigest }),
      undefined,
    ],
    [
      'countersignature of other bytes',
      () => counterSignature(Buffer.from('x')),
      'the content does not match the signed digest',
    ],
    [
      'countersignature by another key',
      (signature) => counterSignature(signature, { makeSignature: wrongKey }),
      'the signature does not match the key of its certificate',
    ],
    ['token', (signature) => token(signature), undefined],
    ['token of other bytes', () => token(Buffer.from('x')), 'it belongs to another signature'],
    [
      'token by another key',
      (signature) => token(signature, { makeSignature: wrongKey }),
      'the signature does not match the key of its certificate',
    ],
    [
      'token of a bare digest',
      (signature) => token(signature, { makeSignature: bareDigest }),
      'the signature does not match the key of its certificate',
    ],
  ])('%s: problem as expected', (_, attributes, problem) => {
    expect(timestampOf(attributes)?.problem).toBe(problem);
  });

  it('without a time are broken', () => {
    const timestamp = timestampOf((signature) => counterSignature(signature, { signedAttributes: [] }));
    expect(timestamp).toEqual({
      kind: 'countersignature',
      authority: 'unknown',
      problem: 'signing time is not a time',
    });
  });
});
