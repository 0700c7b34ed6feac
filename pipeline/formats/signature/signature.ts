import { mayServe } from './certificate.ts';
import { oids } from './oids.ts';
import type { Signer } from './signed-data.ts';

/**
 * How a driver file is signed, in ascending order up to Microsoft's certification. `self-signed` means signed by an authority
 * that Windows does not trust by default: the certificate's own key or a private authority.
 */
export const signatureStates = ['unsigned', 'self-signed', 'vendor-signed', 'attested', 'whql'] as const;
export type SignatureState = (typeof signatureStates)[number];

/**
 * Returns the highest state of all signers, including nested ones. Signers with a problem are ignored: Windows treats a
 * broken signature as no signature.
 */
export function signatureState(signers: readonly Signer[]): SignatureState {
  const ranks = allSigners(signers).map((signer) => signatureStates.indexOf(signerState(signer)));
  return signatureStates[Math.max(0, ...ranks)] ?? 'unsigned';
}

/**
 * Returns the state for the kernel of 64-bit Windows Vista to 8.1, which knows no public root: a vendor's signature without a
 * cross-certificate is to it like one by an authority of the vendor's own (Microsoft, "Cross-Certificates for Kernel Mode Code Signing").
 */
export function crossSignedState(signers: readonly Signer[]): SignatureState {
  const state = signatureState(signers);
  if (state !== 'vendor-signed') return state;
  const isCrossSigned = allSigners(signers).some(
    (signer) => signer.isCrossSigned && signerState(signer) === 'vendor-signed',
  );
  return isCrossSigned ? 'vendor-signed' : 'self-signed';
}

/** Returns whether Microsoft signed, by attestation or after its hardware tests. */
export function isMicrosoftSigned(state: SignatureState): boolean {
  return state === 'attested' || state === 'whql';
}

/** Returns the common name of the signer with the highest state; undefined for unsigned files. */
export function signerName(signers: readonly Signer[]): string | undefined {
  const state = signatureState(signers);
  if (state === 'unsigned') return undefined;
  return allSigners(signers).find((signer) => signerState(signer) === state)?.certificate?.commonName;
}

/** Returns signers, including those of nested signatures. */
export function allSigners(signers: readonly Signer[]): Signer[] {
  return signers.flatMap((signer) => [
    signer,
    ...signer.nested.flatMap((nested) => allSigners(nested.signers)),
  ]);
}

const certifiedUsages = [oids.whqlCrypto, oids.windowsComponent];

/**
 * The extended key usage distinguishes Microsoft's signatures (Microsoft, "How to validate the Microsoft signature"):
 * attestation adds `…10.3.5.1` to the `…10.3.5` of certification. `…10.3.6` (Windows System Component Verification) is what
 * Microsoft signs Windows itself with; App Control's templates let it load wherever they let WHQL. A key usage counts only under a
 * Microsoft root (1997, 2001 or 2010), since any certificate can contain a key usage and a name. Public authorities also certify web servers; those certificates do not allow code signing.
 */
function signerState({ certificate, problem, issuedByMicrosoft, authority }: Signer): SignatureState {
  if (certificate === undefined || problem !== undefined) return 'unsigned';
  if (issuedByMicrosoft && certificate.ekus.includes(oids.attestedWhqlCrypto)) return 'attested';
  if (issuedByMicrosoft && certifiedUsages.some((usage) => certificate.ekus.includes(usage))) return 'whql';
  return authority === 'public' && mayServe(certificate, oids.codeSigning) ? 'vendor-signed' : 'self-signed';
}

/** Returns the problem of the first broken timestamp of the signers, including nested ones; skips signers whose signature is broken. */
export function brokenTimestamp(signers: readonly Signer[]): string | undefined {
  return allSigners(signers).find(({ problem, timestamp }) => problem === undefined && timestamp?.problem)
    ?.timestamp?.problem;
}

/** Returns the problem of the first broken signature of the signers, including nested ones. */
export function brokenSignature(signers: readonly Signer[]): string | undefined {
  return allSigners(signers).find(({ problem }) => problem !== undefined)?.problem;
}
