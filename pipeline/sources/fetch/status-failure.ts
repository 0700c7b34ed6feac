import { quoted } from '../../core/refusal.ts';
import { webPageTitle } from '../../formats/magic.ts';
import type { Answer } from './answer.ts';
import { FetchFailure } from './failure.ts';
import { readHeadOf } from './head.ts';
import { parseRetryAfter } from './retry-after.ts';

/** Answers that another attempt may better: RFC 9110 section 15, RFC 8470 (425), RFC 6585 (429). */
export const passing = [408, 425, 429, 500, 502, 503, 504];

/** Returns the failure for an answer that has no file, with the title of the page that came with it. */
export async function statusFailure(answer: Answer): Promise<FetchFailure> {
  const { head } = await readHeadOf(answer.body);
  const title = webPageTitle(head);
  const reason = answer.statusText.replace(/[^\x20-\x7e]/g, '').slice(0, 100);
  const page = title ? `, with the web page ${quoted(title)}` : '';
  const words = `HTTP ${answer.status} ${reason} from ${answer.address}${page}`;
  return new FetchFailure('network', words, {
    retry: passing.includes(answer.status),
    retryAfter: parseRetryAfter(answer.header('retry-after'), Date.now()),
  });
}
