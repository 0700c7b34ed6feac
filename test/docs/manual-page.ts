import { readFileSync } from 'node:fs';
import type { Block } from './markdown.ts';

/** The manual page of the host command. */
export const manualPage = 'debian/host/virtio-win.1';

/** Returns the examples of the manual page, between `.EX` and `.EE` (man(7)), as blocks of shell commands. */
export function readManualPage(): { path: string; blocks: readonly Block[] } {
  const text = readFileSync(manualPage, 'utf8');
  const blocks = [...text.matchAll(/^\.EX\n(.*?)^\.EE$/gms)].map(({ index, 1: example = '' }) => ({
    language: 'sh',
    mark: '',
    text: example.replaceAll('\\-', '-').replaceAll('\\&', '').replaceAll('\\e', '\\'),
    line: text.slice(0, index).split('\n').length,
  }));
  return { path: manualPage, blocks };
}
