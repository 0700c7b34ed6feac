import type { KeyObject, X509Certificate } from 'node:crypto';
import { hasBasicConstraints, isPublicRootKey, microsoftRootKeys, publicRootKeys } from './authorities.ts';
import type { CertificateEntry } from './certificate.ts';
import { isUsable, type KeyWork } from './key-work.ts';
import { oids } from './oids.ts';
import { codeVerificationRoot } from './public-roots.ts';

/** The result of following a certificate's chain, by verified signatures and not by names. */
export interface Chain {
  /** `public` when the chain ends at a root of Microsoft's program; Windows trusts no other root by default. */
  readonly authority: Authority;
  /** Set when the chain leads to Microsoft Code Verification Root, by a cross-certificate among the accompanying certificates. */
  readonly isCrossSigned?: true;
  /** The first broken link, if any. */
  readonly problem?: string;
  /** Name of the issuer whose certificate is missing from the chain. */
  readonly missingIssuer?: string;
}

export type Authority = 'public' | 'unknown';

/** Limit for hostile input; the chains of signed drivers have up to five certificates. */
const maxLength = 8;

/** Caches the last chain of each certificate: a release has hundreds of signatures by the same few. */
const lastChains = new WeakMap<CertificateEntry, { readonly among: string; readonly chain: Chain }>();

/** Follows a certificate to its root through the accompanying certificates, by their keys. */
export function certificateChain(
  leaf: CertificateEntry,
  all: readonly CertificateEntry[],
  work: KeyWork,
): Chain {
  const among = all.map(({ facts }) => facts.sha256).join();
  const last = lastChains.get(leaf);
  if (last?.among === among) return last.chain;
  const chain = follow(leaf, all, work);
  lastChains.set(leaf, { among, chain });
  return chain;
}

function follow(leaf: CertificateEntry, all: readonly CertificateEntry[], work: KeyWork): Chain {
  const followed = new Set([leaf]);
  const links: Link[] = [];
  for (const entry of followed) {
    const link = linkOf(entry, all, work);
    links.push(link);
    for (const issuer of link.issuers) if (followed.size < maxLength) followed.add(issuer);
  }
  const problem = links.find((link) => link.problem !== undefined)?.problem;
  const missingIssuer = links.find((link) => link.missingIssuer !== undefined)?.missingIssuer;
  return {
    authority: links.some(({ endsAtRoot }) => endsAtRoot) ? 'public' : 'unknown',
    ...([...followed].some((entry) => isCrossCertificate(entry, work)) && { isCrossSigned: true }),
    ...(problem !== undefined && { problem }),
    ...(missingIssuer !== undefined && { missingIssuer }),
  };
}

/** The issuers of one certificate of a chain. */
interface Link {
  /** Authorities whose keys signed it, itself excepted. */
  readonly issuers: readonly CertificateEntry[];
  readonly endsAtRoot: boolean;
  readonly problem?: string;
  readonly missingIssuer?: string;
}

function linkOf(entry: CertificateEntry, all: readonly CertificateEntry[], work: KeyWork): Link {
  const signed = all
    .filter((other) => other !== entry && isSignedBy(entry, other.x509, work))
    .slice(0, maxLength);
  const named = all.filter((other) => isNamedIssuer(other, entry)).slice(0, maxLength);
  const issuers = signed.filter((other) => isNamedIssuer(other, entry) && isAuthority(other, work));
  const damaged = [...signed, ...named].find((other) => other !== entry && isDamaged(other, all, work));
  const link = {
    issuers,
    endsAtRoot: isSignedByRoot(entry, work) || issuers.some(isRoot),
  };
  if (damaged !== undefined) return { ...link, problem: brokenCertificate(damaged) };
  if (isDamaged(entry, all, work)) return { ...link, problem: brokenCertificate(entry) };
  const [misnamed] = link.endsAtRoot || named.length > 0 ? [] : signed;
  if (misnamed !== undefined) return { ...link, problem: otherName(misnamed, entry) };
  if (link.endsAtRoot || signed.length > 0 || named.includes(entry)) return link;
  return { ...link, missingIssuer: entry.facts.issuer };
}

/**
 * Returns whether certificates have the issuer's name, but none of their keys signed this one. OpenSSL does not check MD2, with which
 * roots of the 1990s signed themselves; that signature proves nothing where the key is a known root's.
 */
function isDamaged(entry: CertificateEntry, all: readonly CertificateEntry[], work: KeyWork): boolean {
  if (entry.signatureAlgorithm === oids.md2WithRsa && isRoot(entry)) return false;
  const named = all.filter((other) => isNamedIssuer(other, entry)).slice(0, maxLength);
  const isKnown = named.length > 0 || publicRootKeys(entry.facts.issuer).length > 0;
  return isKnown && !named.some(({ x509 }) => isSignedBy(entry, x509, work)) && !isSignedByRoot(entry, work);
}

function isCrossCertificate({ x509, facts }: CertificateEntry, work: KeyWork): boolean {
  return (
    facts.issuer === codeVerificationRoot &&
    publicRootKeys(facts.issuer).some((key) => verifies(x509, key, work))
  );
}

function isNamedIssuer(issuer: CertificateEntry, entry: CertificateEntry): boolean {
  return issuer.facts.subject === entry.facts.issuer;
}

/** Only a CA certificate may issue others; the oldest roots and authorities of Microsoft lack the basic constraints extension. */
function isAuthority(entry: CertificateEntry, work: KeyWork): boolean {
  const { x509 } = entry;
  if (x509.ca || isRoot(entry)) return true;
  return !hasBasicConstraints(x509) && microsoftRootKeys().some((key) => verifies(x509, key, work));
}

function isSignedBy({ x509 }: CertificateEntry, issuer: X509Certificate, work: KeyWork): boolean {
  const key = keyOf(issuer);
  return key !== undefined && verifies(x509, key, work);
}

function isSignedByRoot({ x509, facts }: CertificateEntry, work: KeyWork): boolean {
  return publicRootKeys(facts.issuer).some((key) => verifies(x509, key, work));
}

function isRoot({ x509, facts }: CertificateEntry): boolean {
  const key = keyOf(x509);
  return key !== undefined && isPublicRootKey(facts.subject, key);
}

/** An unreadable or oversized key verifies nothing. */
function keyOf(x509: X509Certificate): KeyObject | undefined {
  try {
    const key = x509.publicKey;
    return isUsable(key) ? key : undefined;
  } catch {
    return undefined;
  }
}

function verifies(x509: X509Certificate, key: KeyObject, work: KeyWork): boolean {
  work.count(key);
  try {
    return x509.verify(key);
  } catch {
    return false;
  }
}

function otherName({ facts }: CertificateEntry, signed: CertificateEntry): string {
  return `the certificate of "${facts.commonName ?? facts.subject}" signed that of "${signed.facts.commonName ?? signed.facts.subject}", which names another issuer`;
}

function brokenCertificate({ facts }: CertificateEntry): string {
  return `the certificate of "${facts.commonName ?? facts.subject}" does not match the signature of its issuer`;
}
