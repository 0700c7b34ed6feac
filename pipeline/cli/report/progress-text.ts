import prettyBytes from 'pretty-bytes';
import type { Progress } from '../../core/reporter.ts';
import { plural } from '../../core/text.ts';

/** Returns `viostor.sys, 12 of 40 files, 3.2 MB of 41 MB, 1.1 MB/s, 34 s left`, omitting unknown parts. */
export function progressText(progress: Progress): string {
  const { item, files, totalFiles, bytes, totalBytes, bytesPerSecond, secondsLeft } = progress;
  const parts = [
    item,
    files === undefined
      ? undefined
      : `${totalFiles === undefined ? '' : `${files} of `}${plural(totalFiles ?? files, 'file')}`,
    bytes === undefined
      ? undefined
      : prettyBytes(bytes) + (totalBytes === undefined ? '' : ` of ${prettyBytes(totalBytes)}`),
    bytesPerSecond === undefined ? undefined : `${prettyBytes(Math.round(bytesPerSecond))}/s`,
    secondsLeft === undefined ? undefined : `${duration(secondsLeft)} left`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

/** Formats seconds as `34 s`, `12 min` or `3 h 5 min`. */
function duration(seconds: number): string {
  if (seconds < 99.5) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
