import * as z from 'zod';
import { driverFactsSchema } from '../model/shared-schema.ts';

const { driver, target, inf, name, driverVer, class: setupClass, signature, loads } = driverFactsSchema.shape;

const found = z.strictObject({
  driver,
  target,
  inf,
  name,
  driverVer,
  class: setupClass,
  signature,
  loads,
  id: z.string().describe('The ID in the INF that fits the device'),
  fit: z
    .enum(['full', 'partial'])
    .describe('full: the device has this ID; partial: only if it also has what the given ID leaves out'),
});

const input = z.strictObject({
  input: z.string().describe('As given'),
  drivers: z.array(found).describe('Drivers for the device, sorted by the path of the INF'),
  near: z
    .array(z.string())
    .describe('IDs in INFs for the same device with another subsystem or revision, where no driver fits'),
});

const device = z.strictObject({
  id: z.string().describe('The most specific of the IDs that were given for the device, in upper case'),
  device: z.string().optional().describe('What it is, if it is a known device of virtio, QEMU or Xen'),
  virtioWinDrivers: z
    .array(z.string())
    .optional()
    .describe("Names of virtio-win's drivers for the known device; empty where none is known"),
  xenPvDrivers: z
    .array(z.string())
    .optional()
    .describe('Names of the Xen PV drivers for a known device of Xen; absent for other devices'),
  inbox: z.string().optional().describe('Which Windows has a driver of its own'),
  served: z.boolean().optional().describe('Whether a driver fits; absent without inputs'),
  inputs: z.array(input),
});

/** JSON output of `pvdisc which --format json`. */
export const whichSchema = z
  .strictObject({ schemaVersion: z.literal(1), devices: z.array(device) })
  .meta({ id: 'which', title: 'Output of pvdisc which with --format json' });

export type DeviceAnswer = z.output<typeof device>;
export type InputAnswer = z.output<typeof input>;
