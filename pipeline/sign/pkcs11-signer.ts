import { PipelineError } from '../core/errors.ts';
import { openssl } from '../system/tools.ts';
import type { DigestSigner, SignatureRequest } from './signer.ts';

/** A key in a token: its URI (RFC 7512), the token's PIN, and how errors name it. */
export interface Pkcs11Key {
  readonly uri: string;
  readonly place: string;
  readonly pin?: string;
  readonly pinHint: string;
}

/**
 * Returns the signer of a key in a PKCS#11 token, through the engine of OpenSSL. `module-path` of the URI names the token's library; the
 * PIN goes through a pipe, and is tried once, since tokens lock themselves after a few wrong ones.
 */
export function pkcs11Signer(key: Pkcs11Key): DigestSigner {
  const { place, uri } = key;
  const [, modulePath] = /[?&]module-path=([^&]*)/.exec(uri) ?? [];
  if (/[;?&]pin-(?:value|source)=/.test(uri))
    throw refused(place, 'holds a PIN, which other users of this machine would see', key.pinHint);
  const bare = uri.replace(/\?.*$/, '');
  const environment = modulePath === undefined ? {} : { PKCS11_MODULE_PATH: decoded(modulePath, place) };
  return {
    place,
    identity: bare,
    sign: async (requests, signal) => {
      const signatures: Uint8Array[] = [];
      for (const request of requests)
        signatures.push(await signOne(request, { ...key, uri: bare }, environment, signal));
      return signatures;
    },
  };
}

/** Decodes a part of the URI (RFC 7512, 2.3). */
function decoded(part: string, place: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    const hint = 'write % as %25';
    throw refused(
      place,
      `its module-path ${part} has a % that is not followed by two hexadecimal digits`,
      hint,
    );
  }
}

async function signOne(
  { digest }: SignatureRequest,
  { uri, place, pin, pinHint }: Pkcs11Key,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { execa } = await import('execa');
  const key = ['-engine', 'pkcs11', '-keyform', 'engine', '-inkey', uri, '-passin', 'fd:3'];
  const result = await execa(
    openssl.name,
    ['pkeyutl', '-sign', ...key, '-pkeyopt', 'digest:sha256', '-pkeyopt', 'rsa_padding_mode:pkcs1'],
    {
      env: { LC_ALL: 'C', ...env },
      input: Buffer.from(digest, 'hex'),
      stdio: ['pipe', 'pipe', 'pipe', new TextEncoder().encode(`${pin ?? ''}\n`)],
      encoding: 'buffer',
      stripFinalNewline: false, // a signature may end with the byte of a newline
      reject: false,
      cancelSignal: signal,
      forceKillAfterDelay: 2000,
    },
  );
  if (result.isCanceled) throw new PipelineError('interrupted', { place, message: 'interrupted' });
  if (!result.failed) return result.stdout;
  const words = Buffer.from(result.stderr ?? '').toString('utf8');
  if (/PIN incorrect|CKR_PIN_INCORRECT/i.test(words))
    throw refused(
      place,
      pin === undefined ? 'the token asks for a PIN, and none was given' : 'the token refuses the PIN',
      pinHint,
    );
  if (/PIN locked|CKR_PIN_LOCKED/i.test(words))
    throw refused(
      place,
      'the token is locked after too many wrong PINs',
      'unlock it with the means of its maker',
    );
  if (/private key was not found|No matching|not found/i.test(words))
    throw refused(
      place,
      'the token has no such private key',
      'p11tool --list-all or pkcs11-tool --list-objects names them',
    );
  throw refused(
    place,
    `openssl cannot sign with it:\n  ${words.trim().split('\n').slice(-4).join('\n  ')}`,
    'apt-get install libengine-pkcs11-openssl, and name the library of the token: pkcs11:...?module-path=/usr/lib/...so',
  );
}

function refused(place: string, message: string, hint: string): PipelineError {
  return new PipelineError('input', { place, message, hint });
}
