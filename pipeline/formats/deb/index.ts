export { PvdiscError } from '../../core/errors.ts';
export { defaultLimits, type Limits } from '../../core/limits.ts';
export type { RandomAccess, ReadableSource } from '../random-access.ts';
export type { TarEntry, TarKind } from '../tar/read.ts';
export { type Deb, type DebReading, type Decompress, readDeb } from './deb.ts';
