/** How a case is given to pvdisc: an archive or disc as a source of its type, or a file in the folder of a driver. */
export type HostileKind = 'archive' | 'iso' | 'inf' | 'catalog' | 'binary';

/** One hostile file: made from code, the same bytes every time. */
export interface HostileCase {
  readonly kind: HostileKind;
  readonly name: string;
  readonly bytes: () => Uint8Array | Promise<Uint8Array>;
  /** The file is made this large, in bytes, with zeros that take no room on the disk. */
  readonly grownTo?: number;
  /** What the error must say. */
  readonly says: RegExp;
  /** It might fill the memory or hang, so that it is read by a process of its own, with both measured. */
  readonly dangerous?: boolean;
}

/** A case without its kind. */
export type CaseOf = Omit<HostileCase, 'kind'>;

/** Returns cases of one kind. */
export function casesOf(kind: HostileKind, cases: readonly CaseOf[]): HostileCase[] {
  return cases.map((one) => ({ kind, ...one }));
}
