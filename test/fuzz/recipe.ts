import fc from 'fast-check';

/** Bytes to start from, by a name that a failure prints. */
export type Seeds = Readonly<Record<string, Uint8Array>>;

/** A place in a file: from its start, its end, or a fraction of its length in millionths. */
export interface Place {
  readonly from: 'start' | 'end' | 'any';
  readonly at: number;
}

/** One change of a file. */
export type Edit =
  | { readonly do: 'flip'; readonly place: Place; readonly mask: number }
  | { readonly do: 'truncate'; readonly place: Place }
  | { readonly do: 'insert'; readonly place: Place; readonly bytes: Uint8Array }
  | { readonly do: 'number'; readonly place: Place; readonly value: number; readonly kind: NumberKind }
  | { readonly do: 'length'; readonly nth: number; readonly value: number }
  | {
      readonly do: 'splice';
      readonly place: Place;
      readonly seed: string;
      readonly of: Place;
      readonly size: number;
    };

const numberKinds = ['8', '16le', '16be', '32le', '32be'] as const;
type NumberKind = (typeof numberKinds)[number];

/** A file as a failure can print it: a seed and what is done to it, one after another. */
export interface Recipe {
  readonly seed: string;
  readonly edits: readonly Edit[];
}

const maxBytes = 4 << 20;

/** Returns recipes over the seeds; `words` are texts or bytes of the format that edits insert. */
export function recipes(seeds: Seeds, words: readonly (string | Uint8Array)[]): fc.Arbitrary<Recipe> {
  const names = fc.constantFrom(...Object.keys(seeds));
  const place = fc.oneof(
    fc.record({ from: fc.constant('start' as const), at: fc.nat(1024) }),
    fc.record({ from: fc.constant('end' as const), at: fc.nat(8192) }),
    fc.record({ from: fc.constant('any' as const), at: fc.nat(1_000_000) }),
  );
  const word = fc.constantFrom(...words).map((text) => new Uint8Array(Buffer.from(text as string, 'latin1')));
  const repeated = fc
    .tuple(word, fc.integer({ min: 1, max: 2000 }))
    .map(([bytes, times]) => new Uint8Array(Buffer.alloc(bytes.length * times, bytes)));
  const value = fc.oneof(
    fc.constantFrom(0, 1, 0x7f, 0x80, 0x84, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff),
    fc.integer({ min: 0, max: 0xffffffff }),
    fc.nat(4096),
  );
  const edit: fc.Arbitrary<Edit> = fc.oneof(
    fc.record({ do: fc.constant('flip' as const), place, mask: fc.integer({ min: 1, max: 255 }) }),
    fc.record({ do: fc.constant('truncate' as const), place }),
    fc.record({
      do: fc.constant('insert' as const),
      place,
      bytes: fc.oneof(word, repeated, fc.uint8Array({ maxLength: 64 })),
    }),
    fc.record({ do: fc.constant('number' as const), place, value, kind: fc.constantFrom(...numberKinds) }),
    fc.record({ do: fc.constant('length' as const), nth: fc.nat(5000), value }),
    fc.record({ do: fc.constant('splice' as const), place, seed: names, of: place, size: fc.nat(4096) }),
  );
  return fc.record({ seed: names, edits: fc.array(edit, { minLength: 1, maxLength: 8 }) });
}

/** Makes the bytes of a recipe. */
export function cook(seeds: Seeds, { seed, edits }: Recipe): Uint8Array {
  const start: Buffer = Buffer.from(seeds[seed] ?? []);
  return edits.reduce((bytes, edit) => apply(seeds, bytes, edit), start);
}

function apply(seeds: Seeds, bytes: Buffer, edit: Edit): Buffer {
  if (edit.do === 'length') return editLength(bytes, edit.nth, edit.value);
  const at = offsetOf(bytes, edit.place);
  switch (edit.do) {
    case 'flip':
      return edited(bytes, (copy) => copy.set([(copy[at] ?? 0) ^ edit.mask], at), at + 1);
    case 'truncate':
      return bytes.subarray(0, at);
    case 'insert':
      return replaced(bytes, at, 0, edit.bytes);
    case 'number':
      return edited(bytes, (copy) => writeNumber(copy, at, edit.value, edit.kind), at + 4);
    case 'splice': {
      const other = Buffer.from(seeds[edit.seed] ?? []);
      const from = offsetOf(other, edit.of);
      return replaced(bytes, at, edit.size >> 1, other.subarray(from, from + edit.size));
    }
  }
}

function offsetOf({ length }: Uint8Array, { from, at }: Place): number {
  if (from === 'any') return Math.floor((length * at) / 1_000_001);
  return from === 'start' ? Math.min(at, length) : Math.max(0, length - at);
}

/** A changed copy; the same bytes where the change would reach beyond the end. */
function edited(bytes: Buffer, change: (copy: Buffer) => void, end: number): Buffer {
  if (end > bytes.length) return bytes;
  const copy = Buffer.from(bytes);
  change(copy);
  return copy;
}

function replaced(bytes: Buffer, at: number, size: number, instead: Uint8Array): Buffer {
  if (bytes.length + instead.length > maxBytes) return bytes;
  return Buffer.concat([bytes.subarray(0, at), instead, bytes.subarray(at + size)]);
}

function writeNumber(copy: Buffer, at: number, value: number, kind: NumberKind): void {
  if (kind === '8') copy.writeUInt8(value & 0xff, at);
  if (kind === '16le') copy.writeUInt16LE(value & 0xffff, at);
  if (kind === '16be') copy.writeUInt16BE(value & 0xffff, at);
  if (kind === '32le') copy.writeUInt32LE(value, at);
  if (kind === '32be') copy.writeUInt32BE(value, at);
}

/** Changes the length of the n-th thing that looks like the header of a DER value. */
function editLength(bytes: Buffer, nth: number, value: number): Buffer {
  const headers = [...bytes.keys()].filter((at) =>
    [0x02, 0x04, 0x06, 0x30, 0x31, 0xa0].includes(bytes[at] ?? 0),
  );
  const header = headers[nth % Math.max(1, headers.length)];
  if (header === undefined) return bytes;
  return edited(bytes, (copy) => copy.writeUInt8(value & 0xff, header + 1), header + 2);
}
