/** Returns the date of a DriverVer as `YYYY-MM-DD`, where it is written as INFs write it (`MM/DD/YYYY`). */
export function isoDate(date: string): string | undefined {
  const match = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$/.exec(date);
  if (match === null) return undefined;
  const [, month = '', day = '', year = ''] = match;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}
