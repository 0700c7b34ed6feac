import { refusal, type Subject } from '../../core/refusal.ts';
import { readArmour } from '../../formats/openpgp/openpgp.ts';
import { readPlainFile } from '../../system/path-kind.ts';

/** Far more than a key with many signatures needs. */
const mostBytes = 2 ** 20;

/**
 * Reads OpenPGP public keys, in binary form or in any number of armored blocks (RFC 9580 section 6.2), and returns them as the binary
 * keyring that gpgv takes; `hint` is for a missing file.
 */
export async function readKeyring(file: string, subject: Subject, hint = pathHint): Promise<Buffer> {
  const found = await readPlainFile(file, mostBytes);
  if ('problem' in found) throw refusal(subject, found.problem, hint);
  const { bytes } = found;
  const keys = isBinaryKey(bytes) ? [bytes] : armoredKeys(bytes.toString('latin1'));
  if (keys.length === 0 || !keys.every(isBinaryKey))
    throw refusal(subject, 'is not an OpenPGP public key', keyHint);
  return Buffer.concat(keys);
}

const pathHint = 'paths start from the folder of the release file';
const keyHint = 'write it with gpg --armor --export KEY-ID';

/** A packet of type 6 comes first, in the old or the new form (RFC 9580 section 4.2). */
function isBinaryKey(bytes: Buffer): boolean {
  const [first = 0] = bytes;
  return (first & 0xfc) === 0x98 || first === 0xc6;
}

/** Allows text between the blocks, as in lists of keys, but no block of anything but a public key. */
function armoredKeys(text: string): Buffer[] {
  const blocks = readArmour(text)?.blocks ?? [];
  return blocks.every(({ kind }) => kind === 'PUBLIC KEY BLOCK') ? blocks.map(({ bytes }) => bytes) : [];
}
