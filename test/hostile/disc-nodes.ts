import type { IsoNode } from './iso-image.ts';

/** Bytes of a sector. */
export const sector = 2048;
/** What errors say of broken discs. */
export const damaged = /the file is truncated or damaged: /;
export const twice = /the folder at sector \d+ is duplicated/;
export const beyond = /beyond the end of the file/;
export const overlap = /overlap/;
export const table = /its path table, by which Windows finds folders, does not list the folders/;
export const tooMany = /holds more than 20000 files and folders[\s\S]*raise "files"/;

/** A file whose bytes tell its name. */
export const file = (name: string, more: Partial<IsoNode> = {}): IsoNode => ({
  name,
  bytes: Buffer.from(`bytes of ${name}`),
  ...more,
});
/** A folder. */
export const folder = (name: string, nodes: readonly IsoNode[], more: Partial<IsoNode> = {}): IsoNode => ({
  name,
  nodes,
  ...more,
});
/** What a disc without faults holds. */
export const good = [file('A.SYS;1'), folder('DIR', [file('B.SYS;1')])];
/** A name as Joliet writes it: UCS-2, the high byte first. */
export const wide = (name: string) => [...name].map((letter) => `\0${letter}`).join('');
