import type { SignatureState } from '../formats/signature/signature.ts';
import type { LoadCondition } from '../formats/windows/signing-policy.ts';
import type { SignatureVerdict } from './signature-verdict.ts';
import type { Target } from './target.ts';

/** What one driver package says of itself, for the disc's README, `info.json` and the record. */
export interface DriverFacts {
  readonly driver: string;
  readonly target: Target;
  readonly inf: string;
  readonly name?: string;
  readonly provider?: string;
  /** Hardware IDs that the INF offers the Windows of its folder. */
  readonly hardwareIds: readonly string[];
  /** `DriverVer` as written: `MM/DD/YYYY,w.x.y.z`. */
  readonly driverVer?: string;
  /** What Windows makes of the catalog: `unsigned` also when it is broken or does not hold all files. */
  readonly signature: SignatureState;
  readonly verdict: SignatureVerdict;
  /** When Windows loads it; absent when the folder does not say for which Windows it is. */
  readonly loads?: LoadCondition;
}
