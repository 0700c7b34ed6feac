import { deb } from './deb.ts';
import type { Packager } from './define.ts';

/** All output formats by name. */
export const packagers = { deb } as const satisfies Readonly<Record<string, Packager>>;
