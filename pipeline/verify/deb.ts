import type { RunContext } from '../core/context.ts';
import type { Limits } from '../core/limits.ts';
import { plural } from '../core/text.ts';
import { parseControl } from '../formats/deb/control.ts';
import { readSums } from '../formats/sums.ts';
import type { ReleaseRecord } from '../model/record.ts';
import { bad, checksOf, good, notJudged } from './checks.ts';
import { requireDebMembers, structureProblems } from './deb-structure.ts';
import { discRecordProblems, type PackageIdentity, recordProblems } from './packaged-discs.ts';
import { type DebFiles, readPackagedFiles } from './read-package.ts';
import type { Check } from './verification-schema.ts';

/** Checks the structure of a package, and its files against md5sums, `.disc` records and the record of the release, if any. */
export async function verifyDeb(
  file: string,
  name: string,
  limits: Limits,
  record: ReleaseRecord | undefined,
  context: RunContext,
): Promise<Check[]> {
  return checksOf(name, async () => {
    const subject = { place: 'verify', name };
    context.reporter.progress({ item: name });
    await requireDebMembers(file, subject);
    const isText = (path: string) => path === 'md5sums' || path === 'control' || path.endsWith('.disc');
    const files = await readPackagedFiles(file, subject, limits, isText, context);
    const problems = [
      ...structureProblems(files, name),
      ...md5Problems(files, name),
      ...discRecordProblems(files.data, identityOf(files.control, name), name),
      ...(record === undefined ? [] : recordProblems(files.data, record, name)),
    ];
    if (problems.length > 0) return problems;
    const fits = `members, owners and modes are as pvdisc writes them; ${plural(files.data.size, 'file')} checked against md5sums and .disc records`;
    if (record !== undefined) return [good(name, `${fits}, and against the record`)];
    return [good(name, fits), ...onlyOutside(files, name)];
  });
}

/** Lists what a package alone cannot prove. */
function onlyOutside({ control }: DebFiles, name: string): Check[] {
  const scripts = [...control.keys()].filter((path) => path !== 'control' && path !== 'md5sums').sort();
  const run = scripts.length === 0 ? '' : ` and its scripts (${scripts.join(', ')})`;
  const together = 'files changed together with md5sums and .disc records';
  const outside = 'only a signed SHA256SUMS proves them';
  const hint = 'verify the folder of the release with --key';
  return [
    notJudged(name, `the fields of its control file${run}: ${outside}`, hint),
    notJudged(name, `${together}: ${outside}`, hint),
  ];
}

function md5Problems({ control, data }: DebFiles, name: string): Check[] {
  const text = control.get('md5sums')?.text;
  if (text === undefined) return [bad(name, 'has no md5sums')];
  const sums = new Map<string, string>();
  for (const listed of readSums(text, 'md5sum')) {
    if (listed.digest === undefined) return [bad(name, 'its md5sums has an invalid line')];
    sums.set(listed.path, listed.digest);
  }
  return [
    ...[...sums].flatMap(([path, md5]) => {
      const found = data.get(path);
      if (found === undefined) return [bad(`${name}/${path}`, 'is missing; md5sums lists it')];
      return found.md5 === md5
        ? []
        : [bad(`${name}/${path}`, `has md5 ${found.md5}, but md5sums has ${md5}`)];
    }),
    ...[...data.keys()]
      .filter((path) => !sums.has(path))
      .map((path) => bad(`${name}/${path}`, 'is not in md5sums')),
  ];
}

function identityOf(control: DebFiles['control'], name: string): PackageIdentity {
  const [about] = parseControl(control.get('control')?.text ?? '', `${name}/control`);
  const value = (field: string) => about?.fields.get(field)?.value ?? 'missing';
  return { place: `${name}/control`, name: value('package'), version: value('version') };
}
