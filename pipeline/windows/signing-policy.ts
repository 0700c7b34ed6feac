import type { SignatureState } from './signature.ts';
import type { Arch } from './targets.ts';

/** Under which boot settings Windows loads a kernel driver; `always` where that Windows knows no Secure Boot. */
export const loadConditions = [
  'always',
  'secure-boot',
  'without-secure-boot',
  'test-signing',
  'never',
] as const;
export type LoadCondition = (typeof loadConditions)[number];

/** The Windows that loads the driver: NT version `major.minor.build` and architecture. */
export interface PolicyGuest {
  readonly version: string;
  readonly arch: Arch;
}

/**
 * Returns when Windows loads a kernel driver (Microsoft, "Driver Signing Policy" and "Driver signing offerings"): 64-bit Windows
 * since Vista wants a signature, 32-bit only under Secure Boot; 10, judged as 1607 and later are, wants Microsoft's under Secure
 * Boot; what Microsoft attests to is good for 10 and later alone.
 */
export function loadCondition(state: SignatureState, { version, arch }: PolicyGuest): LoadCondition {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const is10OrLater = major >= 10;
  const hasSecureBoot = major > 6 || (major === 6 && minor >= 2);
  const always: LoadCondition = hasSecureBoot ? 'secure-boot' : 'always';
  if (state === 'whql' || (state === 'attested' && is10OrLater)) return always;
  if (state === 'vendor-signed') return is10OrLater ? 'without-secure-boot' : always;
  if (arch === 'x86' || major < 6) return hasSecureBoot ? 'without-secure-boot' : 'always';
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
