import { expect, test } from 'vitest';
import { parseCatalog } from '../../pipeline/formats/catalog/catalog.ts';
import { signatureVerdict } from '../../pipeline/validate/package-facts.ts';
import { fuzz, fuzzTimeout } from './fuzz.ts';
import { seedsOf } from './seeds.ts';

/** Reads a catalog and judges its signature. */
function readCatalog(bytes: Uint8Array): void {
  const { integrity } = signatureVerdict(parseCatalog(bytes), []);
  expect(integrity).toMatch(/^(good|broken|none)$/);
}

const words = [
  '\x30\x80',
  '\x30\x84\xff\xff\xff\xff',
  '\x30\x82\xff\xff',
  '\xa0\x80',
  '\x04\x84\x7f\xff\xff\xff',
  '\0\0',
  '\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x0c\x02\x01',
  '\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x06',
  '\x17\x0d',
  '\x1e\x08',
  '\x05\0',
  '\x31\0',
  '\x30\0',
  '\x02\x01\x01',
  '\x24\x80',
  '\x1f\xff\xff\xff\x7f',
];

test(
  'any catalog is read or refused',
  () => {
    fuzz({ read: readCatalog, seeds: seedsOf(/\.cat$/i), words });
  },
  fuzzTimeout,
);
