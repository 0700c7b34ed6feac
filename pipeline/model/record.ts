import * as z from 'zod';
import { driverFamilies } from '../formats/windows/driver-family.ts';
import { archNames } from '../formats/windows/targets.ts';
import { repairMethods } from '../manifest/release-schema.ts';
import { digestField, driverFactsSchema, findingSchema, originField, sizeField } from './shared-schema.ts';

const source = z.strictObject({
  id: z.string(),
  type: z.string(),
  pin: z.record(z.string(), z.string()).describe('What pins its bytes: digest, commit'),
  files: z.strictObject({ shipped: z.int(), leftOut: z.int(), ignored: z.int() }),
});

const repair = z.strictObject({
  path: z.string().describe('Path on the disc'),
  method: z.enum(repairMethods),
  from: digestField.describe('sha256 of the file in its source'),
  to: digestField.describe('sha256 of the file on the disc'),
  origin: originField,
});

const signing = z.strictObject({
  certificate: z
    .strictObject({
      name: z.string(),
      sha256: digestField,
      validFrom: z.iso.datetime(),
      validTo: z.iso.datetime(),
      chain: z.array(digestField).describe('sha256 of the certificates of its issuers'),
    })
    .describe('The certificate whose key signed; sha256 of its DER'),
  signatures: z
    .strictObject({ name: z.string(), sha256: digestField, size: sizeField })
    .describe('The file of signatures and timestamps, with which build --signatures needs no key'),
  files: z
    .array(
      z.strictObject({
        path: z.string().describe('Path on the disc'),
        state: z
          .enum(['made', 'signed', 'unchanged', 'kept'])
          .describe(
            'made: a catalog of this build; signed; unchanged: signed by this certificate before; kept: signed by Microsoft',
          ),
        from: digestField.optional().describe('sha256 before; absent for a catalog that took no place'),
        to: digestField.describe('sha256 of the file on the disc'),
        authenticode: digestField
          .optional()
          .describe('Authenticode digest (sha256) of a PE file, the same before and after'),
        digest: digestField.optional().describe('What the key signed, as in the file of signatures'),
        replaced: z.string().optional().describe('Who signed the file before'),
      }),
    )
    .describe('Sorted by path'),
});

const disc = z.strictObject({
  name: z.string(),
  label: z.string(),
  sha256: digestField,
  size: sizeField,
  files: z.array(
    z.strictObject({
      path: z.string(),
      sha256: digestField,
      size: sizeField,
      origin: originField.optional(),
      license: z.string().optional().describe('SPDX id or LicenseRef, where one is known'),
      authenticode: digestField
        .optional()
        .describe('Authenticode digest (sha256) of a PE file: independent of its signatures'),
    }),
  ),
});

const imageDigest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

const parameters = z.strictObject({
  compression: z.string().describe('Of the Debian packages'),
  release: z.strictObject({
    name: z.string().describe('Name of the release file'),
    sha256: digestField,
  }),
});

const inputs = z.strictObject({
  files: z
    .array(z.strictObject({ name: z.string(), sha256: digestField }))
    .describe(
      'Files of the release, of the manifest and of the Debian metadata; names begin with which of the three',
    ),
  own: digestField.describe(
    'sha256 of the lines "sha256  path" of the files of pvdisc itself that go into packages, sorted by path',
  ),
});

const changes = z.strictObject({
  since: z.string().describe('Name and version of the earlier release, or its file name'),
  groups: z.array(
    z.strictObject({
      title: z.string(),
      isLoss: z.boolean(),
      items: z.array(z.strictObject({ text: z.string(), details: z.array(z.string()) })),
    }),
  ),
});

/** Shape of `release.json`, the record of a build; keys are only ever added, `schemaVersion` counts other changes. */
export const recordSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    name: z.string(),
    version: z.string(),
    title: z.string(),
    kind: z
      .enum(['assembled', 'passthrough'])
      .describe(
        "assembled: the disc was mastered from driver files; passthrough: it is upstream's, byte for byte",
      ),
    family: z
      .enum(driverFamilies)
      .optional()
      .describe(
        'Family of its drivers: virtio (KVM, QEMU) or xenpv (Xen); virtio where an older record lacks it',
      ),
    upstream: z
      .strictObject({
        release: z.string(),
        confidence: z.enum(['confirmed', 'single']),
        seen: z.array(z.string()).describe('Who recorded the digest of the disc'),
      })
      .optional()
      .describe('What the ledger knows of the disc of a passthrough'),
    targets: z
      .array(
        z.strictObject({ os: z.string(), arch: z.enum(archNames), windows: z.string(), version: z.string() }),
      )
      .optional()
      .describe('The Windows versions of the drivers, in the order of targets.yaml; absent in older records'),
    profile: z.enum(['slim', 'full']),
    date: z.iso.datetime().describe('The date of everything in the release (SOURCE_DATE_EPOCH), UTC'),
    policy: z.strictObject({
      allow: z.record(z.string(), z.string()),
      refuse: z.record(z.string(), z.string()),
      plainName: z.string().optional(),
    }),
    inputs: inputs.optional().describe('Other inputs of the build than its sources; absent in older records'),
    sources: z.array(source),
    drivers: z.array(driverFactsSchema),
    repairs: z.array(repair).describe('Files whose bytes were restored to what their catalogs hold'),
    signing: signing.optional().describe('Who signed which files, if the release asks for signatures'),
    findings: z.array(findingSchema),
    changes: changes
      .optional()
      .describe('What changed since an earlier release, if the build was given one (build --previous)'),
    tools: z.array(z.strictObject({ name: z.string(), version: z.string() })),
    parameters: parameters.describe('Parameters of the build other than its profile and date'),
    iso: disc,
    symbols: disc.optional().describe('The disc of debug symbols, if the release asks for one'),
    artifacts: z.array(
      z.strictObject({
        format: z.string(),
        name: z.string(),
        sha256: digestField,
        size: sizeField,
        digest: imageDigest
          .optional()
          .describe('Of a container image: the digest of its index, by which registries know it'),
      }),
    ),
  })
  .meta({ id: 'record', title: 'release.json: the record of a build' });

export type ReleaseRecord = z.output<typeof recordSchema>;

/** Returns the disc of drivers, and that of debug symbols if there is one. */
export function recordedDiscs({ iso, symbols }: Pick<ReleaseRecord, 'iso' | 'symbols'>) {
  return [iso, ...(symbols === undefined ? [] : [symbols])];
}
