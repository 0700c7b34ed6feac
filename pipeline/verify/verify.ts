import { readdir, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { recordName, sumsName } from '../attest/document-names.ts';
import type { RunContext } from '../core/context.ts';
import { PipelineError } from '../core/errors.ts';
import { isArArchive } from '../formats/deb/members.ts';
import { describe, formatOf } from '../formats/magic.ts';
import { layoutName } from '../formats/oci/image.ts';
import { isRpm } from '../formats/rpm/index.ts';
import { discsFolder } from '../model/host-paths.ts';
import { exists, readHead } from '../system/files.ts';
import { guarded } from '../system/guard.ts';
import { noSandboxNote } from '../system/sandbox.ts';
import { tools } from '../system/tools.ts';
import { verifyDeb } from './deb.ts';
import { verifyHost } from './host.ts';
import { verifyIso } from './iso.ts';
import { verifyOci } from './oci.ts';
import type { VerifyOptions } from './options.ts';
import { verifyRelease } from './release.ts';
import { verifyRpm } from './rpm.ts';
import type { Check, Verification } from './verification-schema.ts';

/** Verifies `input`: the folder of a release, an ISO, a package or the discs installed on a host. */
export async function verifyInput(
  input: string,
  options: VerifyOptions,
  context: RunContext,
): Promise<Verification> {
  const path = resolve(input);
  return guarded(input, context.signal, async () => {
    const kind = await kindOf(path, input);
    if (kind !== 'iso' && kind !== 'host') await noteSandbox(context);
    const checks = await verifiers[kind](path, options, context);
    return { schemaVersion: 1, input, kind, good: checks.every(({ verdict }) => verdict !== 'bad'), checks };
  });
}

const verifiers: Readonly<
  Record<
    Verification['kind'],
    (path: string, options: VerifyOptions, context: RunContext) => Promise<Check[]>
  >
> = {
  release: verifyRelease,
  iso: (path, { limits }, context) => verifyIso(path, basename(path), limits, context),
  deb: (path, { limits }, context) => verifyDeb(path, basename(path), limits, undefined, context),
  oci: (path, { limits }, context) => verifyOci(path, basename(path), limits, undefined, context),
  rpm: (path, { limits }, context) => verifyRpm(path, basename(path), limits, undefined, context),
  host: (path, _options, { signal }) => verifyHost(path, signal),
};

/** Only packages need other programs. */
async function noteSandbox({ reporter }: RunContext): Promise<void> {
  const note = await noSandboxNote([tools.xz, tools.zstd]);
  if (note !== undefined) reporter.note(note);
}

async function kindOf(path: string, input: string): Promise<Verification['kind']> {
  if (!(await exists(path))) throw unknownInput(input, 'no such file or folder');
  const found = await stat(path);
  if (found.isFile()) {
    const head = await readHead(path);
    if (isArArchive(head)) return 'deb';
    if (isRpm(head)) return 'rpm';
    // A file named .iso was assumed to be a disc: check it, with the ledger too.
    if (formatOf(head) === 'iso' || /\.iso$/i.test(path)) return 'iso';
    if (formatOf(head) === 'tar' && path.endsWith('.oci.tar')) return 'oci';
    throw unknownInput(input, `is ${describe(head)}, and no disc, package or release`);
  }
  if (!found.isDirectory()) throw unknownInput(input, 'is neither a file nor a folder');
  const names = await readdir(path);
  if (names.includes(sumsName) || names.includes(recordName)) return 'release';
  if (names.includes(layoutName)) return 'oci';
  if (names.some((name) => name.endsWith('.disc') || name.endsWith('.iso'))) return 'host';
  if (path.endsWith(`/${discsFolder}`)) return 'host';
  throw unknownInput(input, `has neither ${sumsName} nor ${recordName}, and no disc`);
}

function unknownInput(place: string, message: string): PipelineError {
  const hint =
    'give the folder of a release, an ISO, a package (.deb, .rpm, .oci.tar), or /usr/share/virtio-win';
  return new PipelineError('input', { place, message, hint });
}
