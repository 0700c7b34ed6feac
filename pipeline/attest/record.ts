import { z } from 'zod';

const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe('sha256, lower-case hex');
const size = z.int().min(0).describe('Bytes');
const target = z.strictObject({ os: z.string(), arch: z.string() });
const origin = z.strictObject({ source: z.string(), path: z.string() });

const finding = z.strictObject({
  rule: z.string(),
  severity: z.enum(['error', 'warning']),
  path: z.string().describe('Path on the disc'),
  line: z.int().optional(),
  message: z.string(),
  hint: z.string().optional(),
  accepted: z.string().optional().describe("The release's reason to accept the finding"),
});

const driver = z.strictObject({
  driver: z.string(),
  target,
  inf: z.string().describe('Path of the INF on the disc'),
  name: z.string().optional(),
  provider: z.string().optional(),
  driverVer: z.string().optional().describe('DriverVer of the INF, as written'),
  signature: z.enum(['unsigned', 'self-signed', 'vendor-signed', 'attested', 'whql']),
  signer: z.string().optional().describe("The signing certificate's common name"),
});

const source = z.strictObject({
  id: z.string(),
  type: z.string(),
  pin: z.record(z.string(), z.string()).describe('What pins its bytes: digest, commit'),
  files: z.strictObject({ shipped: z.int(), leftOut: z.int(), ignored: z.int() }),
});

/** Shape of `release.json`, the record of a build; keys are only ever added, `schemaVersion` counts other changes. */
export const recordSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    name: z.string(),
    version: z.string(),
    title: z.string(),
    profile: z.enum(['slim', 'full']),
    date: z.iso.datetime().describe('The date of everything in the release (SOURCE_DATE_EPOCH), UTC'),
    policy: z.record(z.string(), z.string()),
    sources: z.array(source),
    drivers: z.array(driver),
    findings: z.array(finding),
    tools: z.array(z.strictObject({ name: z.string(), version: z.string() })),
    iso: z.strictObject({
      name: z.string(),
      label: z.string(),
      sha256,
      size,
      files: z.array(z.strictObject({ path: z.string(), sha256, size, origin: origin.optional() })),
    }),
    artifacts: z.array(z.strictObject({ format: z.string(), name: z.string(), sha256, size })),
  })
  .meta({ id: 'record', title: 'release.json: the record of a build' });

export type ReleaseRecord = z.output<typeof recordSchema>;
