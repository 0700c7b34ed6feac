/** How fast bytes come, and how long the rest takes at that rate. */
export interface Rate {
  readonly bytesPerSecond: number;
  readonly secondsLeft: number | undefined;
}

/** Starts measuring a transfer; the returned function takes the bytes that are there now and the total (if known), and tells the rate over the last seconds. */
export function startRate(
  now: () => number = () => performance.now(),
): (bytes: number, total: number | undefined) => Rate | undefined {
  let samples: { readonly time: number; readonly bytes: number }[] = [];
  return (bytes, total) => {
    const time = now();
    const last = samples.at(-1);
    if (last === undefined || time - last.time >= sampleEvery) samples.push({ time, bytes });
    samples = samples.filter((sample, index) => index === samples.length - 1 || time - sample.time <= window);
    const [first] = samples;
    if (first === undefined || time - first.time < sampleEvery) return undefined;
    const bytesPerSecond = ((bytes - first.bytes) / (time - first.time)) * 1000;
    const isMoving = total !== undefined && bytesPerSecond > 0;
    return { bytesPerSecond, secondsLeft: isMoving ? (total - bytes) / bytesPerSecond : undefined };
  };
}

/** Milliseconds. */
const sampleEvery = 250;
const window = 10_000;
