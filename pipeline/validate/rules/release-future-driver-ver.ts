import { driverVersion } from '../../formats/inf/version.ts';
import { defineRule } from '../define.ts';

export const releaseFutureDriverVer = defineRule({
  id: 'release/future-driver-ver',
  severity: 'error',
  scope: 'release',
  explain: `The date of a DriverVer is later than the release (SOURCE_DATE_EPOCH, else the newest entry of the package's changelog), in every time zone.
Windows ranks drivers by that date first, so that it keeps this driver when a later one comes; Microsoft's tools make no catalog while the date lies in the future (Inf2Cat 22.9.7).
Take a build with the date of its day. If the driver is right and the release's date is not, add an entry to the changelog, or set SOURCE_DATE_EPOCH to it: today's date is never asked for, so that a release can be built anew.`,
  check: ({ packages, epoch }) =>
    packages.flatMap(({ inf, parsed }) => {
      const { date, line } = driverVersion(parsed) ?? {};
      if (epoch === undefined || date === undefined || line === undefined) return [];
      if (Date.parse(date) / 1000 - firstZone <= epoch) return [];
      return [
        {
          path: inf,
          line,
          message: `its DriverVer is of ${date}, and the release of ${new Date(epoch * 1000).toISOString().slice(0, 10)}`,
          hint: 'take a build with the date of its day, or see that the date of the release is right',
        },
      ];
    }),
});

/** A build writes its local date: in the first time zone of the world, UTC+14, a day begins 14 hours earlier. */
const firstZone = 14 * 3600;
