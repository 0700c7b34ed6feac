import { folderOf, nameOf } from '../core/paths.ts';
import { recordedDiscs } from '../model/record.ts';
import { nearestPlace, type ReleaseView } from './view.ts';

/** Kinds of files, in the order of the legend. */
export const fileKinds = ['driver', 'tool', 'installer', 'catalog', 'INF', 'symbols', 'other'] as const;
export type FileKind = (typeof fileKinds)[number];

export const kindTexts: Readonly<Record<FileKind, string>> = {
  driver: 'driver binaries (.sys)',
  tool: 'libraries and programs (.dll, .exe)',
  installer: 'installers (.msi)',
  catalog: 'catalogs (.cat)',
  INF: 'INFs',
  symbols: 'debug symbols (.pdb)',
  other: 'other files',
};

/** A file of a disc, and to what its bytes belong. */
export interface SpaceFile {
  readonly driver: string;
  readonly windows: string;
  readonly kind: FileKind;
  readonly size: number;
  /** The disc has its content already: the file occupies no space. */
  readonly isDuplicate: boolean;
  readonly isSymbols: boolean;
}

const elsewhere = 'other files';

/** Returns the files of the discs; contents that several files have count for the first, in the folders of the drivers if it is there. */
export function spaceFiles({ record, targets, cells }: ReleaseView): SpaceFile[] {
  const packages = new Map(cells.flatMap((cell) => (cell.facts === undefined ? [] : [[cell.folder, cell]])));
  const rank = new Map(targets.map((target, index) => [target, index]));
  const discs = recordedDiscs(record);
  return discs.flatMap(({ files }, disc) => {
    const owned = files.map((file) => {
      const cell = packages.get(nearestPlace(folderOf(file.path), packages));
      return { file, cell, order: cell === undefined ? targets.length : (rank.get(cell.target) ?? 0) };
    });
    const stored = new Map<string, (typeof owned)[number]>();
    for (const one of [...owned].sort((a, b) => a.order - b.order))
      if (!stored.has(one.file.sha256)) stored.set(one.file.sha256, one);
    return owned.map((one) => {
      const { file, cell = stored.get(file.sha256)?.cell } = one;
      const kind = kindOf(file.path);
      return {
        driver: cell?.driver ?? elsewhere,
        windows: cell?.target.windows ?? elsewhere,
        kind,
        size: file.size,
        isDuplicate: stored.get(file.sha256) !== one,
        isSymbols: disc === 1 || kind === 'symbols',
      };
    });
  });
}

const kindsByEnding: Readonly<Record<string, FileKind>> = {
  sys: 'driver',
  dll: 'tool',
  exe: 'tool',
  msi: 'installer',
  cat: 'catalog',
  inf: 'INF',
  pdb: 'symbols',
};

function kindOf(path: string): FileKind {
  const name = nameOf(path);
  return kindsByEnding[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] ?? 'other';
}
