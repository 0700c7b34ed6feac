import * as z from 'zod';
import { signatureStates } from '../formats/signature/signature.ts';
import { loadConditions } from '../formats/windows/signing-policy.ts';

/** Shapes that several documents of pvdisc share: the record, an inspection, the findings of a check. */
export const digestField = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits')
  .describe('sha256, lower-case hex');
export const sizeField = z.int().min(0).describe('Bytes');
const target = z.strictObject({ os: z.string(), arch: z.string() });
export const originField = z.strictObject({ source: z.string(), path: z.string() });

export const findingSchema = z.strictObject({
  rule: z.string(),
  severity: z.enum(['error', 'warning', 'info']),
  path: z.string().describe('Path on the disc'),
  line: z.int().optional(),
  message: z.string(),
  hint: z.string().optional(),
  places: z
    .array(z.strictObject({ line: z.int().optional(), message: z.string() }))
    .optional()
    .describe('All places of what an INF has several times, at most 100'),
  accepted: z.string().optional().describe("The release's reason to accept the finding"),
});

export const driverFactsSchema = z.strictObject({
  driver: z.string(),
  target,
  inf: z.string().describe('Path of the INF on the disc'),
  name: z.string().optional(),
  provider: z.string().optional(),
  driverVer: z.string().optional().describe('DriverVer of the INF, as written'),
  hardwareIds: z
    .array(z.string())
    .optional()
    .describe('Hardware IDs that the INF offers this Windows; absent in older records'),
  compatibleIds: z.array(z.string()).optional().describe('Compatible IDs of the same devices'),
  class: z.string().optional().describe('Device setup class'),
  services: z.array(z.string()).optional().describe('Function services of the devices'),
  signature: z
    .enum(signatureStates)
    .describe(
      'What Windows makes of the catalog: unsigned also when it is broken or does not hold all files',
    ),
  verdict: z.strictObject({
    integrity: z.enum(['good', 'broken', 'none']).describe("Mathematics of the catalog's signature"),
    uncovered: z.array(z.string()).describe('Files of the package that the catalog does not hold'),
    trust: z.enum(signatureStates).describe('Who signed the catalog'),
    signer: z.string().optional().describe("The signing certificate's common name"),
    timestamp: z.string().optional(),
  }),
  loads: z
    .enum(loadConditions)
    .optional()
    .describe(
      'Under which boot settings Windows loads the driver; absent for an unknown Windows and for one that installs nothing from the INF',
    ),
});

/** The facts of a driver package as documents hold them. */
export type RecordedFacts = z.output<typeof driverFactsSchema>;

const notLoaded = z.array(
  z.strictObject({
    driver: z.string(),
    targets: z.array(z.string()).describe('Targets that do not load it, such as w11/amd64'),
    reasons: z.array(z.string()),
  }),
);

/** How many drivers load where; in reports, not in the record, since it follows from the drivers there. */
export const loadSummarySchema = z
  .strictObject({
    drivers: z.int().describe('Drivers that install on a known Windows'),
    unknown: z.int().describe('Drivers whose Windows is not known'),
    packages: z.int().describe('Packages of these drivers: an INF for one Windows and architecture'),
    notLoading: z.int().describe('How many of the packages their Windows does not load'),
    nowhere: notLoaded.describe('Drivers that no Windows loads outside test-signing mode'),
    partly: notLoaded.describe('Drivers that some of their Windows do not load'),
    everywhere: z.array(z.string()).describe('Drivers that every Windows they are for loads'),
    withoutSecureBootOnly: z.array(z.string()).describe('Drivers among these that Secure Boot stops'),
    windows: z
      .array(z.strictObject({ target: z.string(), drivers: z.int(), load: z.int() }))
      .describe('Drivers for each target, and how many of them it loads'),
  })
  .describe('How many drivers Windows loads as they are installed');
