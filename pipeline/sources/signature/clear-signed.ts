import { signaturePackets } from '../../formats/openpgp/openpgp.ts';

const head = '-----BEGIN PGP SIGNED MESSAGE-----';
const signatureHead = '-----BEGIN PGP SIGNATURE-----';

/**
 * Returns why a file is not one text with its signature around it and nothing else (RFC 9580 section 7); undefined when it is.
 * gpg and gpgv skip what stands before and after the message, and take a signed, stored or encrypted packet in its place.
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
