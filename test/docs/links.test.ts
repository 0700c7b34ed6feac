import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { documents } from './documents.ts';
import { parseDocument, readDocument } from './markdown.ts';

/** Allowed hosts: those the project already names, and those of stable documents. */
const hosts = [
  'github.com',
  'libvirt.org',
  'learn.microsoft.com',
  'support.microsoft.com',
  'www.debian.org',
  'wiki.debian.org',
];

describe.each(documents)('%s', (path) => {
  const { links } = readDocument(path);

  test('has relative links that lead to a file, and to a heading in it', () => {
    const local = links.filter((link) => !isExternal(link));
    expect(local.map((link) => problemOf(path, link)).filter((problem) => problem !== undefined)).toEqual([]);
  });

  test('has external links only to hosts that are known to stay', () => {
    const wrong = links.filter(isExternal).filter((link) => {
      const { protocol, hostname } = new URL(link);
      return protocol !== 'https:' || !hosts.includes(hostname);
    });
    expect(wrong).toEqual([]);
  });
});

test('docs/ links to nothing outside of it, since the packages install it alone', () => {
  const pages = documents.filter((path) => path.startsWith('docs/'));
  const links = pages.flatMap((path) => readDocument(path).links.map((link) => ({ path, link })));
  expect(links.filter(({ link }) => link.startsWith('..'))).toEqual([]);
});

test('a dead link and a dead anchor are found', () => {
  expect(problemOf('README.md', 'no-such-file.md')).toBe('no-such-file.md: there is no no-such-file.md');
  expect(problemOf('docs/deploy.md', '#no-such-heading')).toMatch(/has no heading/);
  expect(problemOf('docs/deploy.md', '../../outside')).toMatch(/leaves the repository/);
  expect(problemOf('docs/README.md', 'deploy.md#upgrade')).toBeUndefined();
});

test('anchors are those that GitHub makes', () => {
  const { anchors } = parseDocument('a.md', '# What `a_b` is, really\n\n## 1. One\n\n## Same\n\n## Same\n');
  expect(anchors).toEqual(['what-a_b-is-really', '1-one', 'same', 'same-1']);
});

function isExternal(link: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(link);
}

function problemOf(from: string, link: string): string | undefined {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? from : normalize(join(dirname(from), file));
  if (target.startsWith('..')) return `${link}: it leaves the repository`;
  if (!existsSync(target)) return `${link}: there is no ${target}`;
  if (anchor === undefined || readDocument(target).anchors.includes(anchor)) return undefined;
  return `${link}: ${target} has no heading ${anchor}`;
}
