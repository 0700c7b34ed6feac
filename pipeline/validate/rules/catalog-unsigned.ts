import { defineRule } from '../define.ts';

export const catalogUnsigned = defineRule({
  id: 'catalog/unsigned',
  severity: 'warning',
  scope: 'tree',
  explain: `A catalog holds the digests of its files and nobody signed it.
Windows takes the driver package for unsigned; 64-bit Windows does not load its kernel drivers unless each has a signature of its own.
Have the driver package signed by Microsoft, or sign the catalog with a certificate of your own and use test-signing mode.`,
  check: ({ facts }) =>
    [...facts].flatMap(([path, { catalog }]) =>
      catalog?.signature.signers.length === 0
        ? [
            {
              path,
              message: 'is signed by nobody',
              hint: 'sign the catalog, or use a driver build that is signed',
            },
          ]
        : [],
    ),
});
