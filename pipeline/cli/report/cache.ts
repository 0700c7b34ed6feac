import prettyBytes from 'pretty-bytes';
import { printable } from '../../core/text.ts';
import type { CacheItem } from '../../system/cache.ts';
import type { CacheReport } from './cache-schema.ts';
import { jsonText } from './json-text.ts';

/** The contents of the cache; `origin` is the URL of an interrupted download. */
export interface CacheListing {
  readonly folder: string;
  readonly items: readonly (CacheItem & { readonly origin?: string })[];
}

const kinds: Readonly<Record<CacheItem['kind'], string>> = {
  file: 'file',
  partial: 'interrupted',
  git: 'repository',
  signature: 'signature',
  leftover: 'leftover',
};

export const cacheReports = {
  text: ({ folder, items }: CacheListing): string => {
    const lines = items.map(({ kind, path, size, used, origin }) => {
      const from = origin === undefined ? '' : `  ${origin}`;
      return `${prettyBytes(size).padStart(8)}  ${day(used)}  ${kinds[kind].padEnd(11)}  ${path}${from}`;
    });
    return [...lines, `${prettyBytes(totalOf(items))} in ${printable(folder)}`, ''].join('\n');
  },
  json: ({ folder, items }: CacheListing): string => {
    const used = items.map((item) => ({ ...item, used: item.used.toISOString() }));
    const report: CacheReport = { schemaVersion: 1, folder, size: totalOf(items), items: used };
    return jsonText(report);
  },
} as const;

function totalOf(items: readonly CacheItem[]): number {
  return items.reduce((sum, { size }) => sum + size, 0);
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
