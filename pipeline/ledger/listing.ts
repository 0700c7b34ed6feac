import type { RunContext } from '../core/context.ts';
import { PipelineError } from '../core/errors.ts';
import { quoted } from '../core/refusal.ts';
import { webPageTitle } from '../formats/magic.ts';
import { fetchText } from '../sources/fetch/fetch-text.ts';
import { byRelease } from './release-order.ts';

/** Far above any list of folders: upstream's has some 100 lines. */
const maxBytes = 4 * 2 ** 20;

/**
 * Returns the releases that a web server's list of a folder names, the newest first: an HTML index (Apache, nginx) with
 * links to `virtio-win-<release>/`, or JSON with such names, be they in an array or in objects with a `name` (nginx `autoindex_format json`).
 */
export async function listReleases(url: string, context: RunContext): Promise<string[]> {
  const text = await fetchText(url, maxBytes, context);
  const names = /^\s*[[{]/.test(text) ? namesInJson(text, url) : linksInHtml(text);
  const releases = names.flatMap(
    (name) => /^virtio-win-((?:\d{1,9}\.){2}\d{1,9}-\d{1,9})\/?$/.exec(name)?.[1] ?? [],
  );
  if (releases.length === 0) throw noRelease(url, text);
  return [...new Set(releases)].sort(byRelease).reverse();
}

function linksInHtml(text: string): string[] {
  return [...text.matchAll(/\shref=["']?([^"'\s>]{1,500})/gi)].map(
    ([, link = '']) => link.replace(/\/$/, '').split('/').at(-1) ?? '',
  );
}

function namesInJson(text: string, url: string): string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new PipelineError('input', {
      place: url,
      message: `begins as JSON and is none: ${(error as Error).message}`,
      hint: 'name the list of releases itself',
    });
  }
  const entries: unknown[] = Array.isArray(value) ? value : [];
  return entries.flatMap((entry) => {
    const name: unknown = typeof entry === 'object' && entry !== null && 'name' in entry ? entry.name : entry;
    return typeof name === 'string' ? [name] : [];
  });
}

/** A bot check or a login page names no release, and must not pass for "nothing new". */
function noRelease(url: string, text: string): PipelineError {
  const title = webPageTitle(Buffer.from(text));
  const page = title === undefined ? '' : `; it is a web page with the title ${quoted(title)}`;
  return new PipelineError('input', {
    place: url,
    message: `names no release (virtio-win-<version>-<build>/)${page}`,
    hint: 'look at it with a browser; --source names another list',
  });
}
