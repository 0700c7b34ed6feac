import { expect, test } from 'vitest';
import { readPeSignatures } from '../../pipeline/formats/pe/signature.ts';
import { contentToSign, withSignature } from '../../pipeline/sign/contents.ts';
import { testSigner } from '../builders/catalog.ts';
import { signPe } from '../builders/signed-pe.ts';
import { makeCatalog, makeList } from '../formats/catalog-file.ts';
import { makePe } from '../formats/pe-file.ts';

const list = makeList({ version: 2, members: [] });
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test('of a catalog its list is signed, whoever signed it before', () => {
  for (const catalog of [makeCatalog(list), makeCatalog(list, testSigner())])
    expect(hex(contentToSign(catalog).der)).toBe(hex(list));
  expect(hex(withSignature(makeCatalog(list), Buffer.from('ab', 'hex')))).toBe('ab');
});

test('of a PE its digest is signed as other signers write it, whoever signed it before', () => {
  const bytes = makePe();
  const content = contentToSign(bytes);
  expect(hex(contentToSign(signPe(bytes)).der)).toBe(hex(content.der));
  const [signature] = readPeSignatures(signPe(bytes));
  expect(content.type).toBe('1.3.6.1.4.1.311.2.1.4');
  expect(hex(content.der)).toContain(signature?.indirectData?.digest);
  const embedded = withSignature(bytes, makeCatalog(list));
  expect(embedded.length).toBeGreaterThan(bytes.length);
});

test('any other file is refused', () => {
  expect(() => contentToSign(Buffer.from('text'))).toThrow('catalog');
});
