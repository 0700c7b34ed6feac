/** Returns the milliseconds that a Retry-After header asks for (RFC 9110 section 10.2.3: seconds or a date); undefined without one that can be read. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  return /^[A-Z][a-z]+,? .*\d\d:\d\d:\d\d/.test(value) ? untilDate(value, now) : undefined;
}

/** JavaScript reads nearly anything as a date; a date of HTTP begins with the name of a day and holds a time. */
function untilDate(value: string, now: number): number | undefined {
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
