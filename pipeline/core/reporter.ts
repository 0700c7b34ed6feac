/** How far a stage is; `total` is absent while it is not known. */
export interface Progress {
  readonly files?: number;
  readonly totalFiles?: number;
  readonly bytes?: number;
  readonly totalBytes?: number;
  /** Of a download, over the last seconds. */
  readonly bytesPerSecond?: number;
  readonly secondsLeft?: number;
  /** What is at hand, such as a source's id or a file's name. */
  readonly item?: string;
}

/** Where stages tell of themselves; one implementation per kind of audience (terminal, CI log, none). */
export interface Reporter {
  /** Runs one stage between its start and end messages; `summary` describes the result. */
  stage<T>(name: string, work: () => Promise<T>, summary: (result: T) => string): Promise<T>;
  progress(progress: Progress): void;
  /** A line that a person should see whatever the stage, such as waiting for a lock. */
  note(text: string): void;
}

/** A silent reporter, for `--quiet` and `--json`. */
export const silentReporter: Reporter = {
  stage: (_name, work) => work(),
  progress: () => {},
  note: () => {},
};
