import type { IsoView } from './names.ts';

/** Returns a number that is the same for files of the same bytes of the disc, and for folders that hold such files in the same folders. */
export type ContentKeys = (entry: IsoView) => number;

/** Starts numbering; empty files are not counted in folders, since some trees leave links out and others have them as empty files. */
export function startContentKeys(): ContentKeys {
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
