/** Returns how many milliseconds of processor time a piece of work takes in this process: a busy machine does not make it more. */
export function cpuTimeOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
