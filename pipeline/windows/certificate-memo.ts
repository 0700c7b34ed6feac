import { createHash } from 'node:crypto';
import { type CertificateEntry, readCertificate } from './certificate.ts';

/** A build has some dozens of authorities and timestampers, each in hundreds of signatures. */
const maxEntries = 256;
const entries = new Map<string, CertificateEntry>();

/** Reads a certificate as `readCertificate` does, equal bytes only once as long as they are among the last few hundred read. */
export function certificateOf(der: Uint8Array): CertificateEntry {
  const key = createHash('sha256').update(der).digest('base64');
  const known = entries.get(key);
  if (known !== undefined) return known;
  const entry = readCertificate(new Uint8Array(der));
  const [oldest] = entries.keys();
  if (entries.size === maxEntries && oldest !== undefined) entries.delete(oldest);
  entries.set(key, entry);
  return entry;
}
