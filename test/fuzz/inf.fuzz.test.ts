import { test } from 'vitest';
import { fuzz, fuzzTimeout } from './fuzz.ts';
import { readPackage } from './readers.ts';
import { seedsOf } from './seeds.ts';
import { infWords } from './words.ts';

test(
  'any INF is read or refused, and judged',
  () => {
    fuzz({ read: readPackage, seeds: seedsOf(/\.inf$/i), words: infWords });
  },
  fuzzTimeout,
);
