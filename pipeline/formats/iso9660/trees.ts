import type { PipelineError } from '../../core/errors.ts';
import type { Limits } from '../../core/limits.ts';
import { quoted, refusal, type Subject } from '../../core/refusal.ts';
import { startPathRegister } from '../../core/safe-path.ts';
import type { IsoTree } from './folders.ts';
import {
  commonStart,
  type IsoView,
  mayBeCut,
  sharesStart,
  spellings,
  type ViewKind,
  viewOf,
} from './names.ts';
import type { NameKind } from './volume.ts';

/** A tree and the kind of its names. */
export interface KindOfTree {
  readonly kind: NameKind;
  readonly tree: IsoTree;
}

/** The roots of the tree that pvdisc reads and of the primary tree, which every reader supports. */
export interface NamedRoots {
  readonly read: IsoView;
  readonly primary: IsoView;
}

/**
 * Throws unless all trees of a disc have safe names with the same bytes; returns the tree that Linux and xorriso read: Rock Ridge,
 * else Joliet, else ISO 9660:1999, else the primary tree.
 */
export function requireSameTrees(trees: readonly KindOfTree[], subject: Subject, limits: Limits): NamedRoots {
  const kinds = trees
    .flatMap(({ kind, tree }): { kind: ViewKind; tree: IsoTree }[] => [
      { kind, tree },
      ...(kind === 'primary' && tree.hasRockRidge ? [{ kind: 'rockRidge' as const, tree }] : []),
    ])
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const named = kinds.map(
    ({ kind, tree }, index): NamedTree => ({ kind, root: viewOf(tree, kind, index === 0) }),
  );
  const [read, ...others] = named;
  const primary = named.find(({ kind }) => kind === 'primary');
  if (read === undefined || primary === undefined) throw refusal(subject, 'has no tree of folders');
  requireSafeNames(read, subject, limits);
  for (const other of others) {
    const name = `${subject.name}: its ${treeWords[other.kind].replace(/,$/, '')}`;
    requireSafeNames(other, { ...subject, name }, limits);
    requireSameNames(read, other, subject);
  }
  return { read: read.root, primary: primary.root };
}

const order: readonly ViewKind[] = ['rockRidge', 'joliet', 'enhanced', 'primary'];

function requireSafeNames({ root }: NamedTree, subject: Subject, limits: Limits): void {
  const register = startPathRegister(subject, limits);
  const open = [root];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const entry of next.entries ?? []) {
      if (entry.name.includes('/'))
        throw refusal(subject, `entry ${quoted(entry.path)}: its name ${quoted(entry.name)} holds a slash`);
      if (entry.entries === undefined) register.addFile(entry.path);
      else {
        register.addFolder(entry.path);
        open.push(entry);
      }
    }
  }
}

/** The root of a tree under one kind of names. */
export interface NamedTree {
  readonly kind: ViewKind;
  readonly root: IsoView;
}

/** Names of the trees in errors. */
export const treeWords: Readonly<Record<ViewKind, string>> = {
  rockRidge: 'Rock Ridge tree',
  joliet: 'Joliet tree, which Windows shows,',
  enhanced: 'ISO 9660:1999 tree',
  primary: 'ISO 9660 tree',
};

/**
 * Throws unless `other` has the same names as the tree that pvdisc reads, in a spelling that mastering tools write, with the same
 * bytes: a truncated or numbered name must belong to the only entry of its folder with these bytes.
 */
function requireSameNames(read: NamedTree, other: NamedTree, subject: Subject): void {
  const keyOf = startContentKeys();
  const comparison = { read, other, subject, keyOf, triesLeft: { count: mostTries } };
  const open: [IsoView, IsoView][] = [[read.root, other.root]];
  for (let next = open.pop(); next !== undefined; next = open.pop())
    open.push(...pairEntries(...next, comparison));
}

/** Limits comparisons of names with the same bytes: real discs need hardly more than they have truncated names; a lookup by spelling counts as a hundredth. */
const mostTries = 200_000;

interface Comparison {
  readonly read: NamedTree;
  readonly other: NamedTree;
  readonly subject: Subject;
  readonly keyOf: ContentKeys;
  readonly triesLeft: { count: number };
}

/** Matches the entries of two folders and returns the pairs of subfolders. */
function pairEntries(mine: IsoView, theirs: IsoView, comparison: Comparison): [IsoView, IsoView][] {
  const { keyOf } = comparison;
  const left = new Set(mine.entries);
  const bySpelling = spellingIndex(left);
  const pairs: [IsoView, IsoView][] = [];
  const unnamed: IsoView[] = [];
  const take = (entry: IsoView, found: IsoView) => {
    left.delete(found);
    if (entry.entries !== undefined) pairs.push([found, entry]);
  };
  for (const entry of theirs.entries ?? []) {
    const { found: named, isLoose } = candidates(entry, bySpelling);
    const isSame = (one: IsoView) =>
      isFolder(one) === isFolder(entry) &&
      ((isFolder(one) && named.length === 1) || keyOf(one) === keyOf(entry));
    comparison.triesLeft.count -= named.length / 100;
    if (comparison.triesLeft.count < 0) throw tooManyAlike(comparison);
    const found = named.find((one) => left.has(one) && isSame(one));
    if (found !== undefined) take(entry, found);
    else if (named[0] === undefined || isLoose) unnamed.push(entry);
    else throw leadsElsewhere(entry, named[0], comparison);
  }
  const byContent = new Map<number, Set<IsoView>>();
  for (const one of unnamed.length > 0 ? left : []) {
    const alike = byContent.get(keyOf(one)) ?? new Set();
    byContent.set(keyOf(one), alike.add(one));
  }
  for (const entry of unnamed) {
    const alike = byContent.get(keyOf(entry)) ?? new Set();
    const found = cutName(entry, alike, bySpelling, comparison);
    if (found === undefined) {
      const [named] = candidates(entry, bySpelling).found;
      throw named === undefined ? isMore(entry, comparison) : leadsElsewhere(entry, named, comparison);
    }
    alike.delete(found);
    take(entry, found);
  }
  for (const entry of left) if (!entry.isSpecial) throw isMissing(entry, comparison);
  return pairs;
}

function isFolder({ entries }: IsoView): boolean {
  return entries !== undefined;
}

type SpellingIndex = readonly [Map<string, IsoView[]>, Map<string, IsoView[]>, Map<string, IsoView[]>];

function spellingIndex(entries: ReadonlySet<IsoView>): SpellingIndex {
  const index: SpellingIndex = [new Map(), new Map(), new Map()];
  for (const entry of entries) {
    for (const [at, spelling] of spellings(entry.name).entries()) {
      const same = index[at]?.get(spelling);
      if (same === undefined) index[at]?.set(spelling, [entry]);
      else same.push(entry);
    }
  }
  return index;
}

/**
 * Returns the entries that match in the strictest spelling with a match. The last spelling is loose: `PVPANIC_.CAT`, which is
 * `pvpanic-pci.cat` truncated, equals `pvpanic.cat` in it.
 */
function candidates(
  { name }: IsoView,
  index: SpellingIndex,
): { readonly found: readonly IsoView[]; readonly isLoose: boolean } {
  for (const [at, spelling] of spellings(name).entries()) {
    const found = index[at]?.get(spelling);
    if (found !== undefined) return { found, isLoose: at === index.length - 1 };
  }
  return { found: [], isLoose: false };
}

/** Returns, among entries with the same bytes, the one with the longest common prefix; names equal in plain letters are numbered too. */
function cutName(
  entry: IsoView,
  alike: ReadonlySet<IsoView>,
  [, , byPlainLetters]: SpellingIndex,
  { read, other, subject, triesLeft }: Comparison,
): IsoView | undefined {
  const isAmbiguous = ({ name }: IsoView) => (byPlainLetters.get(spellings(name)[2])?.length ?? 0) > 1;
  let best: IsoView | undefined;
  for (const one of alike) {
    triesLeft.count -= 1;
    if (triesLeft.count < 0) throw tooManyAlike({ other, subject });
    const fits =
      mayBeCut(one.name, entry.name, [read.kind, other.kind]) ||
      (isAmbiguous(one) && sharesStart(one.name, entry.name));
    if (!fits) continue;
    if (best === undefined || commonStart(one.name, entry.name) > commonStart(best.name, entry.name))
      best = one;
  }
  return best;
}

const hint =
  'get the file again; if its publisher ships it like this, ask for a disc with the same files in each tree';

function leadsElsewhere(entry: IsoView, named: IsoView, { read, other, subject }: Comparison): PipelineError {
  const [theirs, mine] = [placeOf(entry), placeOf(named)];
  return refusal(
    subject,
    `its ${treeWords[other.kind]} maps ${quoted(entry.path)} to ${theirs}, but its ${treeWords[read.kind]} maps ${quoted(named.path)} to ${mine}`,
    hint,
  );
}

function tooManyAlike({ other, subject }: Pick<Comparison, 'other' | 'subject'>): PipelineError {
  return refusal(subject, `its ${treeWords[other.kind]} has too many truncated or similar names`);
}

function isMore(entry: IsoView, { read, other, subject }: Comparison): PipelineError {
  return refusal(
    subject,
    `its ${treeWords[other.kind]} has ${quoted(entry.path)} (${placeOf(entry)}), which its ${treeWords[read.kind]} does not have by that name`,
    hint,
  );
}

function isMissing(entry: IsoView, { read, other, subject }: Comparison): PipelineError {
  return refusal(
    subject,
    `its ${treeWords[other.kind]} lacks ${quoted(entry.path)}, which its ${treeWords[read.kind]} has`,
    'get the file again; a file hidden from one tree (mkisofs -hide, -hide-joliet) must be in all trees',
  );
}

function placeOf({ runs, entries }: IsoView): string {
  if (entries !== undefined) return 'a folder';
  const [first] = runs;
  const bytes = runs.reduce((sum, run) => sum + run.bytes, 0);
  return bytes === 0 || first === undefined ? 'no bytes' : `${bytes} bytes at sector ${first.sector}`;
}

/** Returns equal numbers for files with the same runs, and for folders with equal content. */
export type ContentKeys = (entry: IsoView) => number;

/** Creates a numbering; ignores empty files in folders, since some trees omit links and others store them as empty files. */
function startContentKeys(): ContentKeys {
  const numbers = new Map<string, number>();
  const known = new Map<IsoView, number>();
  const keyOf = (entry: IsoView): number => {
    const number = known.get(entry) ?? numberOf(wordsOf(entry));
    known.set(entry, number);
    return number;
  };
  const numberOf = (words: string) => {
    const number = numbers.get(words) ?? numbers.size;
    numbers.set(words, number);
    return number;
  };
  const wordsOf = (entry: IsoView): string => {
    if (entry.entries === undefined) return fileWords(entry);
    const inside = entry.entries.filter((one) => one.entries !== undefined || fileWords(one) !== '');
    return `folder ${inside
      .map(keyOf)
      .sort((a, b) => a - b)
      .join()}`;
  };
  return keyOf;
}

function fileWords({ runs }: IsoView): string {
  return runs
    .filter(({ bytes }) => bytes > 0)
    .map(({ sector, bytes }) => `${sector}+${bytes}`)
    .join();
}
