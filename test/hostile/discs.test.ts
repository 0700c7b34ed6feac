import { hostileDiscs } from './discs.ts';
import { expectRefused } from './expect-refused.ts';

expectRefused(hostileDiscs, ['xorriso']);
