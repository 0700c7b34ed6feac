import type { FetchSettings } from '../../core/context.ts';
import { FetchFailure } from './failure.ts';

/** Aborts a stalled attempt. */
export interface Watchdog {
  readonly signal: AbortSignal;
  readonly saw: (bytes: number) => void;
  readonly stop: () => void;
}

/** Watches an attempt: call `saw` for every chunk; `signal` aborts with a `FetchFailure` when too few bytes arrive, or at the deadline (milliseconds, as `performance.now`). */
export function startWatchdog(settings: FetchSettings, deadline: number): Watchdog {
  const controller = new AbortController();
  let stretch = 0;
  const idle = setInterval(() => {
    if (stretch >= settings.leastBytes) stretch = 0;
    else controller.abort(standstill(stretch, settings));
  }, settings.idleTimeout);
  const end = setTimeout(
    () => {
      const message = `it took longer than ${seconds(settings.totalTimeout)}`;
      controller.abort(new FetchFailure('network', message));
    },
    Math.max(0, deadline - performance.now()),
  );
  return {
    signal: controller.signal,
    saw: (bytes) => {
      stretch += bytes;
    },
    stop: () => {
      clearInterval(idle);
      clearTimeout(end);
    },
  };
}

function standstill(bytes: number, { idleTimeout, leastBytes }: FetchSettings): FetchFailure {
  const message =
    bytes === 0
      ? `no data for ${seconds(idleTimeout)}`
      : `only ${bytes} bytes in ${seconds(idleTimeout)}, expected at least ${leastBytes}`;
  return new FetchFailure('network', message, { retry: true });
}

/** Formats a duration, such as `60 s`. */
export function seconds(milliseconds: number): string {
  return `${Number((milliseconds / 1000).toFixed(1))} s`;
}
