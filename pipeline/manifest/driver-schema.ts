import validRange from 'semver/ranges/valid.js';
import * as z from 'zod';
import { driverFamilies } from '../formats/windows/driver-family.ts';
import { archNames } from '../formats/windows/targets.ts';
import { readmeLine, reasonText } from './fields.ts';

const fileName = z.string().regex(/^[^/\\]+$/, 'must be a file name, without a folder');

/** `w11/amd64`: an OS folder of the disc and an architecture. */
export const targetName = z
  .string()
  .regex(
    new RegExp(`^[0-9A-Za-z.]+/(?:${archNames.join('|')})$`),
    `must be <os>/<arch>, with arch one of ${archNames.join(', ')}`,
  );

const windowsRange = z
  .string()
  .refine((range) => validRange(range) !== null, 'must be a version range such as ">=6.2 <10.0.22000"');

const extra = z.strictObject({
  file: fileName.describe('Name of the file, in the same build folder as the INF'),
  windows: windowsRange
    .optional()
    .describe('Windows versions (NT major.minor.build) for which the file is expected; all when absent'),
  what: z.string().min(1).describe('What the file is for'),
});

/** Shape of `drivers-manifest/drivers/<Driver>.yaml`. */
export const driverSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[0-9A-Za-z][0-9A-Za-z._-]*$/, 'must be a plain folder name')
      .describe('Folder on the disc; an interface, never renamed'),
    title: readmeLine.describe('What the driver is for, in a few words'),
    inf: z
      .array(fileName)
      .min(1)
      .describe(
        'INF files of the driver, in one build folder; those that a folder lacks are not expected there',
      ),
    boot: z
      .boolean()
      .default(false)
      .describe('Windows cannot boot without it: also placed in i386/, amd64/ and ARM64/'),
    setup: z
      .boolean()
      .default(false)
      .describe(
        'Windows Setup can use it, such as a network driver: with `setupDrivers` of a release also in $WinPEDriver$/, as boot drivers are',
      ),
    family: z
      .enum(driverFamilies)
      .default('virtio')
      .describe(
        'virtio: for guests of KVM and QEMU; xenpv: for guests of Xen. A release has drivers of one family',
      ),
    license: z
      .string()
      .min(1)
      .describe('SPDX id or LicenseRef; its text is drivers-manifest/licenses/<id>.txt'),
    windows: windowsRange
      .optional()
      .describe('Windows versions (NT major.minor.build) that the driver is built for; all when absent'),
    arch: z
      .array(z.enum(archNames))
      .min(1)
      .optional()
      .describe('Architectures that the driver is built for; all when absent'),
    extras: z.array(extra).default([]).describe('Files that belong to the driver and that no INF names'),
    folders: z
      .record(z.string(), z.array(targetName).min(1))
      .optional()
      .describe('Build folders of this driver and their targets, instead of the folders of targets.yaml'),
    without: z
      .array(z.strictObject({ target: targetName, reason: reasonText }))
      .default([])
      .describe('Targets of targets.yaml that the driver is not shipped for'),
  })
  .meta({ id: 'driver', title: 'A driver of the disc' });

export type Driver = z.output<typeof driverSchema>;
