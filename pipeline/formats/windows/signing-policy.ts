import type { SignatureState } from '../signature/signature.ts';
import type { Arch } from './targets.ts';

/**
 * The boot settings under which Windows loads a kernel driver; `always` for a Windows without Secure Boot, `no-driver-policy` where Secure
 * Boot is off and the Windows Driver Policy of April 2026 is not enforced.
 */
export const loadConditions = [
  'always',
  'secure-boot',
  'without-secure-boot',
  'no-driver-policy',
  'test-signing',
  'never',
] as const;
export type LoadCondition = (typeof loadConditions)[number];

/** Conditions from the strictest to the most permissive. */
const risingConditions: readonly LoadCondition[] = [
  'never',
  'test-signing',
  'no-driver-policy',
  'without-secure-boot',
  'secure-boot',
  'always',
];

/** Returns the stricter of two conditions. */
export function stricterCondition(one: LoadCondition, other: LoadCondition): LoadCondition {
  return risingConditions.indexOf(one) <= risingConditions.indexOf(other) ? one : other;
}

/**
 * Returns whether Windows loads the driver with its default settings: test-signing mode is off, and a guest that has run for some days
 * enforces the Windows Driver Policy.
 */
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
  const [major = 0, minor = 0, build = 0] = version.split('.').map(Number);
  const guest: Guest = {
    arch,
    isVistaOrLater: major >= 6,
    is10OrLater: major >= 10,
    hasDriverPolicy: major >= 10 && build >= firstBuildWithDriverPolicy,
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

/**
 * Windows 11 and Windows Server 2025. The policy applies to 11 since 24H2 (build 26100), but the folder `w11` and its version 10.0.22000
 * serve all releases of 11, and those before 24H2 are out of support.
 */
const firstBuildWithDriverPolicy = 22000;

interface Guest {
  readonly arch: Arch;
  readonly isVistaOrLater: boolean;
  readonly is10OrLater: boolean;
  readonly hasDriverPolicy: boolean;
}

interface PolicyRow {
  readonly fits: (state: SignatureState, guest: Guest) => boolean;
  /** `like …` differs with Secure Boot, which Windows has since 8. */
  readonly loads: LoadCondition | 'like certified' | 'like unsigned';
  /** A page of Microsoft and what it says; docs/signatures.md shows both. */
  readonly source: { readonly page: string; readonly says: string; readonly url: string };
}

const drivers = 'https://learn.microsoft.com/windows-hardware/drivers';

const pages = {
  offerings: { page: 'Driver signing offerings', url: `${drivers}/dashboard/driver-signing-offerings` },
  policy: {
    page: 'Driver Signing Policy',
    url: `${drivers}/install/kernel-mode-code-signing-policy--windows-vista-and-later-`,
  },
  requirements: {
    page: 'Kernel-Mode Code Signing Requirements',
    url: `${drivers}/install/kernel-mode-code-signing-requirements--windows-vista-and-later-`,
  },
  plugAndPlay: {
    page: 'PnP Device Installation Signing Requirements',
    url: `${drivers}/install/pnp-device-installation-signing-requirements--windows-vista-and-later-`,
  },
  driverPolicy: {
    page: 'The Windows Driver policy',
    url: 'https://support.microsoft.com/windows/the-windows-driver-policy-ecd2a78c-750c-415d-93f2-e37302ce0443',
  },
  testSigning: {
    page: 'The TESTSIGNING Boot Configuration Option',
    url: `${drivers}/install/the-testsigning-boot-configuration-option`,
  },
};

const lastRow: PolicyRow = {
  fits: () => true,
  loads: 'never',
  source: {
    ...pages.requirements,
    says: '64-bit Windows since Vista loads signed kernel drivers only',
  },
};

/** Microsoft's policy; the first matching row decides. Windows 10 means 1607 and later. */
export const signingPolicy: readonly PolicyRow[] = [
  {
    fits: (state) => state === 'whql',
    loads: 'like certified',
    source: {
      ...pages.offerings,
      says: 'a driver that passed the HLK tests loads on Windows Vista and later, Server included',
    },
  },
  {
    // On Server too, whatever the page says (MicrosoftDocs/windows-driver-docs, issues 1068 and 1868).
    fits: (state, { is10OrLater }) => state === 'attested' && is10OrLater,
    loads: 'like certified',
    source: { ...pages.offerings, says: 'an attested driver loads on Windows 10 and later only' },
  },
  {
    fits: (state, { arch }) => state === 'vendor-signed' && arch === 'ARM64',
    loads: 'test-signing',
    source: {
      ...pages.plugAndPlay,
      says: 'Windows for ARM64 and Windows in S mode install packages only if Microsoft signed the catalog; a test signature is enough in test-signing mode',
    },
  },
  {
    fits: (state, { hasDriverPolicy }) => state === 'vendor-signed' && hasDriverPolicy,
    loads: 'no-driver-policy',
    source: {
      ...pages.driverPolicy,
      says: "since the update of April 2026, Windows 11 24H2 and later and Server 2025 do not trust vendors' signatures by default, except those on a list of Microsoft",
    },
  },
  {
    fits: (state, { is10OrLater }) => state === 'vendor-signed' && is10OrLater,
    loads: 'without-secure-boot',
    source: {
      ...pages.policy,
      says: "Windows 10 since 1607 accepts vendors' signatures if Secure Boot is off (and of certificates before 29 July 2015, which pvdisc does not count on)",
    },
  },
  {
    fits: (state) => state === 'vendor-signed',
    loads: 'like certified',
    source: {
      ...pages.policy,
      says: "before Windows 10 1607, a vendor's certificate under a root that the kernel trusts is enough",
    },
  },
  {
    fits: (_, { arch, isVistaOrLater }) => arch === 'x86' || !isVistaOrLater,
    loads: 'like unsigned',
    source: { ...pages.policy, says: '32-bit Windows needs a signature under Secure Boot only' },
  },
  {
    fits: (state) => state === 'self-signed',
    loads: 'test-signing',
    source: {
      ...pages.testSigning,
      says: 'in test-signing mode, Windows loads drivers with a signature of any certificate; memory integrity changes nothing, an unsigned driver is still refused',
    },
  },
  lastRow,
];

/** Text for each condition. */
export const loadConditionText: Readonly<Record<LoadCondition, string>> = {
  always: 'is loaded (this Windows has no Secure Boot)',
  'secure-boot': 'is loaded, also under Secure Boot',
  'without-secure-boot': 'is loaded without Secure Boot only',
  'no-driver-policy':
    'is loaded only without Secure Boot and before the Windows Driver Policy is enforced (Windows 11 24H2, Server 2025; April 2026)',
  'test-signing': 'is loaded in test-signing mode only (bcdedit /set testsigning on, Secure Boot off)',
  never: 'is not loaded',
};
