import { nameOf } from '../core/paths.ts';
import { infServices } from '../formats/inf/install.ts';
import type { PeSignature } from '../formats/pe/index.ts';
import { type SignatureState, signatureState } from '../formats/signature/signature.ts';
import { type LoadCondition, loadCondition, weakerCondition } from '../formats/windows/signing-policy.ts';
import type { FileFacts, PayloadFile } from './facts.ts';
import type { PackageFacts } from './package-facts.ts';

/** Returns the binaries of a package that the boot loader loads (StartType 0): it cannot read catalogs, and looks at their own signatures. */
export function bootDrivers({
  parsed,
  target,
  payload,
}: Pick<PackageFacts, 'parsed' | 'target' | 'payload'>): PayloadFile[] {
  const booted = infServices(parsed, target.arch).filter(({ start }) => start === 0);
  const names = new Set(booted.map(({ binary = '' }) => binary.split('\\').at(-1)?.toLowerCase()));
  return payload.filter(({ path }) => names.has(nameOf(path).toLowerCase()));
}

/** Says whether the package's Windows demands signatures of boot drivers: none does before Vista, and no 32-bit one before 8, which knows no Secure Boot. */
export function checksBootDrivers({ target, row }: Pick<PackageFacts, 'target' | 'row'>): boolean {
  if (row === undefined) return target.arch !== 'x86';
  const [major = 0, minor = 0] = row.version.split('.').map(Number);
  return target.arch === 'x86' ? major > 6 || (major === 6 && minor >= 2) : major >= 6;
}

/** Returns the state that a binary's own signatures give it; those that do not fit the file give none. */
export function embeddedState({ signatures = [] }: FileFacts): SignatureState {
  return signatureState(signatures.filter(({ matches }) => matches).flatMap(ownSigners));
}

/** Nested signatures are in the list themselves, each with whether it fits. */
function ownSigners({ signers }: PeSignature) {
  return signers.map((signer) => ({ ...signer, nested: [] }));
}

/** Returns when Windows loads a package's drivers: under the catalog's state and, for those loaded at boot, that of their own signatures too. */
export function packageLoads(driverPackage: PackageFacts): LoadCondition | undefined {
  const { row, signature } = driverPackage;
  if (row === undefined) return undefined;
  return [signature, ...bootDrivers(driverPackage).map(({ facts }) => embeddedState(facts))]
    .map((state) => loadCondition(state, row))
    .reduce(weakerCondition);
}
