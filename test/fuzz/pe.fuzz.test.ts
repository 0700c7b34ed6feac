import { expect, test } from 'vitest';
import { fileDigests } from '../../pipeline/formats/catalog/file-digests.ts';
import { FormatError } from '../../pipeline/formats/format-error.ts';
import { readPeImports } from '../../pipeline/formats/pe/imports.ts';
import { parsePe } from '../../pipeline/formats/pe/pe.ts';
import { readPeSignatures } from '../../pipeline/formats/pe/signature.ts';
import { readPeVersion } from '../../pipeline/formats/pe/version.ts';
import { signatureState } from '../../pipeline/formats/signature/signature.ts';
import { fuzz, fuzzTimeout } from './fuzz.ts';
import { seedsOf } from './seeds.ts';

const readers = [parsePe, readPeVersion, fileDigests, readPeSignatures, readPeImports];

/** Asks everything that can be asked of a binary, each apart; throws the first FormatError at the end. */
function readBinary(bytes: Uint8Array): void {
  const errors = readers.flatMap((read) => refusal(() => read(bytes)));
  if (errors[0] !== undefined) throw errors[0];
  const signers = readPeSignatures(bytes).flatMap((signature) => signature.signers);
  expect(signatureState(signers)).toMatch(/^(un|self-|vendor-)signed$/);
}

function refusal(read: () => unknown): FormatError[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof FormatError) return [error];
    throw error;
  }
}

const words = [
  'MZ',
  'PE\0\0',
  '\x0b\x02',
  '\x64\x86',
  '\x30\x80',
  '\x30\x84\xff\xff\xff\xff',
  'RSDS',
  '\0',
  '\xff',
  'V\0S\0_\0V\0E\0R\0',
  '\0\0\0\x80',
  '\x08\0\0\0\0\x02\x02\0',
  '.rsrc\0\0\0',
  '\xbd\x04\xef\xfe',
];

test(
  'any binary is read or refused',
  () => {
    fuzz({ read: readBinary, seeds: seedsOf(/\.(sys|dll|exe)$/i), words });
  },
  fuzzTimeout,
);
