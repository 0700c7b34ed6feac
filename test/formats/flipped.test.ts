import { describe, expect, it } from 'vitest';
import { parseCatalog } from '../../pipeline/formats/catalog/catalog.ts';
import { FormatError } from '../../pipeline/formats/format-error.ts';
import { brokenSignature, brokenTimestamp } from '../../pipeline/formats/signature/signature.ts';
import {
  countersigner,
  testAuthorities,
  testClock,
  testVendor,
  trustTestRoots,
} from '../builders/authority.ts';
import { flipped } from '../validate/rules/damage.ts';
import { makeCatalog, makeList } from './catalog-file.ts';
import { makeCertificate } from './signing.ts';

trustTestRoots();

const unused = makeCertificate({ name: 'Unused' });
const catalog = Buffer.from(
  makeCatalog(makeList({ version: 2, members: [] }), testVendor, [testClock, ...testAuthorities, unused], {
    unsignedAttributes: countersigner('250101000000Z'),
  }),
);

describe('a catalog with a flipped bit', () => {
  it('is good without it', () => {
    expect(whatIsWrong(catalog)).toBeUndefined();
  });

  it('is noticed at every 16th byte, but for a certificate that nobody uses', () => {
    const start = catalog.indexOf(unused.der);
    const unnoticed: number[] = [];
    for (let offset = 0; offset < catalog.length; offset += 16) {
      const isUsed = offset < start || offset >= start + unused.der.length;
      if (isUsed && whatIsWrong(flipped(catalog, offset)) === undefined) unnoticed.push(offset);
    }
    expect(start).toBeGreaterThan(0);
    expect(unnoticed).toEqual([]);
  });
});

function whatIsWrong(bytes: Uint8Array): string | undefined {
  try {
    const { signers } = parseCatalog(bytes).signature;
    const [signer] = signers;
    return brokenSignature(signers) ?? brokenTimestamp(signers) ?? signer?.missingIssuer;
  } catch (error) {
    if (error instanceof FormatError) return error.message;
    throw error;
  }
}
