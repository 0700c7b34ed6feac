import type { Limits } from '../../core/limits.ts';
import { quoted, refusal, type Subject } from '../../core/refusal.ts';
import { startPathRegister } from '../../core/safe-path.ts';
import type { IsoTree } from './folders.ts';
import { type IsoView, type ViewKind, viewOf } from './names.ts';
import { type NamedTree, requireSameNames, treeWords } from './same-names.ts';
import type { NameKind } from './volume.ts';

/** A tree and the kind of its names. */
export interface KindOfTree {
  readonly kind: NameKind;
  readonly tree: IsoTree;
}

/**
 * Throws unless every tree of a disc has safe names and leads by them to the same bytes, and returns that which xorriso reads:
 * Rock Ridge's, else Joliet's, else that of ISO 9660:1999, else the primary one.
 */
export function requireSameTrees(trees: readonly KindOfTree[], subject: Subject, limits: Limits): IsoView {
  const named = trees
    .flatMap(({ kind, tree }): NamedTree[] => [
      { kind, root: viewOf(tree, kind) },
      ...(kind === 'primary' && tree.hasRockRidge
        ? [{ kind: 'rockRidge' as const, root: viewOf(tree, 'rockRidge') }]
        : []),
    ])
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const [read, ...others] = named;
  if (read === undefined) throw refusal(subject, 'has no tree of folders');
  requireSafeNames(read, subject, limits);
  for (const other of others) {
    const name = `${subject.name}: its ${treeWords[other.kind].replace(/,$/, '')}`;
    requireSafeNames(other, { ...subject, name }, limits);
    requireSameNames(read, other, subject);
  }
  return read.root;
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
