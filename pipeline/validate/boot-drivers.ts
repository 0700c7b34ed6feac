import type { Inf } from '../formats/inf/inf.ts';
import { infServices } from '../formats/inf/install.ts';
import { modelsSections } from '../formats/inf/models.ts';
import { appliesToArch } from '../formats/inf/select.ts';
import { versionFacts } from '../formats/inf/version.ts';
import type { PeSignature } from '../formats/pe/index.ts';
import { crossSignedState, type SignatureState, signatureState } from '../formats/signature/signature.ts';
import { systemClasses } from '../formats/windows/setup-classes.ts';
import {
  demandsCrossCertificate,
  type LoadCondition,
  loadCondition,
  type PolicyGuest,
  stricterCondition,
} from '../formats/windows/signing-policy.ts';
import type { FileFacts, PayloadFile } from './facts.ts';
import { coveringMembers, type PackageFacts, serviceFiles } from './package-facts.ts';

const diskClasses = new Set(['scsiadapter', 'hdc']);

/** Returns whether the INF is of the setup class of disk controllers, from which a guest boots. */
export function drivesDisks(inf: Inf): boolean {
  const { class: className = '', classGuid = '' } = versionFacts(inf);
  return diskClasses.has((systemClasses.get(classGuid) ?? className).toLowerCase());
}

/** Returns the binaries that the boot loader loads (StartType 0); it cannot read catalogs and checks embedded signatures only. */
export function bootDrivers(
  driverPackage: Pick<PackageFacts, 'parsed' | 'target' | 'payload'>,
): PayloadFile[] {
  const { parsed, target } = driverPackage;
  const booted = infServices(parsed, target.arch).filter(({ start }) => start === 0);
  return serviceFiles(driverPackage, booted);
}

/**
 * Returns whether the package's Windows requires signed boot drivers: 64-bit Windows since Vista, 32-bit Windows since 8 (Secure Boot).
 * Where the folder names no Windows, only a 64-bit package that something in it ties to Vista or later does.
 */
export function checksBootDrivers(driverPackage: PackageFacts): boolean {
  const { target, row } = driverPackage;
  if (row === undefined) return target.arch !== 'x86' && isForVistaOrLater(driverPackage);
  const [major = 0, minor = 0] = row.version.split('.').map(Number);
  return target.arch === 'x86' ? major > 6 || (major === 6 && minor >= 2) : major >= 6;
}

/** Returns whether a 64-bit package is for Windows Vista or later: by its architecture, all its models, its catalog, or, where that names no Windows, how its boot drivers were linked. */
function isForVistaOrLater(driverPackage: PackageFacts): boolean {
  const { parsed, target } = driverPackage;
  if (target.arch === 'ARM64') return true;
  const models = modelsSections(parsed).filter((section) => appliesToArch(section, target.arch));
  if (models.length > 0 && models.every((section) => (section.target?.major ?? 0) >= 6)) return true;
  return bootDrivers(driverPackage).some(({ facts }) => {
    const versions = coveringMembers(driverPackage, facts).flatMap(({ osAttr }) => osAttr);
    if (versions.length > 0) return versions.some((version) => /^2:(?:6|10)\./.test(version));
    return (facts.pe?.subsystemVersion.major ?? 0) >= 6;
  });
}

/**
 * Returns the signature state from a binary's embedded signatures, for the kernel of that Windows; a signature that does not match the
 * file is ignored.
 */
export function embeddedState({ signatures = [] }: FileFacts, row?: PolicyGuest): SignatureState {
  const signers = signatures.filter(({ matches }) => matches).flatMap(ownSigners);
  return row !== undefined && demandsCrossCertificate(row)
    ? crossSignedState(signers)
    : signatureState(signers);
}

/** Drops nested signatures: the list already contains them, each with its own `matches`. */
function ownSigners({ signers }: PeSignature) {
  return signers.map((signer) => ({ ...signer, nested: [] }));
}

/** Returns the condition under which Windows loads a package's drivers, from the catalog and, for boot drivers, their embedded signatures. */
export function packageLoads(driverPackage: PackageFacts): LoadCondition | undefined {
  const { row, signature } = driverPackage;
  if (row === undefined) return undefined;
  return [signature, ...bootDrivers(driverPackage).map(({ facts }) => embeddedState(facts, row))]
    .map((state) => loadCondition(state, row))
    .reduce(stricterCondition);
}
