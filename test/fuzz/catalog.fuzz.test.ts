import { test } from 'vitest';
import { fuzz, fuzzTimeout } from './fuzz.ts';
import { readCatalog } from './readers.ts';
import { seedsOf } from './seeds.ts';
import { catalogWords } from './words.ts';

test(
  'any catalog is read or refused',
  () => {
    fuzz({ read: readCatalog, seeds: seedsOf(/\.cat$/i), words: catalogWords });
  },
  fuzzTimeout,
);
