import { readFileSync } from 'node:fs';
import { marked, type Token, type Tokens } from 'marked';

/** A fenced block. */
export interface Block {
  readonly language: string;
  /** Words of the info string after the language. */
  readonly mark: string;
  readonly text: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
}

/** A Markdown table as plain texts, code marks kept. */
export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Parts of a Markdown file that tests read. */
export interface MarkdownDocument {
  readonly path: string;
  readonly blocks: readonly Block[];
  /** Targets of links, autolinks and images. */
  readonly links: readonly string[];
  /** The `#anchor` of each heading, as on GitHub. */
  readonly anchors: readonly string[];
  readonly tables: readonly Table[];
}

/** Reads a Markdown file of the repository; `path` is relative to its root. */
export function readDocument(path: string): MarkdownDocument {
  return parseDocument(path, readFileSync(path, 'utf8'));
}

/** Parses the text of a Markdown file (CommonMark with GitHub's tables). */
export function parseDocument(path: string, text: string): MarkdownDocument {
  const blocks: Block[] = [];
  const links: string[] = [];
  const headings: string[] = [];
  const tables: Table[] = [];
  const lines = text.split('\n');
  let next = 0;
  marked.walkTokens(marked.lexer(text), (token) => {
    if (isCode(token)) {
      // In a list, `raw` lacks the indentation, so the text cannot be searched for.
      const fence = token.raw.trim().split('\n')[0];
      const index = lines.findIndex((line, at) => at >= next && line.trim() === fence);
      next = index + token.text.split('\n').length + 2;
      blocks.push({ ...infoOf(token), text: token.text, line: index + 1 });
    } else if (token.type === 'link' || token.type === 'image') links.push(token.href);
    else if (token.type === 'heading') headings.push(token.text);
    else if (isTable(token)) tables.push(tableOf(token));
  });
  return { path, blocks, links, anchors: anchorsOf(headings), tables };
}

/** Returns the one table whose header begins with these cells. */
export function tableWith({ path, tables }: MarkdownDocument, ...header: readonly string[]): Table {
  const found = tables.filter((table) => header.every((cell, index) => table.header[index] === cell));
  const [table] = found;
  if (table === undefined || found.length > 1)
    throw new Error(`${path}: ${found.length} tables begin with the columns ${header.join(', ')}`);
  return table;
}

function isCode(token: Token): token is Tokens.Code {
  return token.type === 'code';
}

function isTable(token: Token): token is Tokens.Table {
  return token.type === 'table';
}

function infoOf({ lang = '' }: Tokens.Code): Pick<Block, 'language' | 'mark'> {
  const [, language = '', mark = ''] = /^(\S*)\s*(.*)$/.exec(lang) ?? [];
  return { language, mark };
}

function tableOf({ header, rows }: Tokens.Table): Table {
  return { header: header.map(({ text }) => text), rows: rows.map((row) => row.map(({ text }) => text)) };
}

/** GitHub: lower case, punctuation dropped, spaces to hyphens; the second of a name gets `-1`. */
function anchorsOf(headings: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return headings.map((heading) => {
    const slug = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}
