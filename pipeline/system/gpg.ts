import { join } from 'node:path';
import { PipelineError } from '../core/errors.ts';
import { run } from './exec.ts';
import { tools } from './tools.ts';

/** How to run gpg: the user's GNUPGHOME, and the date of signatures in seconds since 1970 where they must be reproducible. */
export interface GpgContext {
  readonly gnupgHome: string | undefined;
  readonly epoch: number | undefined;
  readonly signal: AbortSignal;
}

/** Returns the fingerprint of the one secret key that `id` (a fingerprint, key id or address) names; errors name `option`. */
export async function secretKey(id: string, context: GpgContext, option = '--key'): Promise<string> {
  const listed = await gpg(['--with-colons', '--list-secret-keys', '--', id], context).catch((error) => {
    if (context.signal.aborted) throw error;
    throw noKey(`${option} ${id}`, `gpg has no such secret key: ${lastWords(error)}`);
  });
  const lines = listed.stdout.split('\n').map((line) => line.split(':'));
  const primary = lines.flatMap(([kind], index) => (kind === 'sec' ? [index] : []));
  const fingerprints = primary.flatMap((at) => lines.slice(at).find(([kind]) => kind === 'fpr')?.[9] ?? []);
  const [fingerprint] = fingerprints;
  if (fingerprint !== undefined && fingerprints.length === 1) return fingerprint;
  throw noKey(`${option} ${id}`, `gpg has ${fingerprints.length} secret keys for it`);
}

/** Signs the file `Release` of a folder for apt: `InRelease` is clear-signed, `Release.gpg` is the detached signature. */
export async function signRelease(folder: string, fingerprint: string, context: GpgContext): Promise<void> {
  const release = join(folder, 'Release');
  const options = signingOptions(fingerprint, context);
  await gpg([...options, '--output', join(folder, 'InRelease'), '--clearsign', release], context);
  await signDetached(release, join(folder, 'Release.gpg'), fingerprint, context);
}

/** Writes the detached signature of a file, in ASCII. */
export async function signDetached(
  file: string,
  signature: string,
  fingerprint: string,
  context: GpgContext,
): Promise<void> {
  const options = signingOptions(fingerprint, context);
  await gpg([...options, '--armor', '--output', signature, '--detach-sign', file], context);
}

function signingOptions(fingerprint: string, { epoch }: GpgContext): string[] {
  const date = epoch === undefined ? [] : ['--faked-system-time', `${epoch}!`];
  return [...date, '--local-user', fingerprint, '--digest-algo', 'SHA512'];
}

/** Writes the public key for hosts: `<base>.gpg`, and `<base>.asc` in ASCII. */
export async function exportKey(base: string, fingerprint: string, context: GpgContext): Promise<void> {
  const minimal = ['--export-options', 'export-minimal'];
  await gpg([...minimal, '--output', `${base}.gpg`, '--export', fingerprint], context);
  await gpg([...minimal, '--armor', '--output', `${base}.asc`, '--export', fingerprint], context);
}

function noKey(place: string, message: string): PipelineError {
  return new PipelineError('input', {
    place,
    message,
    hint: 'gpg --list-secret-keys shows them; give the fingerprint of one, and set GNUPGHOME if they are elsewhere',
  });
}

/** Returns the last line of gpg's error output. */
export function lastWords(error: unknown): string {
  return (error as Error).message.trim().split('\n').at(-1)?.trim() ?? '';
}

/** Runs gpg with the keyring of a context, without prompts on the terminal. */
export function gpg(args: readonly string[], { gnupgHome, signal }: Omit<GpgContext, 'epoch'>) {
  return run(tools.gpg, ['--batch', '--no-tty', ...args], { signal, env: { GNUPGHOME: gnupgHome } });
}
