import { hostileBinaries } from './binaries.ts';
import { hostileCatalogs } from './catalogs.ts';
import { expectRefused } from './expect-refused.ts';
import { hostileInfs } from './infs.ts';

expectRefused([...hostileInfs, ...hostileCatalogs, ...hostileBinaries], []);
