import { expectRefused } from './expect-refused.ts';
import { hostileTars } from './tars.ts';
import { hostileZips } from './zips.ts';

expectRefused([...hostileZips, ...hostileTars], ['xz', 'zstd', 'xorriso']);
