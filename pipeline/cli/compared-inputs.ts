import { compareSides } from '../diff/compare.ts';
import type { Comparison } from '../diff/comparison-schema.ts';
import { readSide } from '../diff/read-side.ts';
import type { Side } from '../diff/side.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { CommandIo } from './command.ts';
import { parseLimits } from './options.ts';
import { type ScratchContext, scratchRun } from './scratch-run.ts';

/** How a command reads what it compares. */
interface Reading {
  readonly command: string;
  /** As `--limit` gives them. */
  readonly limit: readonly string[];
  readonly showsProgress: boolean;
  readonly known: Pick<Manifest, 'drivers' | 'targets'>;
}

/** Reads two inputs, the older one first, and compares them. */
export async function compareInputs(
  [old, now]: readonly [string, string],
  reading: Reading,
  io: CommandIo,
): Promise<Comparison> {
  return compareSides(await readInput(old, reading, io), await readInput(now, reading, io));
}

/** Reads one input of a comparison. */
export async function readInput(
  input: string,
  { command, limit, showsProgress, known }: Reading,
  io: CommandIo,
): Promise<Side> {
  const limits = parseLimits([...limit]);
  const sides: Side[] = [];
  const work = async (context: ScratchContext): Promise<void> => {
    sides.push(await readSide(input, known, limits, context));
  };
  await scratchRun(command, io, new Map(), work, { showsProgress, input });
  const [side] = sides;
  if (side === undefined) throw new Error(`${input} was not read`);
  return side;
}
