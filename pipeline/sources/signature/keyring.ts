import { readFile, stat } from 'node:fs/promises';
import { exists } from '../../host/files.ts';
import { refusal, type Subject } from '../refusal.ts';

/** Far more than a key with many signatures has. */
const mostBytes = 2 ** 20;

/** Reads an OpenPGP public key, armoured (RFC 9580 section 6.2) or not, and returns it as the binary keyring that gpgv takes. */
export async function readKeyring(file: string, subject: Subject): Promise<Buffer> {
  if (!(await exists(file)) || !(await stat(file)).isFile()) {
    throw refusal(subject, 'no such file', 'paths start from the folder of the release file');
  }
  if ((await stat(file)).size > mostBytes)
    throw refusal(subject, `has more than ${mostBytes} bytes`, keyHint);
  const bytes = await readFile(file);
  const keyring = isBinaryKey(bytes) ? bytes : dearmoured(bytes.toString('latin1'));
  if (keyring === undefined || !isBinaryKey(keyring)) {
    throw refusal(subject, 'is not an OpenPGP public key', keyHint);
  }
  return keyring;
}

const keyHint = 'write it with gpg --armor --export KEY-ID';

/** A packet of type 6 comes first, in the old or the new form (RFC 9580 section 4.2). */
function isBinaryKey(bytes: Buffer): boolean {
  const [first = 0] = bytes;
  return (first & 0xfc) === 0x98 || first === 0xc6;
}

/** Headers end at the first blank line, the checksum begins with `=`; gpgv finds out by itself when the rest is damaged. */
function dearmoured(text: string): Buffer | undefined {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const begin = lines.indexOf('-----BEGIN PGP PUBLIC KEY BLOCK-----');
  const end = lines.indexOf('-----END PGP PUBLIC KEY BLOCK-----');
  const blank = lines.indexOf('', begin);
  if (begin === -1 || blank === -1 || end < blank) return undefined;
  const data = lines.slice(blank, end).filter((line) => !line.startsWith('='));
  return Buffer.from(data.join(''), 'base64');
}
