import type { FetchSettings } from '../../core/context.ts';
import { FetchFailure } from './failure.ts';

/** Ends an attempt that stands still. */
export interface Watchdog {
  readonly signal: AbortSignal;
  readonly saw: (bytes: number) => void;
  readonly stop: () => void;
}

/** Watches an attempt: `saw` tells it of every byte that came; `signal` fires with a `FetchFailure` when too few come, or at the deadline (milliseconds, as `performance.now`). */
export function startWatchdog(settings: FetchSettings, deadline: number): Watchdog {
  const controller = new AbortController();
  let stretch = 0;
  const idle = setInterval(() => {
    if (stretch >= settings.leastBytes) stretch = 0;
    else controller.abort(standstill(stretch, settings));
  }, settings.idleTimeout);
  const end = setTimeout(
    () => {
      const words = `it took longer than ${seconds(settings.totalTimeout)}`;
      controller.abort(new FetchFailure('network', words));
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
  const words =
    bytes === 0
      ? `nothing came for ${seconds(idleTimeout)}`
      : `only ${bytes} bytes came in ${seconds(idleTimeout)}, expected at least ${leastBytes}`;
  return new FetchFailure('network', words, { retry: true });
}

/** Words a length of time, such as `60 s`. */
export function seconds(milliseconds: number): string {
  return `${Number((milliseconds / 1000).toFixed(1))} s`;
}
