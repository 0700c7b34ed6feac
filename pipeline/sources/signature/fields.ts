import { z } from 'zod';
import { pathField, urlField } from '../fields.ts';

const key = pathField.describe(
  "The OpenPGP public key that must have signed, from the release file's folder",
);

/** What a source on disk gives to have its detached signature checked. */
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

/** What a source from the web gives to have its detached signature checked. */
export const webSignatureField = z
  .strictObject({
    url: urlField(['https', 'http', 'file'])
      .optional()
      .describe('Where the signature is; the address of the file with .asc added when absent'),
    key,
  })
  .describe('The file has a detached OpenPGP signature, which must be good');

export type LocalSignature = z.output<typeof localSignatureField>;
export type WebSignature = z.output<typeof webSignatureField>;
