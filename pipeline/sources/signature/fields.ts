import * as z from 'zod';
import { pathField, urlField } from '../fields.ts';

const key = pathField.describe(
  "The OpenPGP public key that must have signed, from the release file's folder",
);

/** The detached signature of a source on disk. */
export const localSignatureField = z
  .strictObject({
    path: pathField
      .optional()
      .describe(
        "The signature, from the release file's folder; the file with .asc or .sig added when absent",
      ),
    key,
  })
  .describe('The file has a detached OpenPGP signature, which must be good');

/** The detached signature of a source from the web. */
export const webSignatureField = z
  .strictObject({
    url: urlField(['https', 'http', 'file'])
      .optional()
      .describe('Address of the signature; the address of the file with .asc added when absent'),
    key,
  })
  .describe('The file has a detached OpenPGP signature, which must be good');

export type LocalSignature = z.output<typeof localSignatureField>;
export type WebSignature = z.output<typeof webSignatureField>;
