import { parseCatalog } from './catalog/catalog.ts';
import { FormatError } from './format-error.ts';
import { type Inf, parseInf } from './inf/inf.ts';
import { knownKind } from './magic.ts';
import { memoByBytes } from './memo.ts';

/** Memoised `parseInf`: a folder may serve many targets, and both collection and validation parse it. */
export const parseInfOnce = memoByBytes(parseTextInf);

/** Memoised `parseCatalog`: both repair and validation parse a catalog. */
export const parseCatalogOnce = memoByBytes(parseCatalog);

/** Says of a file that is no INF at all, such as a web page in place of a download, what it is. */
function parseTextInf(bytes: Uint8Array): Inf {
  try {
    return parseInf(bytes);
  } catch (error) {
    const kind = error instanceof FormatError ? knownKind(Buffer.from(bytes)) : undefined;
    throw kind === undefined ? error : new FormatError(`it is ${kind}`);
  }
}
