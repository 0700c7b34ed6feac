import { join } from 'node:path';
import { recordName } from '../attest/document-names.ts';
import { exitCodes, formatProblem, PipelineError } from '../core/errors.ts';
import type { Limits } from '../core/limits.ts';
import { lostBackslash, readDevices } from '../formats/windows/device-query.ts';
import { inspect } from '../inspect/inspect.ts';
import { answerFor, type WhichInput } from '../inspect/which.ts';
import { readManifest, readOwnTables } from '../manifest/read.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';
import { recordedFacts } from '../model/driver-facts.ts';
import type { RecordedFacts } from '../model/shared-schema.ts';
import { checkRelease } from '../pipeline.ts';
import { sourceTools } from '../sources/open.ts';
import { openInput } from '../sources/open-input.ts';
import { exists } from '../system/files.ts';
import { requireTools } from '../system/tools.ts';
import { driverFacts } from '../validate/driver-facts.ts';
import type { Command, CommandIo } from './command.ts';
import { formatOption, limitOption, parseLimits, type ReleaseOptions, releaseOptions } from './options.ts';
import { notARecord, readRecord } from './read-record.ts';
import { jsonText } from './report/json-text.ts';
import { whichProblems, whichText } from './report/which.ts';
import { checkEpoch, parseOverrides, withProfile } from './run-context.ts';
import { type ScratchContext, scratchRun } from './scratch-run.ts';

interface WhichOptions extends ReleaseOptions {
  readonly hardwareId: string;
  readonly inputs: readonly string[];
  readonly format: 'text' | 'json';
  readonly limit: string[];
}

export const whichCommand: Command<WhichOptions> = (io) => ({
  command: 'which <hardwareId> [inputs..]',
  describe: 'Find the drivers of a device by its hardware ID',
  builder: (parser) =>
    releaseOptions(parser)
      .usage(
        `$0 which <hardwareId> [inputs..]

Shows which drivers of a release, disc, package or folder serve a device, for which Windows, and
when Windows loads them. Without inputs: what the device is and which driver of virtio-win serves
it. Takes what Device Manager shows (Details, Hardware Ids), one line or several, an instance path,
or a line of lspci -n or lspci -nn. Quote it with '…': a shell changes \\ and &. Exits with 1 if a
device has no driver.`,
      )
      .positional('hardwareId', {
        type: 'string',
        demandOption: true,
        describe: "Hardware ID, such as 'PCI\\VEN_1AF4&DEV_1041' or 1af4:1041",
      })
      .positional('inputs', {
        type: 'string',
        array: true,
        default: [] as string[],
        describe: 'Release files (YAML), folders of built releases, ISOs, packages, folders of drivers',
      })
      .option('format', formatOption('which'))
      .option('limit', limitOption)
      .example("$0 which 'PCI\\VEN_1AF4&DEV_1041' dist/my-disc-1.0", 'The driver in a built release')
      .example('$0 which 1af4:1050 virtio-win.iso', 'As lspci -n writes it'),
  handler: (options) => runWhich(options, io),
});

async function runWhich(options: WhichOptions, io: CommandIo): Promise<void> {
  const { hardwareId, format } = options;
  if (readDevices(hardwareId, () => true).length === 0) throw noId(hardwareId);
  const { targets } = await readOwnTables();
  const inputs: WhichInput[] = [];
  const rows: TargetRow[] = [];
  for (const input of options.inputs) {
    const read = await readDrivers(input, options, io);
    inputs.push({ input, drivers: read.drivers });
    rows.push(...read.targets);
  }
  const ids = readDevices(hardwareId, offeredBy(inputs));
  if (ids.length === 0) throw noId(hardwareId);
  const devices = ids.map((id) => answerFor(id, inputs));
  const problems = whichProblems(devices);
  if (format === 'json') io.process.stdout.write(jsonText({ schemaVersion: 1, devices }));
  else io.process.stdout.write(whichText(devices, [...rows, ...targets]));
  for (const problem of problems) io.process.stderr.write(`${formatProblem(problem)}\n`);
  if (problems.length > 0) io.exitWith(exitCodes.input);
}

function offeredBy(inputs: readonly WhichInput[]): (id: string) => boolean {
  const ids = inputs.flatMap(({ drivers }) =>
    drivers.flatMap(({ hardwareIds = [], compatibleIds = [] }) => [...hardwareIds, ...compatibleIds]),
  );
  const offered = new Set(ids.map((id) => id.toUpperCase()));
  return (id) => offered.has(id);
}

function noId(text: string): PipelineError {
  return new PipelineError('usage', {
    place: 'pvdisc which',
    message: lostBackslash(text)
      ? `${text} has lost its backslash, and what follows the first & is missing`
      : `"${text}" holds no hardware ID`,
    hint: "quote the ID, as in pvdisc which 'PCI\\VEN_1AF4&DEV_1041'; Device Manager shows it under Details, Hardware Ids",
  });
}

interface InputDrivers {
  readonly drivers: readonly RecordedFacts[];
  readonly targets: readonly TargetRow[];
}

/** Reads the drivers of a release file, of the record of a built release, or of a disc, package or folder. */
async function readDrivers(input: string, options: WhichOptions, io: CommandIo): Promise<InputDrivers> {
  if (/\.ya?ml$/i.test(input)) return releaseDrivers(input, options, io);
  const record = join(input, recordName);
  if (await exists(record)) return { drivers: await recordedDrivers(record), targets: [] };
  return { drivers: await inspectedDrivers(input, parseLimits(options.limit), io), targets: [] };
}

async function releaseDrivers(
  file: string,
  { use, profile, offline }: ReleaseOptions,
  io: CommandIo,
): Promise<InputDrivers> {
  const manifest = withProfile(await readManifest(file), profile);
  const epoch = await checkEpoch(manifest, io.process.env);
  await requireTools(Object.values(manifest.release.sources).flatMap(sourceTools));
  const drivers: RecordedFacts[] = [];
  const work = async (context: ScratchContext): Promise<void> => {
    const dated = { ...context, offline, ...(epoch !== undefined && { epoch }) };
    const { packages } = await checkRelease(manifest, dated);
    drivers.push(...packages.map((found) => recordedFacts(driverFacts(found))));
  };
  await scratchRun('which', io, parseOverrides(manifest, use), work, { showsProgress: true });
  return { drivers, targets: manifest.targets };
}

async function inspectedDrivers(input: string, limits: Limits, io: CommandIo): Promise<RecordedFacts[]> {
  const drivers: RecordedFacts[] = [];
  const known = await readOwnTables();
  const work = async (context: ScratchContext): Promise<void> => {
    const { packages } = await inspect(await openInput(input, context, limits), known, context);
    drivers.push(...packages);
  };
  await scratchRun('which', io, new Map(), work, { showsProgress: true, input });
  return drivers;
}

async function recordedDrivers(file: string): Promise<readonly RecordedFacts[]> {
  const { drivers } = await readRecord(file, otherInput);
  if (drivers.some(({ hardwareIds }) => hardwareIds === undefined))
    throw notARecord(file, 'has no hardware IDs: an older pvdisc wrote it', otherInput);
  return drivers;
}

const otherInput = 'give the ISO or the package of the release instead, or build it again';
