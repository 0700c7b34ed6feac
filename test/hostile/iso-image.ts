const sector = 2048;

/** A file or folder of an image; what is not given is right. */
export interface IsoNode {
  /** As it stands in the directory record: one byte for each character. */
  readonly name: string;
  /** A file's bytes; a node without them and without `file` is a folder. */
  readonly bytes?: Uint8Array;
  readonly nodes?: readonly IsoNode[];
  /** Rock Ridge and other system use entries of its record. */
  readonly use?: Uint8Array;
  /** Where the record says that it lies, instead of where it does; `root` for the root folder. */
  readonly at?: number | 'root' | `/${string}`;
  /** Bytes that the record says it has. */
  readonly size?: number;
  readonly flags?: number;
  /** Changes the finished record. */
  readonly change?: (record: Buffer) => void;
}

/** How an image differs from a good one of its nodes. */
export interface IsoOptions {
  /** System use entries of the root's first record, such as that of Rock Ridge. */
  readonly rootUse?: Uint8Array;
  /** Changes the finished image; the places are the first sectors by path, `/` for the root. */
  readonly change?: (image: Buffer, places: ReadonlyMap<string, number>) => void;
  /** Another tree of the same files, for readers of Joliet. */
  readonly joliet?: readonly IsoNode[];
}

interface Placed {
  readonly node: IsoNode;
  readonly path: string;
  readonly parent: number;
  readonly nodes: Placed[];
}

/** Makes an ISO 9660 image (ECMA-119): descriptors, path tables, folders, files, each where a plain writer would put it. */
export function isoImage(nodes: readonly IsoNode[], options: IsoOptions = {}): Buffer {
  const places = new Map<string, number>();
  let next = 16 + 2 + (options.joliet === undefined ? 0 : 1);
  const take = (bytes: number) => {
    const at = next;
    next += Math.max(1, Math.ceil(bytes / sector));
    return at;
  };
  const trees = [nodes, ...(options.joliet === undefined ? [] : [options.joliet])].map((tree, index) =>
    placeTree(tree, index === 0 ? '' : 'joliet:', places, take, index === 0 ? options.rootUse : undefined),
  );
  for (const { all } of trees) {
    for (const { node, path } of all) {
      if (node.bytes === undefined) continue;
      const shared = path.replace(/^joliet:/, '');
      places.set(path, places.get(shared) ?? take(node.bytes.length));
    }
  }
  const image = Buffer.alloc(next * sector);
  for (const [index, tree] of trees.entries()) writeTree(image, index, tree, places);
  const end = (16 + trees.length) * sector;
  image[end] = 255;
  image.write('CD001\x01', end + 1, 'latin1');
  options.change?.(image, places);
  return image;
}

/** Writes a number in both byte orders. */
export function bothEndian(image: Buffer, at: number, value: number): void {
  image.writeUInt32LE(value, at);
  image.writeUInt32BE(value, at + 4);
}

interface TreePlan {
  readonly prefix: string;
  readonly all: readonly Placed[];
  readonly folders: readonly Placed[];
  readonly tables: readonly [number, number];
  readonly tableBytes: number;
  readonly rootUse: Uint8Array;
}

function placeTree(
  nodes: readonly IsoNode[],
  prefix: string,
  places: Map<string, number>,
  take: (bytes: number) => number,
  rootUse: Uint8Array = Buffer.alloc(0),
): TreePlan {
  const root: Placed = { node: { name: '\0', nodes }, path: `${prefix}/`, parent: 1, nodes: [] };
  const folders = [root];
  const all: Placed[] = [];
  for (const [index, folder] of folders.entries()) {
    for (const node of folder.node.nodes ?? []) {
      const placed = {
        node,
        path: folder.path.replace(/\/?$/, `/${node.name}`),
        parent: index + 1,
        nodes: [],
      };
      folder.nodes.push(placed);
      all.push(placed);
      if (node.bytes === undefined && node.nodes !== undefined) folders.push(placed);
    }
  }
  const tableBytes = folders.reduce(
    (sum, { node: { name } }) => sum + 8 + name.length + (name.length % 2),
    0,
  );
  const tables = [take(tableBytes), take(tableBytes)] as const;
  for (const folder of folders) {
    const bytes = packRecords(
      folder.nodes.map(({ node }) => recordBytes(node)),
      68 + rootUse.length * 2,
    );
    places.set(folder.path, take(bytes));
  }
  return { prefix, all, folders, tables, tableBytes, rootUse };
}

function writeTree(image: Buffer, index: number, plan: TreePlan, places: ReadonlyMap<string, number>): void {
  const { prefix, folders, tables, tableBytes, rootUse } = plan;
  const placeOf = (path: string) => places.get(path) ?? 0;
  const sizeOf = (folder: Placed) =>
    Math.ceil(
      packRecords(
        folder.nodes.map(({ node }) => recordBytes(node)),
        68 + rootUse.length * 2,
      ) / sector,
    ) * sector;
  const sizes = new Map(folders.map((folder) => [folder.path, sizeOf(folder)]));
  writeTables(image, folders, tables, placeOf);
  for (const folder of folders) {
    const parent = folders[folder.parent - 1]?.path ?? '/';
    const itself = (path: string, name: string, use: Uint8Array) =>
      directoryRecord({ name, flags: 2, use }, placeOf(path), sizes.get(path) ?? sector);
    const own = folder.path === `${prefix}/` ? rootUse : Buffer.alloc(0);
    const records = [itself(folder.path, '\0', own), itself(parent, '\x01', Buffer.alloc(0))];
    for (const { node, path } of folder.nodes) {
      const at = node.at === 'root' ? placeOf('/') : typeof node.at === 'string' ? placeOf(node.at) : node.at;
      const size = node.bytes?.length ?? sizes.get(path) ?? sector;
      records.push(directoryRecord(node, at ?? placeOf(path), size));
    }
    writeRecords(image, placeOf(folder.path) * sector, records);
    for (const { node, path } of folder.nodes) if (node.bytes) image.set(node.bytes, placeOf(path) * sector);
  }
  writeDescriptor(image, index, placeOf(`${prefix}/`), sizes.get(`${prefix}/`) ?? sector, tables, tableBytes);
}

function recordBytes({ name, use }: IsoNode): number {
  return 33 + name.length + ((name.length + 1) % 2) + (use?.length ?? 0);
}

/** Records do not cross the ends of sectors. */
function packRecords(lengths: readonly number[], start: number): number {
  let at = start;
  for (const length of lengths) {
    const padded = length + (length % 2);
    if ((at % sector) + padded > sector) at += sector - (at % sector);
    at += padded;
  }
  return at;
}

function directoryRecord(node: IsoNode, at: number, bytes: number): Buffer {
  const length = recordBytes(node) + (recordBytes(node) % 2);
  const record = Buffer.alloc(length);
  record[0] = length;
  bothEndian(record, 2, at);
  bothEndian(record, 10, node.size ?? bytes);
  record.set([120, 1, 2, 3, 4, 5, 0], 18);
  record[25] = node.flags ?? (node.bytes === undefined && node.nodes !== undefined ? 2 : 0);
  record.writeUInt16LE(1, 28);
  record.writeUInt16BE(1, 30);
  record[32] = node.name.length;
  record.write(node.name, 33, 'latin1');
  if (node.use) record.set(node.use, 33 + node.name.length + ((node.name.length + 1) % 2));
  node.change?.(record);
  return record;
}

function writeRecords(image: Buffer, start: number, records: readonly Buffer[]): void {
  let at = start;
  for (const record of records) {
    if ((at % sector) + record.length > sector) at += sector - (at % sector);
    image.set(record, at);
    at += record.length;
  }
}

function writeTables(
  image: Buffer,
  folders: readonly Placed[],
  [little, big]: readonly [number, number],
  placeOf: (path: string) => number,
): void {
  let at = 0;
  for (const { node, path, parent } of folders) {
    for (const [table, isLittle] of [
      [little * sector + at, true],
      [big * sector + at, false],
    ] as const) {
      image[table] = node.name.length;
      if (isLittle) image.writeUInt32LE(placeOf(path), table + 2);
      else image.writeUInt32BE(placeOf(path), table + 2);
      if (isLittle) image.writeUInt16LE(parent, table + 6);
      else image.writeUInt16BE(parent, table + 6);
      image.write(node.name, table + 8, 'latin1');
    }
    at += 8 + node.name.length + (node.name.length % 2);
  }
}

function writeDescriptor(
  image: Buffer,
  index: number,
  root: number,
  rootBytes: number,
  [little, big]: readonly [number, number],
  tableBytes: number,
): void {
  const at = (16 + index) * sector;
  image[at] = index + 1;
  image.write('CD001\x01', at + 1, 'latin1');
  image.write(' '.repeat(64), at + 8, 'latin1');
  image.write('HOSTILE', at + 40, 'latin1');
  bothEndian(image, at + 80, image.length / sector);
  if (index === 1) image.write('%/E', at + 88, 'latin1');
  for (const offset of [120, 124]) {
    image.writeUInt16LE(1, at + offset);
    image.writeUInt16BE(1, at + offset + 2);
  }
  image.writeUInt16LE(sector, at + 128);
  image.writeUInt16BE(sector, at + 130);
  bothEndian(image, at + 132, tableBytes);
  image.writeUInt32LE(little, at + 140);
  image.writeUInt32BE(big, at + 148);
  image.set(directoryRecord({ name: '\0', flags: 2 }, root, rootBytes), at + 156);
  image.write(' '.repeat(623), at + 190, 'latin1');
  for (const offset of [813, 830, 847, 864]) image.write('2020010203040500', at + offset, 'latin1');
  image[at + 881] = 1;
}
