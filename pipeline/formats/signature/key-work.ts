import type { KeyObject } from 'node:crypto';
import { FormatError } from '../format-error.ts';

/** Counts the public-key work that one file causes, and throws a FormatError where no real file needs that much. */
export interface KeyWork {
  readonly count: (key: KeyObject) => void;
}

/**
 * Squares of the keys' kilobits. A catalog with five chains of five certificates of 4096 bits takes some 10,000; a second of processor
 * time does about 100,000, where 100 certificates that all bear one name would keep it busy for an hour.
 */
const mostWork = 50_000;

/** An elliptic curve takes about as long as RSA with 4096 bits. */
const curveKilobits = 4;

export function startKeyWork(what: string): KeyWork {
  let left = mostWork;
  return {
    count: ({ asymmetricKeyDetails }) => {
      left -= Math.max(1, ((asymmetricKeyDetails?.modulusLength ?? curveKilobits * 1024) / 1024) ** 2);
      if (left < 0) throw new FormatError(`${what} has more signatures to check than any real one`);
    },
  };
}

const maxKeyBits = 8192;

/** A public exponent of 32 bits is all that CryptoAPI takes (RSAPUBKEY); a check takes time in proportion to its length. */
const maxExponent = 2n ** 32n - 1n;

/** Says whether a check with a key takes reasonable time; signed drivers have keys of up to 4096 bits. */
export function isUsable({ asymmetricKeyDetails = {} }: KeyObject): boolean {
  const { modulusLength = 0, publicExponent = 0n } = asymmetricKeyDetails;
  return modulusLength <= maxKeyBits && publicExponent <= maxExponent;
}
