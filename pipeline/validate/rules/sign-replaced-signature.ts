import { defineRule } from '../define.ts';

export const signReplacedSignature = defineRule({
  id: 'sign/replaced-signature',
  severity: 'warning',
  scope: 'tree',
  explain: `The release signs a file that already had a signature, since it has "sign: replace: true".
Windows then trusts the file as far as it trusts the certificate of the release: a driver that loaded everywhere with its maker's signature may need test-signing mode.
Remove "replace: true" if the maker's signature is to stay.`,
  check: ({ tree }) =>
    (tree.signing?.files ?? []).flatMap(({ path, replaced }) =>
      replaced === undefined
        ? []
        : [
            {
              path,
              message: `its signature of "${replaced}" is replaced by the release's own`,
              hint: 'take "replace: true" out of the release if the maker\'s signature is to stay',
            },
          ],
    ),
});
