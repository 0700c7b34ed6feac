import { deb } from './deb.ts';
import type { Packager } from './define.ts';

/** Every output format by name. */
export const packagers = { deb } as const satisfies Readonly<Record<string, Packager>>;
