import { defineRule } from '../define.ts';

export const catalogListNotDer = defineRule({
  id: 'catalog/list-not-der',
  severity: 'warning',
  scope: 'tree',
  explain: `A set inside the list of files of a catalog is not in the order of its encodings, which DER demands (X.690, 11.6).
Since October 2020, Windows refuses catalogs whose signature is not DER (catalog/not-der); whether it also checks the list is not known. Catalogs of Inf2Cat are in order, those of LINBIT's generate-cat-file are not.
Make the catalog again with "pvdisc catalog" or Inf2Cat, and sign it again.`,
  check: ({ facts }) =>
    [...facts].flatMap(([path, { unsorted = [] }]) =>
      unsorted.includes('content')
        ? [
            {
              path,
              message: 'its list of files has sets that are not in the order of DER',
              hint: 'make the catalog again with pvdisc catalog or Inf2Cat, and sign it again',
            },
          ]
        : [],
    ),
});
