import type { LoadCondition } from '../formats/windows/signing-policy.ts';
import type { DriverFacts } from './driver-facts.ts';

/** Returns how a driver package is signed and by whom: `self-signed by Red Hat Inc.`; ASCII only, whatever its certificate says. */
export function signatureWords({ signature, verdict }: Pick<DriverFacts, 'signature' | 'verdict'>): string {
  if (verdict.uncovered.length > 0) return `${signature} (its catalog does not hold all its files)`;
  if (signature === 'unsigned' && verdict.trust !== 'unsigned')
    return 'unsigned (its catalog is for newer Windows versions)';
  if (signature === 'self-signed' && verdict.trust === 'vendor-signed')
    return `vendor-signed by ${ascii(verdict.signer ?? '')} without a cross-certificate`;
  return verdict.signer === undefined ? signature : `${signature} by ${ascii(verdict.signer)}`;
}

/** When Windows loads a driver, in a few words. */
export const loadWords: Readonly<Record<LoadCondition, string>> = {
  always: 'always loads',
  'secure-boot': 'loads, also under Secure Boot',
  'without-secure-boot': 'loads without Secure Boot only',
  'no-driver-policy': 'loads without Secure Boot and Windows Driver Policy only',
  'test-signing': 'loads in test-signing mode only',
  never: 'never loads',
};

/** Returns a text in one line with `?` for every character outside printable ASCII, which Windows and Debian tools show in different ways. */
export function ascii(text: string): string {
  return text.replace(/[^\S\t ]+/g, ' ').replace(/[^\x20-\x7e]/g, '?');
}
