import { z } from 'zod';
import { recordSchema } from '../attest/record.ts';
import { inspectionSchema } from '../inspect/inspection-schema.ts';
import { ledgerCheckSchema } from '../ledger/check-schema.ts';
import { ledgerAddSchema } from '../ledger/recorded-schema.ts';
import { ledgerSchema } from '../ledger/schema.ts';
import { watchSchema } from '../ledger/watch.ts';
import { cacheSchema } from '../report/cache-schema.ts';
import { findingsSchema } from '../report/findings/findings-schema.ts';
import { verificationSchema, verificationsSchema } from '../verify/verification-schema.ts';
import { driverSchema } from './driver-schema.ts';
import { licensesSchema } from './licenses-schema.ts';
import { releaseSchema } from './release-schema.ts';
import { targetsSchema } from './targets-schema.ts';

const text = (schema: z.ZodType, io: 'input' | 'output') => () =>
  `${JSON.stringify(z.toJSONSchema(schema, { io, target: 'draft-7' }), null, 2)}\n`;

/** The JSON Schema (draft 7, which editors know) of each kind of file, as the text of a `.schema.json` file. */
export const jsonSchemas = {
  driver: text(driverSchema, 'input'),
  release: text(releaseSchema, 'input'),
  targets: text(targetsSchema, 'input'),
  licenses: text(licensesSchema, 'input'),
  ledger: text(ledgerSchema, 'input'),
  record: text(recordSchema, 'output'),
  inspection: text(inspectionSchema, 'output'),
  findings: text(findingsSchema, 'output'),
  verification: text(verificationSchema, 'output'),
  verifications: text(verificationsSchema, 'output'),
  watch: text(watchSchema, 'output'),
  'ledger-check': text(ledgerCheckSchema, 'output'),
  'ledger-add': text(ledgerAddSchema, 'output'),
  cache: text(cacheSchema, 'output'),
} as const;

export type SchemaName = keyof typeof jsonSchemas;
