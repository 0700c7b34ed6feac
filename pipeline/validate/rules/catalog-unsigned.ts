import { defineRule } from '../define.ts';

export const catalogUnsigned = defineRule({
  id: 'catalog/unsigned',
  severity: 'warning',
  scope: 'tree',
  explain: `A catalog contains the digests of its files but has no signature.
Windows treats the driver package as unsigned; 64-bit Windows does not load its kernel drivers unless each has an embedded signature.
Have the driver package signed by Microsoft, or sign the catalog with a certificate of your own and use test-signing mode.`,
  check: ({ facts }) =>
    [...facts].flatMap(([path, { catalog }]) =>
      catalog?.signature.signers.length === 0
        ? [
            {
              path,
              message: 'has no signature',
              hint: 'sign the catalog, or use a signed driver build',
            },
          ]
        : [],
    ),
});
