import { parseCatalog } from './catalog/catalog.ts';
import { parseInf } from './inf/inf.ts';
import { memoByBytes } from './memo.ts';

/** Memoised `parseInf`: a folder may serve many targets, and both collection and validation parse it. */
export const parseInfOnce = memoByBytes(parseInf);

/** Memoised `parseCatalog`: both repair and validation parse a catalog. */
export const parseCatalogOnce = memoByBytes(parseCatalog);
