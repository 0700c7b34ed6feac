import type { LoadCondition } from '../formats/windows/signing-policy.ts';

/** What a cell of the matrix shows: whether Windows loads the driver, or that there is none. */
export type LoadState =
  | 'loads'
  | 'no-secure-boot'
  | 'no-driver-policy'
  | 'test-signing'
  | 'never'
  | 'unknown'
  | 'missing';

interface StateText {
  readonly sign: string;
  readonly label: string;
}

/** A sign for each state, so that colour is not all that tells them apart; in the order of the legend. */
export const loadStates: Readonly<Record<LoadState, StateText>> = {
  loads: { sign: '✓', label: 'loads' },
  'no-secure-boot': { sign: '◐', label: 'loads without Secure Boot only' },
  'no-driver-policy': { sign: '◔', label: 'loads without Secure Boot and Windows Driver Policy only' },
  'test-signing': { sign: '△', label: 'loads in test-signing mode only' },
  never: { sign: '✕', label: 'does not load' },
  unknown: { sign: '?', label: 'not judged' },
  missing: { sign: '–', label: 'no driver in this release' },
};

export const stateNames = Object.keys(loadStates) as LoadState[];

/** Returns the state of a driver package; Secure Boot or the lack of it makes no difference to one that loads in both. */
export function loadStateOf(loads: LoadCondition | undefined): LoadState {
  if (loads === undefined) return 'unknown';
  if (loads === 'always' || loads === 'secure-boot') return 'loads';
  return loads === 'without-secure-boot' ? 'no-secure-boot' : loads;
}
