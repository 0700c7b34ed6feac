import * as z from 'zod';
import type { RunContext } from '../core/context.ts';
import type { Limits } from '../core/limits.ts';
import { parseJson } from '../core/parse-json.ts';
import { plural } from '../core/text.ts';
import { inspect } from '../inspect/inspect.ts';
import type { InspectedPackage } from '../inspect/inspection-schema.ts';
import { checkAgainstLedger } from '../ledger/check.ts';
import type { LedgerVerdict } from '../ledger/check-schema.ts';
import { examineFile } from '../ledger/examine.ts';
import { ownLedger, readLedger } from '../manifest/ledger.ts';
import { readOwnTables } from '../manifest/read.ts';
import { infoPath } from '../model/disc-layout.ts';
import { type SourceTree, storedBytes } from '../sources/define.ts';
import { openDisc } from '../sources/open-input.ts';
import { readStored, storedSize } from '../system/stored-bytes.ts';
import { besideChecks } from './beside.ts';
import { bad, checksOf, good, notJudged } from './checks.ts';
import type { Check } from './verification-schema.ts';

/** Checks a single ISO: against the ledger of upstream discs, its layout, and its drivers against its data/info.json. */
export async function verifyIso(
  file: string,
  name: string,
  limits: Limits,
  context: RunContext,
): Promise<Check[]> {
  const traits = await examineFile(file, name, context.signal);
  const verdict = checkAgainstLedger(await readLedger(ownLedger), traits);
  const known = ledgerCheck(verdict, name);
  if (traits.label === undefined) return [known, bad(name, 'is not an ISO')];
  const contents = await checksOf(name, async () => {
    const subject = { place: 'verify', name };
    const { tree, beside } = await openDisc(file, subject, limits, context);
    const sound = `its layout is sound: ${plural(tree.files.length, 'file')} within the disc, none overlapping, with the same names in all trees`;
    return [
      good(name, sound),
      ...besideChecks(beside, name, verdict.verdict === 'known'),
      ...(await verifyInfo(tree, name, context)),
    ];
  });
  return [known, ...contents];
}

function ledgerCheck({ verdict, release, reasons, confidence, sha256 }: LedgerVerdict, name: string): Check {
  if (verdict === 'known')
    return good(name, `is upstream's ${release} according to the ledger (${confidence})`);
  if (verdict === 'unknown') {
    const message = `no release in the ledger has its sha256 ${sha256}, so changes cannot be detected`;
    return notJudged(
      name,
      message,
      "verify the folder of the release, or compare the digest with the publisher's",
    );
  }
  return bad(name, `${verdict}: ${reasons.join('; ')}`);
}

/** Format of upstream; additions of pvdisc are optional. */
const infoSchema = z.object({
  drivers: z.array(
    z.object({
      inf_path: z.string(),
      driver_version: z.string().optional(),
      signature: z.string().optional(),
    }),
  ),
});
type InfoDriver = z.output<typeof infoSchema>['drivers'][number];

const mostInfoBytes = 2 ** 24;

async function verifyInfo(tree: SourceTree, name: string, context: RunContext): Promise<Check[]> {
  const place = `${name}/${infoPath}`;
  const file = tree.files.find(({ path }) => path === infoPath);
  if (file === undefined)
    return [notJudged(place, 'is missing, so the drivers on the disc cannot be compared with it')];
  const stored = storedBytes(file);
  if ((await storedSize(stored)) > mostInfoBytes) return [bad(place, `has more than ${mostInfoBytes} bytes`)];
  const parsed = infoSchema.safeParse(parseJson((await readStored(stored)).toString('utf8')));
  if (!parsed.success) return [bad(place, 'does not have the expected format')];
  const { packages } = await inspect(tree, await readOwnTables(), context);
  const byInf = new Map(packages.map((found) => [found.inf, found]));
  const paths = new Set(tree.files.map(({ path }) => path));
  const { drivers } = parsed.data;
  const problems = drivers.flatMap((driver) => driverProblems(driver, byInf, paths, name));
  if (problems.length > 0) return problems;
  return [good(place, `matches ${plural(drivers.length, 'driver')}: INFs, versions${signed(drivers)}`)];
}

function signed(drivers: readonly InfoDriver[]): string {
  return drivers.some(({ signature }) => signature !== undefined) ? ', signatures' : '';
}

function driverProblems(
  { inf_path: inf, driver_version: version, signature }: InfoDriver,
  packages: ReadonlyMap<string, InspectedPackage>,
  paths: ReadonlySet<string>,
  name: string,
): Check[] {
  const place = `${name}/${inf}`;
  if (!paths.has(inf)) return [bad(place, `is missing; ${infoPath} lists it`)];
  const found = packages.get(inf);
  if (found === undefined) return [bad(place, `is not a valid INF; ${infoPath} lists it`)];
  const { driverVer = '' } = found;
  const isVersion = version === undefined || driverVer === version || driverVer.endsWith(`,${version}`);
  return [
    ...(isVersion ? [] : [bad(place, `has DriverVer ${driverVer}, but ${infoPath} has ${version}`)]),
    ...(signature === undefined || signature === found.signature
      ? []
      : [bad(place, `is ${found.signature}, but ${infoPath} has ${signature}`)]),
  ];
}
