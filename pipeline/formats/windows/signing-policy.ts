import type { SignatureState } from '../signature/signature.ts';
import type { Arch } from './targets.ts';

/** The boot settings under which Windows loads a kernel driver; `always` for a Windows without Secure Boot. */
export const loadConditions = [
  'always',
  'secure-boot',
  'without-secure-boot',
  'test-signing',
  'never',
] as const;
export type LoadCondition = (typeof loadConditions)[number];

/** Conditions from the strictest to the most permissive. */
const risingConditions: readonly LoadCondition[] = [
  'never',
  'test-signing',
  'without-secure-boot',
  'secure-boot',
  'always',
];

/** Returns the stricter of two conditions. */
export function stricterCondition(one: LoadCondition, other: LoadCondition): LoadCondition {
  return risingConditions.indexOf(one) <= risingConditions.indexOf(other) ? one : other;
}

/** Returns whether Windows loads the driver without test-signing mode, which is off by default. */
export function isLoadedAsInstalled(loads: LoadCondition | undefined): boolean {
  return loads === 'always' || loads === 'secure-boot' || loads === 'without-secure-boot';
}

/** The Windows that loads the driver: NT version `major.minor.build` and architecture. */
export interface PolicyGuest {
  readonly version: string;
  readonly arch: Arch;
}

/** Returns when Windows loads a kernel driver, from the first matching row of the policy. */
export function loadCondition(state: SignatureState, { version, arch }: PolicyGuest): LoadCondition {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const guest: Guest = {
    is64Bit: arch !== 'x86',
    isVistaOrLater: major >= 6,
    is10OrLater: major >= 10,
  };
  const { loads } = signingPolicy.find(({ fits }) => fits(state, guest)) ?? lastRow;
  if (loads !== 'like unsigned' && loads !== 'like certified') return loads;
  if (major < 6 || (major === 6 && minor < 2)) return 'always';
  return loads === 'like certified' ? 'secure-boot' : 'without-secure-boot';
}

/** Returns whether the kernel demands a chain to Microsoft Code Verification Root: 64-bit Windows Vista to 8.1. */
export function demandsCrossCertificate({ version, arch }: PolicyGuest): boolean {
  return arch !== 'x86' && version.startsWith('6.');
}

interface Guest {
  readonly is64Bit: boolean;
  readonly isVistaOrLater: boolean;
  readonly is10OrLater: boolean;
}

interface PolicyRow {
  readonly fits: (state: SignatureState, guest: Guest) => boolean;
  /** `like …` differs with Secure Boot, which Windows has since 8. */
  readonly loads: LoadCondition | 'like certified' | 'like unsigned';
  /** The page of Microsoft's driver documentation. */
  readonly source: string;
}

const lastRow: PolicyRow = {
  fits: () => true,
  loads: 'never',
  source:
    'Kernel-Mode Code Signing Requirements: 64-bit Windows since Vista demands that a kernel driver is signed',
};

/** Microsoft's policy; the first matching row decides. Windows 10 means 1607 and later. */
export const signingPolicy: readonly PolicyRow[] = [
  {
    fits: (state) => state === 'whql',
    loads: 'like certified',
    source:
      'Driver signing offerings: a driver that passed the HLK tests works on Windows Vista and later, Server included',
  },
  {
    fits: (state, { is10OrLater }) => state === 'attested' && is10OrLater,
    loads: 'like certified',
    source:
      'Driver signing offerings: attestation signing only works on Windows 10 Desktop and later; on Server too, whatever that page says (MicrosoftDocs/windows-driver-docs, issues 1068 and 1868)',
  },
  {
    fits: (state, { is10OrLater }) => state === 'vendor-signed' && is10OrLater,
    loads: 'without-secure-boot',
    source:
      "Driver Signing Policy, Exceptions: from 10 1607 on others' signatures do where Secure Boot is off in the BIOS",
  },
  {
    fits: (state) => state === 'vendor-signed',
    loads: 'like certified',
    source:
      'Driver Signing Policy, Signing requirements by version: before 10 1607 a certificate under the standard roots does',
  },
  {
    fits: (_, { is64Bit, isVistaOrLater }) => !is64Bit || !isVistaOrLater,
    loads: 'like unsigned',
    source:
      'Driver Signing Policy, Signing requirements by version: no signature required for 32-bit, but under Secure Boot',
  },
  {
    fits: (state) => state === 'self-signed',
    loads: 'test-signing',
    source: 'The TESTSIGNING Boot Configuration Option: test-signed kernel code is loaded when it is set',
  },
  lastRow,
];

/** Text for each condition. */
export const loadConditionText: Readonly<Record<LoadCondition, string>> = {
  always: 'is loaded (this Windows has no Secure Boot)',
  'secure-boot': 'is loaded, also under Secure Boot',
  'without-secure-boot': 'is loaded without Secure Boot only',
  'test-signing': 'is loaded in test-signing mode only (bcdedit /set testsigning on, Secure Boot off)',
  never: 'is not loaded',
};
