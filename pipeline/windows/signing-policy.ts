import type { SignatureState } from './signature.ts';
import type { Arch } from './targets.ts';

/** Under which boot settings Windows loads a kernel driver; `always` where that Windows knows no Secure Boot. */
export type LoadCondition = 'always' | 'secure-boot' | 'without-secure-boot' | 'test-signing' | 'never';

/** The Windows that loads the driver: NT version `major.minor.build` and architecture. */
export interface PolicyGuest {
  readonly version: string;
  readonly arch: Arch;
}

/**
 * Returns when Windows loads a kernel driver (Microsoft, "Driver signing policy" and "Kernel-Mode Code Signing Requirements"):
 * 64-bit Windows since Vista wants a signature; 10 since 1607 under Secure Boot wants Microsoft's; 32-bit before 10 loads any.
 */
export function loadCondition(state: SignatureState, { version, arch }: PolicyGuest): LoadCondition {
  const [major = 0, minor = 0, build = 0] = version.split('.').map(Number);
  const isVistaOrLater = major >= 6;
  const hasSecureBoot = major > 6 || (major === 6 && minor >= 2);
  const always: LoadCondition = hasSecureBoot ? 'secure-boot' : 'always';
  if (state === 'whql' || state === 'attested') return always;
  if (!isVistaOrLater) return 'always';
  if (state === 'vendor-signed' && (major < 10 || build < 14393)) return always;
  if (major < 10 && arch === 'x86') return hasSecureBoot ? 'without-secure-boot' : 'always';
  if (state === 'vendor-signed') return 'without-secure-boot';
  return state === 'self-signed' ? 'test-signing' : 'never';
}

/** What each condition means to a person. */
export const loadConditionText: Readonly<Record<LoadCondition, string>> = {
  always: 'is loaded (this Windows knows no Secure Boot)',
  'secure-boot': 'is loaded, also under Secure Boot',
  'without-secure-boot': 'is loaded without Secure Boot only',
  'test-signing': 'is loaded in test-signing mode only (bcdedit /set testsigning on, Secure Boot off)',
  never: 'is not loaded',
};
