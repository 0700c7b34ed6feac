import * as z from 'zod';
import { targetName } from './driver-schema.ts';

/** Which binaries get a signature of their own: drivers that start at boot need one, since catalogs cannot be read then. */
export const embedChoices = ['drivers', 'all', 'none'] as const;
export type EmbedChoice = (typeof embedChoices)[number];

const address = z.string().regex(/^https?:\/\/[\x21-\x7e]+$/i, 'must be an http or https address');

/** `sign` of a release: who signs its drivers, and how. The key is named when the release is built, never here. */
export const signField = z.strictObject({
  certificates: z
    .string()
    .min(1)
    .describe(
      'File of certificates in PEM: that of the key first, then its issuers up to the root; never a private key',
    ),
  catalogs: z
    .enum(['missing', 'all'])
    .default('missing')
    .describe('Which catalogs are made: those that are not there, or all but those that Microsoft signed'),
  targets: z
    .array(targetName)
    .min(1)
    .optional()
    .describe(
      'Windows versions of the catalogs; those for which the disc has each driver package when absent',
    ),
  embed: z
    .enum(embedChoices)
    .default('drivers')
    .describe('Which files besides catalogs are signed: drivers (.sys), all (.sys, .dll, .exe) or none'),
  replace: z
    .boolean()
    .default(false)
    .describe('Whether signatures of others are replaced; those of Microsoft never are'),
  name: z
    .string()
    .regex(/^[^\p{C}]{1,100}$/u, 'must be 1 to 100 characters in one line')
    .optional()
    .describe('Name that Windows shows'),
  url: address.optional().describe('Address that Windows shows'),
  enrol: z
    .boolean()
    .default(false)
    .describe('Whether cert/ on the disc has the certificates, and scripts with which a guest trusts them'),
  timestamps: z
    .array(address)
    .default([])
    .describe('Timestamp authorities (RFC 3161) in the order in which they are asked'),
});
