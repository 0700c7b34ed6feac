import { driverFolder, type Tree } from '../../builders/tree.ts';
import type { RuleCase } from '../../contracts/rule-contract.ts';

/** A text of a good INF and what stands in its place; `''` appends. */
export type Change = readonly [before: string, after: string];

/** A release of one good driver, with changes made to the text of its INF. */
export function changed(...changes: readonly Change[]): RuleCase {
  return { files: changedFolder('Win10/x86', ...changes) };
}

/** A good driver folder whose INF names its catalog, with changes made to the text of the INF. */
export function changedFolder(path: string, ...changes: readonly Change[]): Tree {
  const files = driverFolder(path, { inf: { catalog: 'viostor.cat' } });
  const inf = `${path}/viostor.inf`;
  const text = Buffer.from(files[inf] ?? '').toString('latin1');
  return { ...files, [inf]: changes.reduce(change, text) };
}

/** A good driver folder whose INF is in another encoding, with a text before all else, such as a byte order mark. */
export function encodedFolder(
  path: string,
  encoding: 'latin1' | 'utf8' | 'utf16le' | 'utf16be',
  before: string,
  ...changes: readonly Change[]
): Tree {
  const files = changedFolder(path, ...changes);
  const inf = `${path}/viostor.inf`;
  const text = before + String(files[inf]);
  const bytes = encoding === 'utf16be' ? Buffer.from(text, 'utf16le').swap16() : Buffer.from(text, encoding);
  return { ...files, [inf]: bytes };
}

function change(text: string, [before, after]: Change): string {
  if (before === '') return text + after;
  if (!text.includes(before)) throw new Error(`the good INF has no "${before}"`);
  return text.replace(before, () => after);
}

/** The same files, with LF line ends in the INF. */
export function withLineFeeds(files: Tree): Tree {
  const text = String(files['Win10/x86/viostor.inf']);
  return { ...files, 'Win10/x86/viostor.inf': text.replaceAll('\r\n', '\n') };
}

/** An INF with nothing between the header of its models section and [Strings]. */
export function folderWithoutModels(): Tree {
  const files = changedFolder('Win10/x86', ['viostor.DeviceDesc = "viostor test driver"\r\n', '']);
  const text = String(files['Win10/x86/viostor.inf']);
  const models = text.indexOf('%viostor.DeviceDesc%');
  return { ...files, 'Win10/x86/viostor.inf': text.slice(0, models) + text.slice(text.indexOf('[Strings]')) };
}
