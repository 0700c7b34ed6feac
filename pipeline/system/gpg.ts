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

/**
 * Returns the fingerprint of the one secret key that `id` (a fingerprint, key id or address) names; throws, naming `option`, also where
 * it has expired or was revoked. The fields are in GnuPG's doc/DETAILS.
 */
export async function secretKey(id: string, context: GpgContext, option = '--key'): Promise<string> {
  const list = [...dateOptions(context), '--with-colons', '--list-secret-keys', '--', id];
  const listed = await gpg(list, context).catch((error) => {
    if (context.signal.aborted) throw error;
    throw noKey(`${option} ${id}`, `gpg has no such secret key: ${lastWords(error)}`);
  });
  const lines = listed.stdout.split('\n').map((line) => line.split(':'));
  const primary = lines.flatMap(([kind], index) => (kind === 'sec' ? [index] : []));
  const fingerprints = primary.flatMap((at) => lines.slice(at).find(([kind]) => kind === 'fpr')?.[9] ?? []);
  const [fingerprint] = fingerprints;
  if (fingerprint === undefined || fingerprints.length !== 1)
    throw noKey(`${option} ${id}`, `gpg has ${fingerprints.length} secret keys for it`);
  requireValid(`${option} ${id}`, lines, fingerprint);
  return fingerprint;
}

/** Throws where neither a key nor a subkey of it can sign (capability `S`) since the one that could has expired (`e`) or was revoked (`r`). */
function requireValid(place: string, lines: readonly string[][], fingerprint: string): void {
  const keys = lines.filter(([kind]) => kind === 'sec' || kind === 'ssb');
  if (keys[0]?.[11]?.includes('S')) return;
  const invalid = keys.find(
    ([, validity, ...rest]) => /^[er]$/.test(validity ?? '') && /s/.test(rest[9] ?? ''),
  );
  if (invalid === undefined) return;
  const [kind, validity, , , , , expiry] = invalid;
  const what = kind === 'ssb' ? 'its subkey for signing ' : '';
  const fact =
    validity === 'e'
      ? `expired on ${new Date(Number(expiry) * 1000).toISOString().slice(0, 10)}`
      : 'was revoked';
  const extend =
    kind === 'ssb'
      ? `gpg --quick-set-expire ${fingerprint} 1y '*'`
      : `gpg --quick-set-expire ${fingerprint} 1y`;
  throw new PipelineError('input', {
    place,
    message: `${what}${fact}, so gpg does not sign with it`,
    hint: `${validity === 'e' ? `extend it: ${extend}; or give` : 'give'} another key: gpg --list-secret-keys shows them`,
  });
}

/** Signs the file `Release` of a folder for apt: `InRelease` is clear-signed, `Release.gpg` is the detached signature. */
export async function signRelease(folder: string, fingerprint: string, context: GpgContext): Promise<void> {
  const release = join(folder, 'Release');
  await sign(['--output', join(folder, 'InRelease'), '--clearsign', release], fingerprint, context);
  await signDetached(release, join(folder, 'Release.gpg'), fingerprint, context);
}

/** Writes the detached signature of a file, in ASCII. */
export async function signDetached(
  file: string,
  signature: string,
  fingerprint: string,
  context: GpgContext,
): Promise<void> {
  await sign(['--armor', '--output', signature, '--detach-sign', file], fingerprint, context);
}

async function sign(args: readonly string[], fingerprint: string, context: GpgContext): Promise<void> {
  const options = [...dateOptions(context), '--local-user', fingerprint, '--digest-algo', 'SHA512'];
  await gpg([...options, ...args], context).catch((error: unknown) => {
    throw cannotSign(`--key ${fingerprint}`, error, context);
  });
}

/** Returns the error for a key that gpg has but cannot sign with, as without its passphrase; an abort stays one. */
export function cannotSign(place: string, error: unknown, context: Omit<GpgContext, 'epoch'>): unknown {
  const hint =
    'check that the key is not expired and the passphrase is right; gpg-agent asks for it on the terminal of GPG_TTY: export GPG_TTY=$(tty)';
  return gpgCannot(place, 'sign with it', error, context, hint);
}

/** Returns the error for what gpg cannot do with a key; an abort stays one. */
export function gpgCannot(
  place: string,
  what: string,
  error: unknown,
  { signal }: Omit<GpgContext, 'epoch'>,
  hint: string,
): unknown {
  if (signal.aborted) return error;
  return new PipelineError('input', { place, message: `gpg cannot ${what}: ${lastWords(error)}`, hint });
}

function dateOptions({ epoch }: GpgContext): string[] {
  return epoch === undefined ? [] : ['--faked-system-time', `${epoch}!`];
}

/** Writes the public key for hosts: `<base>.gpg`, which apt and gpgv read in binary form only, and `<base>.asc` in ASCII; whatever gpg.conf says. */
export async function exportKey(base: string, fingerprint: string, context: GpgContext): Promise<void> {
  const minimal = ['--export-options', 'export-minimal'];
  await gpg([...minimal, '--no-armor', '--output', `${base}.gpg`, '--export', fingerprint], context);
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
function lastWords(error: unknown): string {
  return (error as Error).message.trim().split('\n').at(-1)?.trim() ?? '';
}

/** Runs gpg with the keyring of a context, without prompts on the terminal. */
export function gpg(args: readonly string[], { gnupgHome, signal }: Omit<GpgContext, 'epoch'>) {
  return run(tools.gpg, ['--batch', '--no-tty', ...args], { signal, env: { GNUPGHOME: gnupgHome } });
}
