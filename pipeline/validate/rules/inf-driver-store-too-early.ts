import { infEntries } from '../../formats/inf/inf.ts';
import { infNumber } from '../../formats/inf/lines.ts';
import { defineRule } from '../define.ts';
import { driverStore } from '../driver-store.ts';

export const infDriverStoreTooEarly = defineRule({
  id: 'inf/driver-store-too-early',
  severity: 'error',
  scope: 'package',
  explain: `The INF runs files from the driver store (directory number 13) on a Windows before 8.1.
These versions do not know the number ("Using Dirids": Windows 8.1 and later), so the files are not installed where the service looks for them; drivers can rely on it since Windows 10 1709 ("Run From Driver Store").
Copy the files to 12 for this Windows. inf/newer-syntax reports decorations that allow such a Windows.`,
  check: ({ inf, parsed, row }) => {
    const [major = 0, minor = 0] = row?.version.split('.').map(Number) ?? [];
    if (row === undefined || major > 6 || (major === 6 && minor >= 3)) return [];
    return infEntries(parsed, 'DestinationDirs')
      .filter(({ values: [dirid] }) => infNumber(dirid) === driverStore.dirid)
      .map(({ key, line }) => ({
        path: inf,
        line,
        message: `the destination of ${key} is the driver store (13), which ${row.windows} does not know`,
        hint: 'copy the files to 12 for this Windows',
      }));
  },
});
