import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lacksTool } from '../builders/needs.ts';
import type { HostileCase } from './case.ts';
import { type Fed, makeJail } from './feed.ts';

const maxSeconds = 10;
const maxMegabytes = 500;

/** Declares one test for each case: refused with a clear error, in time, with nothing written elsewhere or left behind. */
export function expectRefused(cases: readonly HostileCase[], tools: readonly string[]): void {
  const first = new Map(cases.toReversed().map((one) => [one.kind, one]));
  const processes = cases.filter((one) => one.dangerous || first.get(one.kind) === one);
  const skipped = lacksTool(...tools);

  describe.skipIf(skipped)('read in this process', () => {
    test.each(cases.filter(({ dangerous }) => !dangerous))('$name', async (one) => {
      requireRefusal(one, await (await makeJail()).feed(one, 'here'));
    });
  });

  describe.skipIf(skipped || lacksTool('time'))(
    'read in a process of its own, whose memory is measured',
    () => {
      test.each(processes)('$name', async (one) => {
        const fed = await (await makeJail()).feed(one, 'process');
        requireRefusal(one, fed);
        expect(fed.megabytes).toBeLessThan(maxMegabytes);
      });
    },
  );
}

function requireRefusal(one: HostileCase, { exitCode, said, seconds, left }: Fed): void {
  expect(said).toMatch(one.says);
  expect({ exitCode, left }).toEqual({ exitCode: 1, left: [] });
  expect(said).not.toMatch(/this is a bug|^ {4}at /m);
  expect(seconds).toBeLessThan(maxSeconds);
  expect(existsSync('/tmp/evil.sys')).toBe(false);
}
