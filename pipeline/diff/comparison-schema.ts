import * as z from 'zod';
import { loadConditions } from '../formats/windows/signing-policy.ts';
import { digestField, driverFactsSchema, sizeField } from '../model/shared-schema.ts';

const side = z.strictObject({
  input: z.string().describe('As given'),
  kind: z.enum(['disc', 'package', 'archive', 'folder', 'release', 'record', 'inspection']),
  name: z
    .string()
    .optional()
    .describe('Name of the release or package, where the record or the file name says it'),
  version: z.string().optional(),
  packages: z.int().describe('Driver packages: an INF for one Windows and architecture'),
  files: z.int(),
  bytes: sizeField.describe('Of its files, each content once'),
  size: sizeField.optional().describe('Of the disc, package or archive itself'),
  problems: z
    .array(z.strictObject({ place: z.string(), message: z.string() }))
    .describe('Files that cannot be read; a driver whose INF is among them counts as missing'),
});

const change = z
  .strictObject({ name: z.string(), from: z.string().optional(), to: z.string().optional() })
  .describe('from is absent for what is new, to for what is gone');

const fileState = z.strictObject({ sha256: digestField, size: sizeField });

const fileChange = z.strictObject({
  path: z.string().describe("Of a driver package's files: relative to the folder of the INF"),
  from: fileState.optional(),
  to: fileState.optional(),
  signatureOnly: z
    .boolean()
    .describe(
      'Whether only its signatures differ: a catalog, or a PE file with the same Authenticode digest',
    ),
});

/** `gained` and `lost` change places when OLD and NEW do. */
function gainedAndLost<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ gained: z.array(item), lost: z.array(item) });
}

const coverage = z.strictObject({
  driver: z.string(),
  target: z.string().describe('Windows and architecture, such as w11/amd64'),
  from: z
    .enum([...loadConditions, 'unknown'])
    .optional()
    .describe('Absent if OLD has no such driver'),
  to: z
    .enum([...loadConditions, 'unknown'])
    .optional()
    .describe('Absent if NEW has no such driver'),
});

const servedId = z.strictObject({
  id: z.string().describe('Hardware or compatible ID in upper case'),
  drivers: z.array(z.string()),
  targets: z.array(z.string()),
});

const neededFiles = z.strictObject({
  driver: z.string(),
  target: z.string(),
  files: z.array(z.string()).describe('Names in the INF'),
});

const setupFolder = z.strictObject({
  driver: z.string(),
  folder: z.string().describe('Such as amd64/w11, or one below $WinPEDriver$'),
});

export const packageChanges = ['added', 'removed', 'upgraded', 'downgraded', 'resigned', 'changed'] as const;

const packageChange = z.strictObject({
  driver: z.string(),
  target: driverFactsSchema.shape.target,
  inf: z
    .strictObject({ from: z.string().optional(), to: z.string().optional() })
    .describe('Path of the INF on each side'),
  change: z
    .enum(packageChanges)
    .describe(
      'upgraded, downgraded: by version, then by date; resigned: same version, only signatures differ, and both sides are signed or neither is; changed: same version, other content',
    ),
  driverVer: z.strictObject({ from: z.string().optional(), to: z.string().optional() }),
  outranked: z
    .boolean()
    .describe(
      'Whether the later version has the earlier date; Windows compares dates first and prefers the other one',
    ),
  facts: z
    .array(change)
    .describe('Name, provider, class, signature, load condition and the like, where they differ'),
  hardwareIds: gainedAndLost(z.string()).describe('Hardware and compatible IDs in upper case'),
  install: z
    .strictObject({
      services: z.array(change),
      registry: z.array(change),
      files: z.array(change).describe('By path on the guest; from and to are names of files in the package'),
    })
    .describe('What the INF installs, where it differs; empty for added and removed packages'),
  files: z.array(fileChange).describe('Empty for added and removed packages'),
  bytes: z.strictObject({ from: sizeField.optional(), to: sizeField.optional() }),
});

/**
 * What differs between two discs, packages, records or folders. Driver packages belong together if driver, Windows, architecture and
 * the name of the INF are the same, wherever they lie, so layouts can differ. Every list is sorted. It stays compatible: keys are only
 * added, other changes increment `schemaVersion`.
 */
export const comparisonSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    old: side,
    new: side,
    identical: z.boolean().describe('Whether nothing that was compared differs'),
    lost: z
      .boolean()
      .describe(
        'Whether coverage, hardware IDs, needed files, folders for Windows Setup or programs are lost; the exit code is then 11',
      ),
    counts: z.strictObject(
      Object.fromEntries([...packageChanges, 'unchanged'].map((name) => [name, z.int()])) as Record<
        (typeof packageChanges)[number] | 'unchanged',
        z.ZodInt
      >,
    ),
    coverage: gainedAndLost(coverage).describe(
      'Drivers that a Windows has on one side only, or loads under stricter conditions (never, test-signing, without-secure-boot, secure-boot) on one of them',
    ),
    hardwareIds: gainedAndLost(servedId).describe(
      'IDs that no driver serves on the other side, although the driver is there for that Windows',
    ),
    neededFiles: gainedAndLost(neededFiles).describe(
      'Files that the INF of a driver names, without catalogs, and that one side lacks: Windows then does not install the driver',
    ),
    setupFolders: gainedAndLost(setupFolder).describe(
      'Drivers that both discs have, and that a folder for Windows Setup holds whole on one of them only',
    ),
    programs: gainedAndLost(z.string()).describe('Installers (.msi, .exe) outside driver packages, by path'),
    packages: z.array(packageChange).describe('Without unchanged packages'),
    files: z
      .array(fileChange)
      .describe(
        'Files outside driver packages, by path; without those that only moved, and without copies of a package that changed with it',
      ),
    notCompared: z
      .array(z.enum(['install', 'hardware-ids']))
      .describe('What a side does not say; a record does not hold what INFs install'),
  })
  .meta({ id: 'comparison', title: 'Output of pvdisc diff with --format json' });

export type Comparison = z.output<typeof comparisonSchema>;
export type ComparedSide = Comparison['old'];
export type PackageChange = Comparison['packages'][number];
export type CoverageChange = Comparison['coverage']['lost'][number];
export type ServedId = Comparison['hardwareIds']['lost'][number];
export type NeededFiles = Comparison['neededFiles']['lost'][number];
export type SetupFolder = Comparison['setupFolders']['lost'][number];
export type FileChange = Comparison['files'][number];
export type ValueChange = PackageChange['facts'][number];
