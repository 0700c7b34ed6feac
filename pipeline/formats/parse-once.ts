import { parseCatalog } from './catalog/catalog.ts';
import { parseInf } from './inf/inf.ts';
import { memoByBytes } from './memo.ts';

/** Parses an INF as `parseInf` does, equal bytes once: a driver's folder may serve many targets, and is collected, then validated. */
export const parseInfOnce = memoByBytes(parseInf);

/** Reads a catalog as `parseCatalog` does, equal bytes once: a repair reads it, and then the validation. */
export const parseCatalogOnce = memoByBytes(parseCatalog);
