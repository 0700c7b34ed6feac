import { mayServe } from './certificate.ts';
import { oids } from './oids.ts';
import type { Signer } from './signed-data.ts';

/**
 * How a driver file is signed, from nothing to Microsoft's certification, in rising order. `self-signed` is by an authority
 * that no Windows trusts by itself, be it the certificate's own key or an authority of its maker.
 */
export const signatureStates = ['unsigned', 'self-signed', 'vendor-signed', 'attested', 'whql'] as const;
export type SignatureState = (typeof signatureStates)[number];

/**
 * Returns the highest state that any of the signers, nested ones included, gives its file. A signer with a problem gives
 * none: Windows takes a broken signature for no signature.
 */
export function signatureState(signers: readonly Signer[]): SignatureState {
  const ranks = allSigners(signers).map((signer) => signatureStates.indexOf(signerState(signer)));
  return signatureStates[Math.max(0, ...ranks)] ?? 'unsigned';
}

/** Says whether Microsoft signed, by attestation or after its hardware tests. */
export function isMicrosoftSigned(state: SignatureState): boolean {
  return state === 'attested' || state === 'whql';
}

/** Returns the common name of the signer that gives the highest state; undefined for unsigned files. */
export function signerName(signers: readonly Signer[]): string | undefined {
  const state = signatureState(signers);
  if (state === 'unsigned') return undefined;
  return allSigners(signers).find((signer) => signerState(signer) === state)?.certificate?.commonName;
}

/** Returns signers with those of the signatures nested in them. */
export function allSigners(signers: readonly Signer[]): Signer[] {
  return signers.flatMap((signer) => [
    signer,
    ...signer.nested.flatMap((nested) => allSigners(nested.signers)),
  ]);
}

/**
 * The extended key usage says what Microsoft did (Microsoft, "How to validate the Microsoft signature"): attestation adds
 * `…10.3.5.1` to the `…10.3.5` of certification. It counts only when a Microsoft root issued the certificate, since
 * anybody can write a key usage and a name into one. WHQL signatures from before 2010, under "Microsoft Root Authority",
 * are vendor signatures here. Public authorities also certify web servers, and those certificates are not for code.
 */
function signerState({ certificate, problem, issuedByMicrosoft, authority }: Signer): SignatureState {
  if (certificate === undefined || problem !== undefined) return 'unsigned';
  if (issuedByMicrosoft && certificate.ekus.includes(oids.attestedWhqlCrypto)) return 'attested';
  if (issuedByMicrosoft && certificate.ekus.includes(oids.whqlCrypto)) return 'whql';
  return authority === 'public' && mayServe(certificate, oids.codeSigning) ? 'vendor-signed' : 'self-signed';
}

/** Returns why the first broken timestamp of signers, nested ones included, is broken; where the signature itself is broken, nothing is asked of its time. */
export function brokenTimestamp(signers: readonly Signer[]): string | undefined {
  return allSigners(signers).find(({ problem, timestamp }) => problem === undefined && timestamp?.problem)
    ?.timestamp?.problem;
}

/** Returns why the first broken signature of signers, nested ones included, is broken. */
export function brokenSignature(signers: readonly Signer[]): string | undefined {
  return allSigners(signers).find(({ problem }) => problem !== undefined)?.problem;
}
