import { defineRule } from '../define.ts';

export const releaseUndated = defineRule({
  id: 'release/undated',
  severity: 'info',
  scope: 'release',
  explain: `The release has no date: its package has no changelog, and SOURCE_DATE_EPOCH is not set.
Windows ranks drivers by their dates and rejects expired certificates without a timestamp; the rules that need a date did not run (release/future-driver-ver, catalog/certificate-dates).
Set SOURCE_DATE_EPOCH, or write the changelog, which a build needs too.`,
  check: ({ manifest, epoch }) =>
    epoch === undefined
      ? [
          {
            path: manifest.release.name,
            message: 'has no date, so dates of drivers and certificates are not checked',
            hint: 'set SOURCE_DATE_EPOCH, or write the changelog of its package',
          },
        ]
      : [],
});
