/** Whether `scripts/guests` asks for the tests of this subject, which boot many guests; else says that they are skipped. */
export function isAsked(subject: string): boolean {
  if ((process.env.PVDISC_GUESTS ?? '').split(' ').includes(subject)) return true;
  console.warn(`SKIPPED: scripts/guests ${subject} boots many guests`);
  return false;
}
