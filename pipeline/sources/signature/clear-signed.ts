import { signaturePackets } from '../../formats/openpgp/openpgp.ts';

const head = '-----BEGIN PGP SIGNED MESSAGE-----';
const signatureHead = '-----BEGIN PGP SIGNATURE-----';

/**
 * Returns why a file is not exactly one clear-signed text (RFC 9580 section 7); undefined when it is.
 * gpg and gpgv skip data before and after the message, and accept a signed, literal or encrypted packet instead.
 */
export function clearSignedProblem(file: Buffer): string | undefined {
  const lines = file.toString('latin1').split(/\r?\n/);
  if (lines[0] !== head) return 'it does not begin with a clear-signed text';
  const at = lines.indexOf(signatureHead);
  if (at === -1) return 'it has no signature after its text';
  if (lines.indexOf(head, 1) !== -1) return 'it holds more than one clear-signed text';
  const packets = signaturePackets(Buffer.from(lines.slice(at).join('\n'), 'latin1'));
  return 'problem' in packets ? packets.problem : undefined;
}
