import { driverVersions } from '../../formats/inf/version.ts';
import { defineRule } from '../define.ts';

export const releaseFutureDriverVer = defineRule({
  id: 'release/future-driver-ver',
  severity: 'error',
  scope: 'release',
  explain: `The date of a DriverVer is later than the date of the release (SOURCE_DATE_EPOCH, else the newest changelog entry) in every time zone.
Windows ranks drivers by this date first and would keep this driver over a later one; Microsoft's tools do not make a catalog while the date is in the future (Inf2Cat 22.9.7).
Use a build with a correct date. If the date of the release is wrong, add a changelog entry or set SOURCE_DATE_EPOCH; the rule never uses today's date, so that a release can be rebuilt.`,
  check: ({ packages, epoch }) =>
    packages.flatMap(({ inf, parsed, target }) =>
      driverVersions(parsed, target.arch).flatMap(({ date, line }) => {
        if (epoch === undefined || date === undefined) return [];
        if (Date.parse(date) / 1000 - firstZone <= epoch) return [];
        return [
          {
            path: inf,
            line,
            message: `its DriverVer is dated ${date}, after the release of ${new Date(epoch * 1000).toISOString().slice(0, 10)}`,
            hint: 'use a build with a correct date, or correct the date of the release',
          },
        ];
      }),
    ),
});

/** A build writes its local date; in UTC+14, the earliest time zone, a day begins 14 hours before UTC. */
const firstZone = 14 * 3600;
