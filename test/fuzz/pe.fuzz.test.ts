import { test } from 'vitest';
import { fuzz, fuzzTimeout } from './fuzz.ts';
import { readBinary } from './readers.ts';
import { seedsOf } from './seeds.ts';
import { peWords } from './words.ts';

test(
  'any binary is read or refused',
  () => {
    fuzz({ read: readBinary, seeds: seedsOf(/\.(sys|dll|exe)$/i), words: peWords });
  },
  fuzzTimeout,
);
