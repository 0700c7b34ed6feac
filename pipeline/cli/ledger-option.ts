import { ownLedger } from '../manifest/ledger.ts';

/** Declares `--ledger` of the commands that look releases up. */
export const ledgerOption = {
  type: 'string',
  requiresArg: true,
  default: ownLedger,
  defaultDescription: 'the one that comes with pvdisc',
  describe: 'FILE: another ledger',
} as const;
