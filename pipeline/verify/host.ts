import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { byCodeUnit, hashFile } from '../host/files.ts';
import { bad, checksOf, good, notJudged } from './checks.ts';
import { discProblems, readDiscRecord } from './disc-records.ts';
import type { Check } from './verification-schema.ts';

const mostRecordBytes = 2 ** 22;

/** Checks the discs that packages have installed into a folder, /usr/share/virtio-win: each against the `.disc` record beside it. */
export async function verifyHost(folder: string, signal: AbortSignal): Promise<Check[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  const digests = new Map<string, { sha256: string; size: number }>();
  const discs = files.filter((name) => name.endsWith('.iso')).sort(byCodeUnit);
  for (const name of discs) digests.set(name, await hashFile(join(folder, name), signal));
  const checks: Check[] = [];
  const named = new Set<string>();
  for (const place of files.filter((name) => name.endsWith('.disc')).sort(byCodeUnit)) {
    checks.push(
      ...(await checksOf(place, async () => {
        if ((await stat(join(folder, place))).size > mostRecordBytes)
          return [bad(place, `has more than ${mostRecordBytes} bytes`)];
        const record = readDiscRecord(await readFile(join(folder, place), 'utf8'), place);
        if ('verdict' in record) return [record];
        named.add(record.disc);
        const problems = discProblems(record, digests.get(record.disc), place);
        if (problems.length > 0) return problems;
        const hint = `dpkg --verify ${record.packageName}`;
        return [
          good(record.disc, `is what ${place} says, byte by byte`),
          notJudged(place, `whether it and the other files of its package are as they were installed`, hint),
        ];
      })),
    );
  }
  const unnamed = discs.filter((name) => !named.has(name));
  return [
    ...checks,
    ...unnamed.map((name) => notJudged(name, 'no .disc record tells of it: pvdisc did not install it')),
  ];
}
