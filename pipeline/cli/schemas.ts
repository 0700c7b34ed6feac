import * as z from 'zod';
import { comparisonSchema } from '../diff/comparison-schema.ts';
import { inspectionSchema } from '../inspect/inspection-schema.ts';
import { whichSchema } from '../inspect/which-schema.ts';
import { ledgerCheckSchema } from '../ledger/check-schema.ts';
import { ledgerAddSchema } from '../ledger/recorded-schema.ts';
import { watchSchema } from '../ledger/watch.ts';
import { driverSchema } from '../manifest/driver-schema.ts';
import { ledgerSchema } from '../manifest/ledger-schema.ts';
import { licensesSchema } from '../manifest/licenses-schema.ts';
import { releaseSchema } from '../manifest/release-schema.ts';
import { targetsSchema } from '../manifest/targets-schema.ts';
import { baselineSchema } from '../model/baseline.ts';
import { recordSchema } from '../model/record.ts';
import { planSchema } from '../reproduce/plan-schema.ts';
import { signatureRequestsSchema, signaturesSchema } from '../sign/signature-files.ts';
import { submissionSchema } from '../sources/submission/submission-schema.ts';
import { verificationSchema, verificationsSchema } from '../verify/verification-schema.ts';
import { cacheSchema } from './report/cache-schema.ts';
import { findingsSchema } from './report/findings/findings-schema.ts';

const text = (schema: z.ZodType, io: 'input' | 'output') => () =>
  `${JSON.stringify(z.toJSONSchema(schema, { io, target: 'draft-7' }), null, 2)}\n`;

/** JSON Schemas as text, in draft 7 since editors support it. */
export const jsonSchemas = {
  driver: text(driverSchema, 'input'),
  release: text(releaseSchema, 'input'),
  targets: text(targetsSchema, 'input'),
  licenses: text(licensesSchema, 'input'),
  ledger: text(ledgerSchema, 'input'),
  record: text(recordSchema, 'output'),
  inspection: text(inspectionSchema, 'output'),
  which: text(whichSchema, 'output'),
  comparison: text(comparisonSchema, 'output'),
  findings: text(findingsSchema, 'output'),
  baseline: text(baselineSchema, 'input'),
  verification: text(verificationSchema, 'output'),
  verifications: text(verificationsSchema, 'output'),
  watch: text(watchSchema, 'output'),
  'ledger-check': text(ledgerCheckSchema, 'output'),
  'ledger-add': text(ledgerAddSchema, 'output'),
  cache: text(cacheSchema, 'output'),
  plan: text(planSchema, 'output'),
  'signature-requests': text(signatureRequestsSchema, 'output'),
  signatures: text(signaturesSchema, 'input'),
  submission: text(submissionSchema, 'input'),
} as const;

export type SchemaName = keyof typeof jsonSchemas;

const ofManifest: ReadonlySet<string> = new Set<SchemaName>([
  'driver',
  'release',
  'targets',
  'licenses',
  'ledger',
]);

/** Returns the path in the repository where a JSON Schema is stored. */
export function schemaFile(name: SchemaName): string {
  return `${ofManifest.has(name) ? 'drivers-manifest/schema' : 'pipeline/cli/schemas'}/${name}.schema.json`;
}
