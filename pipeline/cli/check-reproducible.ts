import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PipelineError } from '../core/errors.ts';
import { driverSignaturesName } from '../model/signing.ts';
import { type BuiltApart, buildApart } from '../reproduce/build-apart.ts';
import { type Conditions, conditions, describeConditions } from '../reproduce/conditions.ts';
import { firstDifference } from '../reproduce/difference.ts';
import { explainDifference } from '../reproduce/diffoscope.ts';
import { exists } from '../system/files.ts';
import type { CommandIo } from './command.ts';
import type { ReleaseOptions } from './options.ts';
import { scratchRun } from './scratch-run.ts';
import { passphraseVariable } from './signer-passphrase.ts';
import type { SignerOptions } from './signing-options.ts';

/** Options of a build that runs twice. */
export interface TwiceOptions extends ReleaseOptions, SignerOptions {
  readonly release: string;
  readonly compression: string;
  readonly formats: string | undefined;
  readonly quiet: boolean;
}

/** Builds twice under different conditions, compares the results and removes both (`build --check-reproducible`). */
export async function checkReproducible(options: TwiceOptions, io: CommandIo): Promise<void> {
  const { stdout, stderr, env } = io.process;
  await scratchRun('reproducible', io, new Map(), async ({ workDir, cacheDir, signal }) => {
    const say = (text: string) => void (options.quiet || stderr.write(`${text}\n`));
    const build = async (
      which: string,
      around: Conditions,
      signer: readonly string[],
    ): Promise<BuiltApart> => {
      say(`${which} build: ${describeConditions(around)}`);
      const passphrase = signer.includes('--signer-key') ? { [passphraseVariable]: io.signerPassphrase } : {};
      return buildApart([...buildArguments(options), ...signer], workDir, around, {
        signal,
        env: { ...env, ...passphrase, PVDISC_CACHE: cacheDir },
      });
    };
    const first = await build('first', conditions[0], signerArguments(options));
    const again = first.exitCode === 0 ? await recordedSignatures(await releaseIn(first)) : [];
    const second = first.exitCode === 0 ? await build('second', conditions[1], again) : first;
    if (second.exitCode !== 0) {
      stderr.write(`${second.stderr}\n`);
      io.exitWith(second.exitCode);
      return;
    }
    const [folder, other] = [await releaseIn(first), await releaseIn(second)];
    const found = await firstDifference(folder, other, signal);
    if (found === undefined) {
      if (!options.quiet) stdout.write(`both builds are identical: ${(await readdir(folder)).join(', ')}\n`);
      return;
    }
    const details =
      found.files && (await explainDifference(found.files, join(workDir, 'diffoscope'), signal));
    if (details !== undefined) stdout.write(details);
    throw new PipelineError('input', {
      place: found.name,
      message: `${found.message}: the two builds differ`,
      hint:
        details === undefined
          ? 'run apt-get install diffoscope to see the difference in detail'
          : 'see the difference above; the first build is on the left',
    });
  });
}

/** Resolves paths, since each build runs in its own folder. */
function buildArguments({ release, compression, formats, use, profile, offline }: TwiceOptions): string[] {
  return [
    resolve(release),
    ...['--compression', compression],
    ...use.flatMap((option) => [
      '--use',
      option.replace(/^([^=]+)=(.+)$/, (_, id, path) => `${id}=${resolve(path)}`),
    ]),
    ...(formats === undefined ? [] : ['--formats', formats]),
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...(offline ? ['--offline'] : []),
  ];
}

function signerArguments(options: SignerOptions): string[] {
  const { 'signer-key': key, 'signer-command': program } = options;
  const { 'signer-passphrase-file': passphrase, signatures } = options;
  const file = (name: string, given: string | undefined) =>
    given === undefined ? [] : [name, given.startsWith('pkcs11:') ? given : resolve(given)];
  return [
    ...file('--signer-key', key),
    ...file('--signer-command', program),
    ...file('--signer-passphrase-file', passphrase),
    ...file('--signatures', signatures),
  ];
}

/** The second build needs no key, and gets the same timestamps, which an authority gives once. */
async function recordedSignatures(release: string): Promise<string[]> {
  const file = join(release, driverSignaturesName);
  return (await exists(file)) ? ['--signatures', file] : [];
}

async function releaseIn({ out }: BuiltApart): Promise<string> {
  const [name] = await readdir(out);
  if (name === undefined) throw new Error(`a good build wrote nothing into ${out}`);
  return join(out, name);
}
