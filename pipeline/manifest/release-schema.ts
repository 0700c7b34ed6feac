import * as z from 'zod';
import { pathProblem } from '../core/safe-path.ts';
import { signatureStates } from '../formats/signature/signature.ts';
import { driverFamilies } from '../formats/windows/driver-family.ts';
import { archNames } from '../formats/windows/targets.ts';
import { limitsField } from '../sources/fields.ts';
import { sources } from '../sources/index.ts';
import { targetName } from './driver-schema.ts';
import { readmeLine, reasonText } from './fields.ts';
import { globField, maxGlobs } from './glob-field.ts';
import { releaseField } from './ledger-schema.ts';
import { packageField } from './package-schema.ts';
import { signField } from './sign-schema.ts';

/** Repairs that a release can ask for. */
export const repairMethods = ['line-endings'] as const;
export type RepairMethod = (typeof repairMethods)[number];

const reason = reasonText.describe('Why; it is shown in the record of the build');

/** What `pvdisc init` writes as the reason of an unsigned release that no one gave one for. */
export const reasonToFillIn = 'say here why these drivers are released without a signature';
const sourceId = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case letters, digits and hyphens');

const selection = <Item extends z.ZodType>(item: Item) =>
  z.union([
    z.strictObject({ include: z.array(item).min(1) }),
    z.strictObject({ exclude: z.array(item).min(1) }),
  ]);

const limits = limitsField.prefault({});
const { sample, ...outside } = sources;
const sourceSchemas = [
  ...Object.values(outside).map(({ schema }) => schema.extend({ limits })),
  sample.schema,
];
const source = z.discriminatedUnion(
  'type',
  sourceSchemas as [(typeof sourceSchemas)[number], ...typeof sourceSchemas],
);

const discPath = z.string().refine((path) => pathProblem(path) === undefined, {
  error: ({ input }) => `${pathProblem(String(input))} (give a path as a/b, without a slash at its end)`,
});

const folder = z.strictObject({
  driver: z.string(),
  source: sourceId.optional(),
  folder: z.string().min(1).describe('Folder in the source that no table knows'),
  targets: z.array(targetName).min(1),
});

const preference = z.strictObject({
  driver: z.string(),
  targets: z.array(targetName).min(1).optional().describe('All that two folders claim when absent'),
  source: sourceId.optional(),
  folder: z.string().optional().describe('Folder in the source that wins'),
  reason,
});

const ignored = z.strictObject({
  pattern: globField.describe(
    'Glob over paths in the source; a pattern without a slash matches the file name in any folder',
  ),
  source: sourceId.optional(),
  reason,
});

const companion = z.strictObject({
  source: sourceId,
  from: z.string().min(1).describe('File or folder in the source'),
  to: discPath.describe('Its path on the disc'),
  license: z.string().optional().describe('SPDX id or LicenseRef of these files'),
});

const acceptance = z.strictObject({
  rule: z.string().regex(/^[a-z]+\/[a-z-]+$/),
  path: globField.describe('Glob over paths on the disc'),
  reason,
});

const setupDrivers = z.strictObject({
  targets: z.array(targetName).min(1).describe('One for each architecture, such as w11/amd64'),
  drivers: selection(z.string())
    .optional()
    .describe('Which storage and network drivers; all that Setup can use when absent'),
});

/** Shape of `drivers-manifest/releases/<name>.yaml`. */
export const releaseSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'must be lower-case letters, digits, dots and hyphens'),
    version: z.string().regex(/^[0-9][0-9A-Za-z.+~]*$/, 'must be an upstream version as Debian writes them'),
    title: readmeLine.describe('What the disc is, in one line'),
    family: z
      .enum(driverFamilies)
      .default('virtio')
      .describe(
        'Family of all its drivers: virtio for guests of KVM and QEMU, xenpv for guests of Xen, whose disc is never offered as virtio-win.iso',
      ),
    label: z
      .string()
      .regex(/^[0-9A-Za-z_.-]{1,32}$/, 'must be 1 to 32 letters, digits, dots, hyphens or underscores')
      .optional()
      .describe('Volume label; <name>-<version> when absent'),
    profile: z
      .enum(['slim', 'full'])
      .default('full')
      .describe('slim leaves debug symbols off the disc of drivers'),
    manifest: z
      .string()
      .optional()
      .describe(
        'Folder with drivers/, licenses/, licenses.yaml and targets.yaml; the one that comes with pvdisc when absent',
      ),
    drivers: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Folder with a <Driver>.yaml for each driver of your own, and licenses/<id>.txt; a driver there replaces the one of the same name that comes with pvdisc',
      ),
    passthrough: z
      .strictObject({ release: releaseField })
      .optional()
      .describe(
        'Passes on an upstream disc of the ledger byte for byte, only inspected and packed, instead of assembling one from sources',
      ),
    sources: z
      .record(sourceId, source)
      .default({})
      .describe('Where driver files come from; needed unless the release is a passthrough'),
    select: z
      .strictObject({
        drivers: selection(z.string()).optional(),
        os: selection(z.string()).optional(),
        arch: selection(z.enum(archNames)).optional(),
      })
      .default({})
      .describe('Which of the drivers and targets that the sources hold go on the disc; all when absent'),
    folders: z.array(folder).default([]).describe('Folders of a source that no table knows'),
    prefer: z
      .array(preference)
      .default([])
      .describe('Which folder wins where two hold one driver for one target'),
    ignored: z
      .array(ignored)
      .max(maxGlobs)
      .default([])
      .describe('Files that are known and deliberately not shipped'),
    repair: z
      .array(z.enum(repairMethods))
      .default([])
      .describe(
        'Damage to repair where the result is verifiable: line-endings restores the original line endings of an INF, and only if its catalog then holds it',
      ),
    sign: signField
      .optional()
      .describe('Makes catalogs for the drivers and signs them with a key of your own (docs/signing.md)'),
    files: z
      .array(companion)
      .default([])
      .describe('Files that belong to no driver: guest agent, certificate'),
    setupDrivers: setupDrivers
      .optional()
      .describe(
        'Puts the storage and network drivers of these targets into $WinPEDriver$/ once more, from which Windows Setup loads them by itself (docs/unattended.md); none when absent',
      ),
    accept: z.array(acceptance).max(maxGlobs).default([]).describe('Findings that do not stop this release'),
    unsigned: reason
      .refine((given) => given.trim() !== reasonToFillIn, 'still is the text that pvdisc init wrote: say why')
      .optional()
      .describe(
        'Why this release has drivers without any signature: accepts that their catalogs are missing, and that boot drivers are unsigned',
      ),
    policy: z
      .strictObject({
        allow: z
          .partialRecord(z.enum(signatureStates), reason)
          .default({})
          .describe(
            'Signature states that the release may hold although they are refused elsewhere, and why',
          ),
        refuse: z
          .partialRecord(z.enum(signatureStates), reason)
          .default({})
          .describe('Signature states that this release must not hold, and why'),
        plainName: reason
          .optional()
          .describe('Why a release of other drivers may be called plain virtio-win'),
      })
      .prefault({}),
    package: packageField,
  })
  .meta({ id: 'release', title: 'A release: one disc that can be built' });

/** A release as its file gives it, with defaults filled in. */
export type Release = z.output<typeof releaseSchema>;
