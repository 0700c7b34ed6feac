import type { SignatureState } from '../formats/signature/signature.ts';
import type { LoadCondition } from '../formats/windows/signing-policy.ts';
import type { RecordedFacts } from './shared-schema.ts';
import type { SignatureVerdict } from './signature-verdict.ts';
import type { Target } from './target.ts';

/** What one driver package says of itself, for the disc's README, `info.json` and the record. */
export interface DriverFacts {
  readonly driver: string;
  readonly target: Target;
  readonly inf: string;
  readonly name?: string;
  readonly provider?: string;
  /** Hardware IDs that the INF offers the Windows of its folder, each once. */
  readonly hardwareIds: readonly string[];
  /** Compatible IDs of the same devices, each once. */
  readonly compatibleIds: readonly string[];
  /** Device setup class. */
  readonly class?: string;
  /** Function services of the devices; empty for null drivers. */
  readonly services: readonly string[];
  /** `DriverVer` as written: `MM/DD/YYYY,w.x.y.z`. */
  readonly driverVer?: string;
  /** What Windows makes of the catalog: `unsigned` also when it is broken or does not hold all files. */
  readonly signature: SignatureState;
  readonly verdict: SignatureVerdict;
  /** When Windows loads it; absent when the folder does not say for which Windows it is. */
  readonly loads?: LoadCondition;
}

/** Returns the facts in the form of the record and of inspections, whose arrays can be changed. */
export function recordedFacts(facts: DriverFacts): RecordedFacts {
  const { verdict, hardwareIds, compatibleIds, services, ...others } = facts;
  return {
    ...others,
    hardwareIds: [...hardwareIds],
    compatibleIds: [...compatibleIds],
    services: [...services],
    verdict: { ...verdict, uncovered: [...verdict.uncovered] },
  };
}
