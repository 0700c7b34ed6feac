import { defineRule } from '../define.ts';

export const releaseUndated = defineRule({
  id: 'release/undated',
  severity: 'info',
  scope: 'release',
  explain: `The release has no date: its package has no changelog, and SOURCE_DATE_EPOCH is not set.
Windows ranks drivers by their dates and refuses expired certificates without a timestamp; what depends on a date was not checked (release/future-driver-ver, catalog/certificate-dates).
Set SOURCE_DATE_EPOCH, or write the changelog, which a build needs too.`,
  check: ({ manifest, epoch }) =>
    epoch === undefined
      ? [
          {
            path: manifest.release.name,
            message: 'has no date, so that dates of drivers and certificates are not checked',
            hint: 'set SOURCE_DATE_EPOCH, or write the changelog of its package',
          },
        ]
      : [],
});
